/**
 * `pec.invia`: certified mail to one person, with legal effect. Done when the provider has it; what becomes of it, its receipts tell
 * (ricevute.ts). Sent once: after an unknown outcome the mailbox is searched for a receipt before anything is sent again.
 */
import { z } from 'zod'
import { Refused } from '../../connectors/effect.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import { messageIdOf } from '../../connectors/pec/message-id.ts'
import { type PecAttachment, pecEffects, RECIPIENT_REFUSED } from '../../connectors/pec/types.ts'
import { BpmnError, effectKey, practiceSchema, type Worker } from '../worker.ts'

const REFUSED = 'PEC_RIFIUTATA'
/** Encoded they stay below the 30 MB that every provider takes. */
const ATTACHMENTS_BYTES_MAX = 20 * 1024 * 1024

const input = z.object({
  pratica: practiceSchema,
  destinatario: z
    .object({
      domicilioDigitale: z.string().meta({
        title: 'Domicilio digitale',
        description: 'L’indirizzo PEC a cui si scrive.',
        examples: ['mario.rossi@pec.example'],
      }),
    })
    .meta({ title: 'Destinatario', description: 'Chi riceve.', feel: 'destinatario' }),
  oggetto: z
    .string()
    .min(1)
    .max(500)
    .meta({ title: 'Oggetto', description: 'L’oggetto del messaggio.', examples: ['Notifica di un provvedimento'] }),
  testo: z
    .string()
    .max(100_000)
    .meta({ title: 'Testo', description: 'Il testo del messaggio.', examples: ['Si notifica l’atto allegato.'] }),
  documenti: z
    .array(z.string())
    .max(50)
    .default([])
    .meta({ title: 'Documenti', description: 'Identificativi dei documenti da allegare.', examples: [['doc-1']] }),
})
const sentSchema = z.object({
  messageId: z.string().meta({
    title: 'Message-ID',
    description: 'Identificativo del messaggio: la chiave di pec.consegnata e pec.fallita.',
  }),
  destinatario: z.string().meta({ title: 'Destinatario', description: 'L’indirizzo a cui si è scritto.' }),
  istante: z.iso.datetime().meta({ title: 'Istante', description: 'Quando il gestore ha preso il messaggio.' }),
})
const output = z.object({ pec: sentSchema.meta({ title: 'PEC', description: 'Il messaggio consegnato al gestore.' }) })

export interface CertifiedMailOptions extends Pick<Connectors, 'pec' | 'ledger' | 'documents'> {
  /** Business time, epoch milliseconds. */
  readonly now: () => number
}

export const sendCertifiedMail = (
  { pec, ledger, documents, now }: CertifiedMailOptions,
  settleMs?: number,
): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'pec.invia',
  title: 'Invia una PEC',
  purpose: 'Manda un messaggio di posta elettronica certificata, con valore legale.',
  effect: pecEffects.send,
  input,
  output,
  errors: { [REFUSED]: 'Il gestore non prende l’indirizzo del destinatario' },
  async handle({ pratica, destinatario, oggetto, testo, documenti }, job) {
    const to = destinatario.domicilioDigitale.trim()
    if (!z.email().safeParse(to).success) throw new BpmnError(REFUSED, 'Il domicilio digitale non è un indirizzo PEC.')
    const key = effectKey(pratica, job)
    const messageId = messageIdOf(key, pec.address)
    const sent = () => ({ messageId, destinatario: to, istante: new Date(now()).toISOString() })
    try {
      const done = await perform(ledger, {
        ...{ key, operation: 'pec.invia', outcome: sentSchema, class: pecEffects.send },
        settleMs: settleMs ?? pec.settleMs,
        async call() {
          const attachments = await attachmentsOf(documents, documenti)
          await pec.send({ messageId, to, subject: oggetto, text: testo, attachments })
          return sent()
        },
        find: async () => ((await pec.find(messageId)) === null ? null : sent()),
      })
      return { pec: done }
    } catch (error) {
      if (error instanceof Refused && error.code === RECIPIENT_REFUSED)
        throw new BpmnError(REFUSED, 'Il gestore PEC non prende l’indirizzo del destinatario.')
      throw error
    }
  },
})

/** Nothing has left yet: what is missing stops the practice before a word is sent. */
async function attachmentsOf(
  documents: Connectors['documents'],
  ids: readonly string[],
): Promise<readonly PecAttachment[]> {
  const attachments: PecAttachment[] = []
  let bytes = 0
  for (const id of ids) {
    const described = await documents.describe(id)
    if (described === null)
      throw new Refused('DOCUMENTO', `Expected to attach document ${id}, but it is not in the store. Correct the ids.`)
    bytes += described.byte
    if (bytes > ATTACHMENTS_BYTES_MAX)
      throw new Refused(
        'DIMENSIONE',
        `Expected attachments of at most ${ATTACHMENTS_BYTES_MAX} bytes, but they are longer. Send them otherwise.`,
      )
    const content = await documents.read(id)
    attachments.push({ name: described.nome, type: described.tipo, content: content ?? new Uint8Array() })
  }
  return attachments
}
