/** `sms.invia`: a courtesy text message of one segment. It tells that there is something to read, and where. */
import { z } from 'zod'
import type { Connectors } from '../../connectors/index.ts'
import { e164Of, oneSegment } from '../../connectors/sms/text.ts'
import { smsEffects } from '../../connectors/sms/types.ts'
import { type CourtesyOptions, sendCourtesy, sendingOutput, textInput } from '../email/courtesy.ts'
import type { MailText } from '../email/texts.ts'
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
const output = sendingOutput()

export const sendSms = ({
  sms,
  ...options
}: CourtesyOptions & Pick<Connectors, 'sms'>): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'sms.invia',
  title: 'Invia un SMS',
  purpose: 'Manda un messaggio di cortesia di al più 160 caratteri, senza valore legale.',
  effect: smsEffects.send,
  input,
  output,
  errors: {},
  async handle(asked, job) {
    const to = e164Of(asked.destinatario.cell ?? '')
    const send = to === null ? null : ({ sms: text }: MailText) => sms.send({ to, text: oneSegment(text) })
    return { invio: await sendCourtesy(options, asked, job, send) }
  },
})
