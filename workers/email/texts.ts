/**
 * The texts of courtesy mail: `processes/<procedure>/messaggi.json`, each a subject and a body with the practice's data filled in.
 * In Italian alone: they speak for a public office. Owns the filling in. Does not own what is said.
 */
import { readFileSync } from 'node:fs'
import handlebars from 'handlebars'
import { z } from 'zod'

const textsSchema = z.record(z.string(), z.strictObject({ oggetto: z.string(), testo: z.array(z.string()) }))
const PROCEDURES = ['residenza']

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
    PROCEDURES.flatMap(textsOf).map(([name, { oggetto, testo }]) => [
      name,
      { subject: fill(oggetto), text: fill(testo.join('\n')) },
    ]),
  )
  return (name, data) => {
    const found = texts.get(name)
    if (!found) throw new Error(`Expected a mail text named ${name}, but there is none. Add it to messaggi.json.`)
    return { subject: found.subject(data), text: found.text(data) }
  }
}

function textsOf(procedure: string) {
  const file = new URL(`../../processes/${procedure}/messaggi.json`, import.meta.url)
  return Object.entries(textsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))))
}

const longDay = new Intl.DateTimeFormat('it-IT', { dateStyle: 'long', timeZone: 'Europe/Rome' })

/** An ISO day or instant as Italians write it; nothing where there is none. */
const italianDay = (value: unknown): string => (typeof value === 'string' ? longDay.format(new Date(value)) : '')
