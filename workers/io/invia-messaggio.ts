/** `io.invia-messaggio`: a courtesy message to a person's App IO, if the person has it and lets the town write there. */
import { z } from 'zod'
import type { Connectors } from '../../connectors/index.ts'
import { markdownOf, subjectOf } from '../../connectors/io/text.ts'
import { appIoEffects, NOT_ON_IO, SWITCHED_OFF } from '../../connectors/io/types.ts'
import { type CourtesyOptions, sendCourtesy, sendingOutput, textInput } from '../email/courtesy.ts'
import type { MailText } from '../email/texts.ts'
import type { Worker } from '../worker.ts'

const input = z.object({
  ...textInput,
  destinatario: z
    .object({
      cf: z
        .string()
        .nullish()
        .meta({
          title: 'Codice fiscale',
          description: 'Codice fiscale di una persona.',
          examples: ['VRDNNA78M52G999V'],
        }),
    })
    .meta({ title: 'Destinatario', description: 'Una persona.', feel: '{cf: richiedente.cf}' }),
  scadenza: z.iso
    .datetime({ offset: true })
    .nullish()
    .meta({
      title: 'Scadenza',
      description: 'L’istante di cui l’app può ricordarsi.',
      examples: ['2027-04-15T22:00:00Z'],
    }),
})
const output = sendingOutput([NOT_ON_IO, SWITCHED_OFF])

export const sendIoMessage = ({
  io,
  ...options
}: CourtesyOptions & Pick<Connectors, 'io'>): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'io.invia-messaggio',
  title: 'Invia un messaggio in App IO',
  purpose: 'Manda un messaggio di cortesia a chi ha App IO e vi riceve i messaggi del Comune, senza valore legale.',
  effect: appIoEffects.send,
  input,
  output,
  errors: {},
  async handle(asked, job) {
    const { destinatario, scadenza } = asked
    const send =
      (codiceFiscale: string) =>
      ({ subject, io: text }: MailText) =>
        io.send({
          ...{ subject: subjectOf(subject), markdown: markdownOf(text), codiceFiscale },
          ...(scadenza && { dueDate: scadenza }),
        })
    const sent = await sendCourtesy(options, asked, job, destinatario.cf ? send(destinatario.cf) : null)
    if (sent.esito === 'RIFIUTATA' && (sent.code === NOT_ON_IO || sent.code === SWITCHED_OFF))
      return { invio: { ...sent, esito: sent.code } }
    return { invio: sent }
  },
})
