/** `email.invia`: courtesy mail to a person or to an office. Without legal effect, so it never holds a practice up. */
import { z } from 'zod'
import type { Connectors } from '../../connectors/index.ts'
import { mailEffects } from '../../connectors/mail/types.ts'
import type { Town } from '../../processes/town.ts'
import type { Worker } from '../worker.ts'
import { type CourtesyOptions, sendCourtesy, sendingOutput, textInput } from './courtesy.ts'
import type { MailText } from './texts.ts'

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
const output = sendingOutput()

export const sendMail = ({
  mail,
  ...options
}: CourtesyOptions & Pick<Connectors, 'mail'>): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'email.invia',
  title: 'Invia una e-mail',
  purpose: 'Manda un messaggio di cortesia, senza valore legale.',
  effect: mailEffects.send,
  input,
  output,
  errors: {},
  async handle(asked, job) {
    const to = addressOf(asked.destinatario, options.town)
    const send =
      to === null
        ? null
        : ({ subject, text }: MailText, reference: string) => mail.send({ to, subject, text, reference })
    return { invio: await sendCourtesy(options, asked, job, send) }
  },
})

function addressOf({ email, gruppo }: z.infer<typeof input>['destinatario'], { uffici }: Town): string | null {
  if (!gruppo) return email || null
  const office = uffici.find((candidate) => candidate.gruppo === gruppo)
  if (office) return office.email
  throw new Error(`Expected an office for the group ${gruppo}, but the town has none. Add it to the town's offices.`)
}
