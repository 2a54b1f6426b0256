/**
 * The texts of courtesy messages: `processes/<procedure>/messaggi.json`, each a subject and a body with the practice's data filled in, and
 * where a channel needs words of its own these. Plain text for every channel.
 * In Italian alone: they speak for a public office. Owns the filling in. Does not own what is said.
 */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import handlebars from 'handlebars'
import { z } from 'zod'

/** Where a text has no words for text messages, they say no more than what it is about, and have no link: those are for impostors. */
const SHORT = '{{comune.nome}}: {{oggetto}}. Dettagli in «Le mie pratiche», sul sito.'

const textsSchema = z.record(
  z.string(),
  z.strictObject({
    oggetto: z.string(),
    testo: z.array(z.string()),
    /** In App IO, when the body of the mail does not suit. */
    io: z.array(z.string()).optional(),
    /** As a text message, which others may read on a locked screen. */
    sms: z.string().default(SHORT),
    /** What codes are called in this text: `{{lookup parole esito}}`. */
    parole: z.record(z.string(), z.string()).default({}),
  }),
)
const PROCESSES = new URL('../../processes/', import.meta.url)

export interface MailText {
  readonly subject: string
  readonly text: string
  readonly io: string
  readonly sms: string
}
/** Throws when no text has that name. */
export type MailTexts = (name: string, data: Readonly<Record<string, unknown>>) => MailText

/** Of all procedures below the folder. */
export function mailTexts(folder = PROCESSES): MailTexts {
  const environment = handlebars.create()
  environment.registerHelper('giorno', italianDay)
  environment.registerHelper('euro', italianEuro)
  const fill = (template: string) => environment.compile(template, { noEscape: true })
  const texts = new Map(
    globSync('**/messaggi.json', { cwd: fileURLToPath(folder) })
      .flatMap((file) => textsIn(new URL(file, folder)))
      .map(([name, { oggetto, testo, io = testo, sms, parole }]) => [
        name,
        { parole, subject: fill(oggetto), text: fill(testo.join('\n')), io: fill(io.join('\n')), sms: fill(sms) },
      ]),
  )
  return (name, data) => {
    const found = texts.get(name)
    if (!found) throw new Error(`Expected a mail text named ${name}, but there is none. Add it to messaggi.json.`)
    const { parole, ...fillings } = found
    const words = { ...data, parole }
    const subject = fillings.subject(words)
    return {
      subject,
      text: fillings.text(words),
      io: fillings.io(words),
      sms: fillings.sms({ ...words, oggetto: subject }),
    }
  }
}

function textsIn(file: URL) {
  return Object.entries(textsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))))
}

const longDay = new Intl.DateTimeFormat('it-IT', { dateStyle: 'long', timeZone: 'Europe/Rome' })

/** An ISO day or instant as Italians write it; nothing where there is none. */
const italianDay = (value: unknown): string => (typeof value === 'string' ? longDay.format(new Date(value)) : '')

const amount = new Intl.NumberFormat('it-IT', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** An amount as Italians write it; nothing where there is none. */
const italianEuro = (value: unknown): string => (typeof value === 'number' ? `${amount.format(value)} €` : '')
