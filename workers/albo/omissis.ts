/**
 * `albo.omissis`: what is said of people is left out of what everybody will read (D.Lgs. 33/2013 art. 7-bis; Garante, 15 May 2014):
 * the version with omissis is made of the same template, from data that no longer hold it.
 */
import { z } from 'zod'
import type { Worker } from '../worker.ts'

export const OMITTED = '[omissis]'

/** Names of what is said of a person, wherever they stand. */
const PERSONAL_NAMES = new Set([
  ...['cf', 'codiceFiscale', 'nome', 'cognome', 'denominazione', 'sesso', 'cittadinanza', 'parentela'],
  ...['dataNascita', 'luogoNascita', 'email', 'pec', 'cell', 'telefono', 'domicilioDigitale', 'iban'],
  ...[
    'indirizzo',
    'via',
    'civico',
    'interno',
    'scala',
    'piano',
    'cap',
    'catasto',
    'targa',
    'targhe',
    'patente',
    'patenti',
  ],
  ...['documentoIdentita', 'estremi', 'firma', 'note', 'osservazioni'],
])

/** Tax codes, those with letters for digits (omocodia) too, and e-mail addresses. */
const TAX_CODE = /\b[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]\b/gi
const ADDRESS = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g

/** A tax code or an e-mail address is in the text. */
export const namesSomebody = (text: string): boolean => text.search(TAX_CODE) >= 0 || text.search(ADDRESS) >= 0

const input = z.object({
  dati: z.record(z.string(), z.unknown()).meta({
    title: 'Dati',
    description: 'I dati dell’atto, come per il documento intero.',
    examples: [{ richiedente: { nome: 'Mario', cognome: 'Rossi' }, esito: 'CONFERMATA' }],
  }),
  tieni: z
    .array(z.string())
    .max(100)
    .nullish()
    .meta({
      title: 'Tieni',
      description: 'Nomi che in questo atto non dicono nulla di una persona.',
      examples: [['denominazione']],
    }),
})
const output = z.object({
  dati: z.record(z.string(), z.unknown()).meta({ title: 'Dati', description: 'Gli stessi dati, con omissis.' }),
})

export const omitPersonalData = (): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'albo.omissis',
  title: 'Metti gli omissis',
  purpose: 'Toglie dai dati di un atto ciò che riguarda le persone, per la versione da pubblicare.',
  effect: 'none',
  input,
  output,
  errors: {},
  async handle({ dati, tieni }) {
    const kept = new Set(tieni ?? [])
    const isPersonal = (name: string) => PERSONAL_NAMES.has(name) && !kept.has(name)
    return { dati: z.record(z.string(), z.unknown()).parse(withoutPeople(dati, isPersonal)) }
  },
})

/** In place of what a personal name holds, whatever it is, stand the omissis; nothing stays nothing. */
function withoutPeople(value: unknown, isPersonal: (name: string) => boolean): unknown {
  if (typeof value === 'string') return value.replaceAll(TAX_CODE, OMITTED).replaceAll(ADDRESS, OMITTED)
  if (Array.isArray(value)) return value.map((each) => withoutPeople(each, isPersonal))
  // A number of more digits than JavaScript keeps is an object without prototype.
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => [
      name,
      isPersonal(name) && held !== null ? OMITTED : withoutPeople(held, isPersonal),
    ]),
  )
}
