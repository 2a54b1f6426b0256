/** `io.invia-messaggio`: a courtesy message to a person's App IO, if the person has it and lets the town write there. */
import { z } from 'zod'
import type { Connectors } from '../../connectors/index.ts'
import { markdownOf, subjectOf } from '../../connectors/io/text.ts'
import { appIoEffects, NOT_ON_IO, SWITCHED_OFF } from '../../connectors/io/types.ts'
import { type CourtesyOptions, sendCourtesy, sendingOutput, textInput } from '../email/courtesy.ts'
import type { MailText } from '../email/texts.ts'
import type { Worker } from '../worker.ts'

const payment = z
  .object({
    numeroAvviso: z
      .string()
      .regex(/^[0-3]\d{17}$/)
      .meta({ title: 'Numero avviso', description: '18 cifre.', examples: ['301000000000000144'] }),
    centesimi: z
      .int()
      .min(1)
      .meta({ title: 'Centesimi', description: 'Quanto si paga, in centesimi.', examples: [7800] }),
    entro: z.iso
      .datetime({ offset: true })
      .meta({ title: 'Entro', description: 'Fino a quando si può pagare.', examples: ['2027-05-21T21:59:59Z'] }),
  })
  .meta({ title: 'Pagamento', description: 'L’avviso che l’app fa pagare.' })
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
  pagamento: payment.nullish(),
})
const output = sendingOutput([NOT_ON_IO, SWITCHED_OFF])

export const sendIoMessage = ({
  io,
  payee,
  ...options
}: CourtesyOptions & Pick<Connectors, 'io' | 'payee'>): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'io.invia-messaggio',
  title: 'Invia un messaggio in App IO',
  purpose: 'Manda un messaggio di cortesia a chi ha App IO e vi riceve i messaggi del Comune, senza valore legale.',
  effect: appIoEffects.send,
  input,
  output,
  errors: {},
  async handle(asked, job) {
    const { destinatario, pagamento } = asked
    const dueDate = pagamento?.entro ?? asked.scadenza
    const send =
      (codiceFiscale: string) =>
      ({ subject, io: text }: MailText) =>
        io.send({
          ...{ subject: subjectOf(subject), markdown: markdownOf(text), codiceFiscale },
          ...(dueDate && { dueDate }),
          ...(pagamento && { payment: { ...pagamento, ente: payee.codiceFiscale } }),
        })
    const sent = await sendCourtesy(options, asked, job, destinatario.cf ? send(destinatario.cf) : null)
    if (sent.esito === 'RIFIUTATA' && (sent.code === NOT_ON_IO || sent.code === SWITCHED_OFF))
      return { invio: { ...sent, esito: sent.code } }
    return { invio: sent }
  },
})
