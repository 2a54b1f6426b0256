/**
 * A document given back to whoever may see it. Owns: who that is, and that it is recorded. Does not own: content (connectors/documents).
 * Invariants
 * N1 A document of a practice is for clerks who may read the practice, and for the person it is about as far as the practice names it
 *    to them, in its valid version: what they sent, what was made for them. One of no practice is for whoever sent it. Others learn nothing, not even
 *    that it exists.
 * N2 It leaves as a file to keep: never as a page of ours, whatever it holds.
 */
import type { StoredDocument } from '../../connectors/documents/store.ts'
import { documentsOf } from './citizen/practice-documents.ts'
import { storyOf } from './citizen/practice-story.ts'
import { readablePractice, seesPeople } from './desk/may.ts'
import { DOCUMENTS } from './form/attachment.ts'
import { type Answer, type PersonVisit, type Route, refusedPage, type TownHall } from './page.ts'
import { isUuid } from './uuid.ts'

async function download(hall: TownHall, visit: PersonVisit, id: string): Promise<Answer> {
  const document = await hall.documents.describe(id)
  const isAllowed = document !== null && (await maySee(hall, visit, document))
  const content = isAllowed ? await hall.documents.read(id) : null
  if (!isAllowed || content === null) return refusedPage(visit, 404)
  const { pratica: practice, nome: name, tipo: mediaType } = document
  if (practice !== null && isUuid(practice))
    await hall.practices.recordAccess({ at: new Date(), person: visit.person.id, action: 'download', practice })
  return { kind: 'file', name, mediaType, content }
}

async function maySee(
  hall: TownHall,
  { person, query }: PersonVisit,
  { id, pratica }: StoredDocument,
): Promise<boolean> {
  // What was sent to an instance that no practice has belongs to the instance.
  const practice = pratica === null || !isUuid(pratica) ? null : await hall.practices.byId(pratica)
  if (practice === null) return hall.attachments.of(person.id).open(query.get('prova') ?? '')?.id === id
  const isOwn = practice.filedBy === person.id || (person.cf !== null && practice.owner === person.cf)
  if (isOwn && (await documentsOf(hall, await storyOf(hall, practice))).some((one) => one.id === id)) return true
  if (!seesPeople(person)) return false
  const readable = await readablePractice(hall, person, practice)
  return readable !== null && readable !== 'missing'
}

export const documentRoutes: readonly Route[] = [
  { method: 'get', path: `${DOCUMENTS}/:key`, access: 'person', answer: download },
]
