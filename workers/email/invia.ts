/** `email.invia`: courtesy mail to a person or to an office. Without legal effect, so it never holds a practice up. */
import { z } from 'zod'
import { Refused, Undecidable, UnknownOutcome } from '../../connectors/effect.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import { mailEffects } from '../../connectors/mail/types.ts'
import type { Town } from '../../processes/town.ts'
import { effectKey, practiceSchema, type Worker } from '../worker.ts'
import type { MailTexts } from './texts.ts'

const input = z.object({
  pratica: practiceSchema
    .extend({ tipo: z.string().nullish().meta({ title: 'Tipo', description: 'Il procedimento della pratica.' }) })
    .meta({ title: 'Pratica', description: 'La pratica di cui si scrive.' }),
  messaggio: z.string().meta({
    title: 'Testo',
    description: 'Nome del testo in messaggi.json.',
    examples: ['residenza.ricevuta'],
  }),
  destinatario: z
    .object({
      email: z
        .string()
        .nullish()
        .meta({
          title: 'Indirizzo',
          description: 'Indirizzo e-mail di una persona.',
          examples: ['mario.rossi@posta.example'],
        }),
      gruppo: z
        .string()
        .nullish()
        .meta({
          title: 'Gruppo',
          description: 'Gruppo di un ufficio; vale al posto dell’indirizzo.',
          examples: ['anagrafe.ufficiale'],
        }),
    })
    .meta({
      title: 'Destinatario',
      description: 'Una persona o un ufficio.',
      feel: '{email: richiedente.email}',
    }),
  dati: z.record(z.string(), z.unknown()).meta({
    title: 'Dati',
    description: 'Ciò che il testo nomina.',
    examples: [{ richiedente: { nome: 'Mario', cognome: 'Rossi' } }],
    feel: '{pratica: pratica, richiedente: richiedente}',
  }),
})
const sendingSchema = z.object({
  /** IGNOTO: perhaps sent; a courtesy message is not sent twice. */
  esito: z.enum(['INVIATA', 'IGNOTO', 'RIFIUTATA', 'SENZA_RECAPITO']).meta({
    title: 'Esito',
    description: 'Che cosa ne è stato; un messaggio di cortesia di esito ignoto non si ripete.',
  }),
  messageId: z.string().nullable().meta({ title: 'Message-ID', description: 'Identificativo del messaggio inviato.' }),
  istante: z.iso.datetime().meta({ title: 'Istante', description: 'Quando.' }),
})
const output = z.object({
  invio: sendingSchema.meta({ title: 'Invio', description: 'Che cosa è stato del messaggio.' }),
})

export interface MailWorkerOptions extends Pick<Connectors, 'mail' | 'ledger'> {
  readonly town: Town
  readonly texts: MailTexts
  readonly now: () => number
}

export const sendMail = ({
  mail,
  ledger,
  town,
  texts,
  now,
}: MailWorkerOptions): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'email.invia',
  title: 'Invia una e-mail',
  purpose: 'Manda un messaggio di cortesia, senza valore legale.',
  effect: mailEffects.send,
  input,
  output,
  errors: {},
  async handle({ pratica, messaggio, destinatario, dati }, job) {
    const sending = (esito: z.infer<typeof sendingSchema>['esito'], messageId: string | null = null) => ({
      invio: { esito, messageId, istante: new Date(now()).toISOString() },
    })
    const to = addressOf(destinatario, town)
    if (to === null) return sending('SENZA_RECAPITO')
    const { subject, text } = texts(messaggio, { ...dati, ...senderOf(town, pratica.tipo ?? job.bpmnProcessId) })
    const key = effectKey(pratica, job)
    try {
      const { messageId } = await perform(ledger, {
        key,
        operation: 'email.invia',
        outcome: z.object({ messageId: z.string() }),
        class: mailEffects.send,
        call: () => mail.send({ to, subject, text, reference: key.replaceAll('/', '.') }),
      })
      return sending('INVIATA', messageId)
    } catch (error) {
      if (error instanceof UnknownOutcome || error instanceof Undecidable) return sending('IGNOTO')
      if (error instanceof Refused) return sending('RIFIUTATA')
      throw error
    }
  },
})

function addressOf({ email, gruppo }: z.infer<typeof input>['destinatario'], { uffici }: Town): string | null {
  if (!gruppo) return email || null
  const office = uffici.find((candidate) => candidate.gruppo === gruppo)
  if (office) return office.email
  throw new Error(`Expected an office for the group ${gruppo}, but the town has none. Add it to the town's offices.`)
}

/** Who speaks: the town and the person responsible for the proceeding. */
function senderOf({ nome, sito, persone, procedimenti }: Town, processId: string) {
  const procedure = procedimenti.find(({ id }) => id === processId)
  const person = persone.find(({ id }) => id === procedure?.responsabile)
  return { comune: { nome, sito }, procedimento: procedure, responsabile: person }
}
