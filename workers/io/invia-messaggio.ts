/** `io.invia-messaggio`: a courtesy message to a person's App IO, if the person has it and lets the town write there. */
import { z } from 'zod'
import type { Connectors } from '../../connectors/index.ts'
import { markdownOf, subjectOf } from '../../connectors/io/text.ts'
import { appIoEffects, NOT_ON_IO, SWITCHED_OFF } from '../../connectors/io/types.ts'
import type { Town } from '../../processes/town.ts'
import {
  type CourtesyOutcome,
  filledText,
  SENDING_OUTCOME,
  sendingFields,
  sendOnce,
  textInput,
} from '../email/courtesy.ts'
import type { MailTexts } from '../email/texts.ts'
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
const sendingSchema = z.object({
  esito: z
    .enum(['INVIATA', 'IGNOTO', 'RIFIUTATA', 'NON_DISPONIBILE', 'SENZA_RECAPITO', NOT_ON_IO, SWITCHED_OFF])
    .meta(SENDING_OUTCOME),
  ...sendingFields,
})
const output = z.object({
  invio: sendingSchema.meta({ title: 'Invio', description: 'Che cosa è stato del messaggio.' }),
})

export interface IoWorkerOptions extends Pick<Connectors, 'io' | 'ledger'> {
  readonly town: Town
  readonly texts: MailTexts
  readonly now: () => number
}

export const sendIoMessage = ({
  io,
  ledger,
  town,
  texts,
  now,
}: IoWorkerOptions): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'io.invia-messaggio',
  title: 'Invia un messaggio in App IO',
  purpose: 'Manda un messaggio di cortesia a chi ha App IO e vi riceve i messaggi del Comune, senza valore legale.',
  effect: appIoEffects.send,
  input,
  output,
  errors: {},
  async handle(asked, job) {
    const { pratica, destinatario, scadenza } = asked
    const sent = { messageId: null, istante: new Date(now()).toISOString() }
    if (!destinatario.cf) return { invio: { esito: 'SENZA_RECAPITO', ...sent } }
    const { subject, io: text } = filledText(texts, town, asked, job)
    const message = { subject: subjectOf(subject), markdown: markdownOf(text), codiceFiscale: destinatario.cf }
    const send = () => io.send({ ...message, ...(scadenza && { dueDate: scadenza }) })
    const outcome = await sendOnce({ ledger, operation: 'io.invia-messaggio', pratica, job, send })
    return { invio: { ...sent, ...outcome, esito: whyNot(outcome) } }
  },
})

function whyNot(outcome: CourtesyOutcome): z.infer<typeof sendingSchema>['esito'] {
  if (outcome.esito !== 'RIFIUTATA') return outcome.esito
  return outcome.code === NOT_ON_IO || outcome.code === SWITCHED_OFF ? outcome.code : 'RIFIUTATA'
}
