/** `sms.invia`: a courtesy text message of one segment. It tells that there is something to read, and where. */
import { z } from 'zod'
import type { Connectors } from '../../connectors/index.ts'
import { e164Of, oneSegment } from '../../connectors/sms/text.ts'
import { smsEffects } from '../../connectors/sms/types.ts'
import type { Town } from '../../processes/town.ts'
import { filledText, SENDING_OUTCOME, sendingFields, sendOnce, textInput } from '../email/courtesy.ts'
import type { MailTexts } from '../email/texts.ts'
import type { Worker } from '../worker.ts'

const input = z.object({
  ...textInput,
  destinatario: z
    .object({
      cell: z
        .string()
        .nullish()
        .meta({
          title: 'Cellulare',
          description: 'Numero con il prefisso internazionale; uno italiano può farne a meno.',
          examples: ['+393331234567'],
        }),
    })
    .meta({ title: 'Destinatario', description: 'Una persona.', feel: '{cell: richiedente.cell}' }),
})
const sendingSchema = z.object({
  esito: z.enum(['INVIATA', 'IGNOTO', 'RIFIUTATA', 'NON_DISPONIBILE', 'SENZA_RECAPITO']).meta(SENDING_OUTCOME),
  ...sendingFields,
})
const output = z.object({
  invio: sendingSchema.meta({ title: 'Invio', description: 'Che cosa è stato del messaggio.' }),
})

export interface SmsWorkerOptions extends Pick<Connectors, 'sms' | 'ledger'> {
  readonly town: Town
  readonly texts: MailTexts
  readonly now: () => number
}

export const sendSms = ({
  sms,
  ledger,
  town,
  texts,
  now,
}: SmsWorkerOptions): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'sms.invia',
  title: 'Invia un SMS',
  purpose: 'Manda un messaggio di cortesia di al più 160 caratteri, senza valore legale.',
  effect: smsEffects.send,
  input,
  output,
  errors: {},
  async handle(asked, job) {
    const { pratica, destinatario } = asked
    const to = e164Of(destinatario.cell ?? '')
    const sent = { messageId: null, istante: new Date(now()).toISOString() }
    if (to === null) return { invio: { esito: 'SENZA_RECAPITO', ...sent } }
    const { sms: text } = filledText(texts, town, asked, job)
    const send = () => sms.send({ to, text: oneSegment(text) })
    const outcome = await sendOnce({ ledger, operation: 'sms.invia', pratica, job, send })
    return { invio: { ...sent, ...outcome } }
  },
})
