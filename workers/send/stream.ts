/** The stream by which SEND tells what becomes of our notifications: there before the first is asked for, since it tells only what follows. */
import type { Connectors } from '../../connectors/index.ts'
import type { KnownStream } from '../../connectors/send/inbox.ts'

/** At SEND; another installation of the same body takes another account or group. */
export const STREAM_TITLE = 'Iter'

export async function streamOf({
  noticeInbox,
  noticeStreams,
}: Pick<Connectors, 'noticeInbox' | 'noticeStreams'>): Promise<KnownStream> {
  const known = await noticeInbox.stream(STREAM_TITLE)
  return known ?? noticeInbox.begin(STREAM_TITLE, await noticeStreams.open(STREAM_TITLE))
}
