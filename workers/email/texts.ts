/**
 * The texts of courtesy mail: `processes/<procedure>/messaggi.json`, each a subject and a body with the practice's data filled in.
 * In Italian alone: they speak for a public office. Owns the filling in. Does not own what is said.
 */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import handlebars from 'handlebars'
import { z } from 'zod'

const textsSchema = z.record(
  z.string(),
  z.strictObject({
    oggetto: z.string(),
    testo: z.array(z.string()),
    /** What codes are called in this text: `{{lookup parole esito}}`. */
    parole: z.record(z.string(), z.string()).default({}),
  }),
)
const PROCESSES = new URL('../../processes/', import.meta.url)

export interface MailText {
  readonly subject: string
  readonly text: string
}
/** Throws when no text has that name. */
export type MailTexts = (name: string, data: Readonly<Record<string, unknown>>) => MailText

export function mailTexts(): MailTexts {
  const environment = handlebars.create()
  environment.registerHelper('giorno', italianDay)
  const fill = (template: string) => environment.compile(template, { noEscape: true })
  const texts = new Map(
    globSync('**/messaggi.json', { cwd: fileURLToPath(PROCESSES) })
      .flatMap(textsOf)
      .map(([name, { oggetto, testo, parole }]) => [
        name,
        { subject: fill(oggetto), text: fill(testo.join('\n')), parole },
      ]),
  )
  return (name, data) => {
    const found = texts.get(name)
    if (!found) throw new Error(`Expected a mail text named ${name}, but there is none. Add it to messaggi.json.`)
    const { subject, text, parole } = found
    return { subject: subject(data), text: text({ ...data, parole }) }
  }
}

function textsOf(file: string) {
  return Object.entries(textsSchema.parse(JSON.parse(readFileSync(new URL(file, PROCESSES), 'utf8'))))
}

const longDay = new Intl.DateTimeFormat('it-IT', { dateStyle: 'long', timeZone: 'Europe/Rome' })

/** An ISO day or instant as Italians write it; nothing where there is none. */
const italianDay = (value: unknown): string => (typeof value === 'string' ? longDay.format(new Date(value)) : '')
