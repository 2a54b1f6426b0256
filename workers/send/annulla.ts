/**
 * `send.annulla`: whoever answers or gives up before a notice has reached them need not be notified any more. Owns that it is remembered;
 * the platform is told by who reads its stream (stati.ts), as soon as it has accepted what is to be cancelled: nobody waits for that.
 */
import { z } from 'zod'
import type { Connectors } from '../../connectors/index.ts'
import { notificationEffects } from '../../connectors/send/types.ts'
import { practiceSchema, type Worker } from '../worker.ts'

const input = z.object({ pratica: practiceSchema })
const output = z.object({
  annullamento: z
    .object({
      notifiche: z.int().meta({
        title: 'Notifiche',
        description: 'Quante notifiche della pratica erano in corso; zero anche quando il comune non usa SEND.',
      }),
    })
    .meta({ title: 'Annullamento', description: 'Che cosa si annulla.' }),
})

export const cancelThroughSend = ({
  noticeInbox,
}: Pick<Connectors, 'noticeInbox'>): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'send.annulla',
  title: 'Annulla le notifiche in corso',
  purpose:
    'Annulla le notifiche di SEND della pratica che non hanno ancora avuto effetto, come quando il richiedente risponde prima o rinuncia. Non attende: SEND lo fa quando può, e chi ha già letto è notificato.',
  effect: notificationEffects.cancel,
  input,
  output,
  errors: {},
  handle: async ({ pratica }) => ({ annullamento: { notifiche: await noticeInbox.unwant(pratica.id) } }),
})
