/** `email.invia`: courtesy mail to a person or to an office. Without legal effect, so it never holds a practice up. */
import { z } from 'zod'
import type { Connectors } from '../../connectors/index.ts'
import { mailEffects } from '../../connectors/mail/types.ts'
import type { Town } from '../../processes/town.ts'
import type { Worker } from '../worker.ts'
import { filledText, SENDING_OUTCOME, sendingFields, sendOnce, textInput } from './courtesy.ts'
import type { MailTexts } from './texts.ts'

const input = z.object({
  ...textInput,
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
})
const sendingSchema = z.object({
  /** IGNOTO: perhaps sent; a courtesy message is not sent twice. */
  esito: z.enum(['INVIATA', 'IGNOTO', 'RIFIUTATA', 'NON_DISPONIBILE', 'SENZA_RECAPITO']).meta(SENDING_OUTCOME),
  ...sendingFields,
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
  async handle(asked, job) {
    const { pratica, destinatario } = asked
    const to = addressOf(destinatario, town)
    const sent = { messageId: null, istante: new Date(now()).toISOString() }
    if (to === null) return { invio: { esito: 'SENZA_RECAPITO', ...sent } }
    const { subject, text } = filledText(texts, town, asked, job)
    const send = (reference: string) => mail.send({ to, subject, text, reference })
    const outcome = await sendOnce({ ledger, operation: 'email.invia', pratica, job, send })
    return { invio: { ...sent, ...outcome } }
  },
})

function addressOf({ email, gruppo }: z.infer<typeof input>['destinatario'], { uffici }: Town): string | null {
  if (!gruppo) return email || null
  const office = uffici.find((candidate) => candidate.gruppo === gruppo)
  if (office) return office.email
  throw new Error(`Expected an office for the group ${gruppo}, but the town has none. Add it to the town's offices.`)
}
