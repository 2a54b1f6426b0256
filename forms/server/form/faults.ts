/** What can be wrong with an entry, and how a person is told: what to do, never what the program thinks. */

import { CORNERS_MAX, type PolygonFault } from '../../../connectors/gis/geometry/polygon.ts'
import type { Numeric } from '../../../engine/feel/number.ts'
import { shown } from './display.ts'
import { type Refusal, refusalText } from './refusals.ts'

export type Fault =
  | { readonly kind: 'required' | 'choose' | 'confirm' | 'attach' }
  | { readonly kind: 'number' | 'ambiguousNumber' | 'date' | 'time' | 'email' | 'phone' | 'option' | 'pastDate' }
  | { readonly kind: 'pattern'; readonly message: string | undefined }
  | { readonly kind: 'minLength' | 'maxLength' | 'min' | 'max' | 'decimals' | 'increment'; readonly limit: Numeric }
  | { readonly kind: 'minutes' | 'filesMin' | 'filesMax' | 'rowsMin' | 'rowsMax'; readonly limit: number }
  | { readonly kind: 'area'; readonly fault: PolygonFault }
  | { readonly kind: 'refused'; readonly files: readonly Refusal[] }

export type Language = 'it' | 'en'
type Sentence<F> = Readonly<Record<Language, (fault: F) => string>>

const say = (it: string, en: string): Sentence<Fault> => ({ it: () => it, en: () => en })
type Limited = Extract<Fault, { limit: Numeric }>
const limit = (it: (limit: string) => string, en: (limit: string) => string): Sentence<Limited> => ({
  it: (fault) => it(shown(fault.limit)),
  en: (fault) => en(shown(fault.limit)),
})

const areas: Readonly<Record<PolygonFault, readonly [it: string, en: string]>> = {
  form: [
    'Disegna l’area sulla mappa, oppure scrivi i vertici così: POLYGON((longitudine latitudine, …))',
    'Draw the area on the map, or write its corners like this: POLYGON((longitude latitude, …))',
  ],
  open: [
    'Ripeti il primo vertice alla fine, per chiudere l’area',
    'Repeat the first corner at the end, to close the area',
  ],
  fewCorners: ['Metti almeno tre vertici', 'Place at least three corners'],
  manyCorners: [`Usa al massimo ${CORNERS_MAX} vertici`, `Use at most ${CORNERS_MAX} corners`],
  crossing: ['Sposta i vertici: i lati dell’area si incrociano', 'Move the corners: the sides of the area cross'],
  small: ['Disegna un’area più grande: questa è solo un punto', 'Draw a larger area: this one is only a point'],
  large: ['Disegna un’area più piccola: questa supera 50.000 mq', 'Draw a smaller area: this one exceeds 50,000 m²'],
}

const sentences: { readonly [K in Fault['kind']]: Sentence<Extract<Fault, { kind: K }>> } = {
  required: say('Compila questo campo', 'Fill in this field'),
  choose: say('Scegli una risposta', 'Choose an answer'),
  attach: say('Allega il file', 'Attach the file'),
  confirm: say('Spunta questa casella per continuare', 'Tick this box to go on'),
  number: say('Scrivi un numero, per esempio 12,5', 'Write a number, for example 12.5'),
  ambiguousNumber: say(
    'Scrivi il numero senza punti per le migliaia, per esempio 1234 o 1,234',
    'Write the number without thousands separators, for example 1234 or 1.234',
  ),
  date: say('Scrivi una data che esiste, per esempio 31/01/2027', 'Write a date that exists, for example 31/01/2027'),
  time: say('Scrivi un orario che esiste, per esempio 09:30', 'Write a time that exists, for example 09:30'),
  email: say(
    'Scrivi un indirizzo email, per esempio nome@dominio.it',
    'Write an email address, for example name@domain.it',
  ),
  phone: say(
    'Scrivi un numero di telefono, per esempio 333 1234567',
    'Write a phone number, for example +39 333 1234567',
  ),
  option: say('Scegli una delle risposte proposte', 'Choose one of the answers offered'),
  pastDate: say('Scegli una data da oggi in poi', 'Choose a date from today on'),
  pattern: {
    it: ({ message }) => message ?? 'Scrivi il valore nella forma richiesta',
    en: ({ message }) => message ?? 'Write the value in the form asked for',
  },
  minLength: limit(
    (n) => `Scrivi almeno ${n} caratteri`,
    (n) => `Write at least ${n} characters`,
  ),
  maxLength: limit(
    (n) => `Scrivi al massimo ${n} caratteri`,
    (n) => `Write at most ${n} characters`,
  ),
  min: limit(
    (n) => `Scrivi un numero non minore di ${n}`,
    (n) => `Write a number not less than ${n}`,
  ),
  max: limit(
    (n) => `Scrivi un numero non maggiore di ${n}`,
    (n) => `Write a number not greater than ${n}`,
  ),
  decimals: limit(
    (n) => (n === '0' ? 'Scrivi un numero intero' : `Scrivi al massimo ${n} cifre decimali`),
    (n) => (n === '0' ? 'Write a whole number' : `Write at most ${n} decimals`),
  ),
  increment: limit(
    (n) => `Scrivi un multiplo di ${n}`,
    (n) => `Write a multiple of ${n}`,
  ),
  minutes: limit(
    (n) => `Scegli un orario a intervalli di ${n} minuti`,
    (n) => `Choose a time in steps of ${n} minutes`,
  ),
  filesMin: limit(
    (n) => `Allega almeno ${n} file`,
    (n) => `Attach at least ${n} files`,
  ),
  filesMax: limit(
    (n) => `Allega al massimo ${n} file`,
    (n) => `Attach at most ${n} files`,
  ),
  rowsMin: limit(
    (n) => (n === '1' ? 'Aggiungi almeno una voce' : `Aggiungi almeno ${n} voci`),
    (n) => (n === '1' ? 'Add at least one entry' : `Add at least ${n} entries`),
  ),
  rowsMax: limit(
    (n) => (n === '1' ? 'Lascia una sola voce' : `Lascia al massimo ${n} voci`),
    (n) => (n === '1' ? 'Keep only one entry' : `Keep at most ${n} entries`),
  ),
  area: { it: ({ fault }) => areas[fault][0], en: ({ fault }) => areas[fault][1] },
  refused: {
    it: ({ files }) => `Non allegato. ${files.map((file) => refusalText(file, 'it')).join('. ')}.`,
    en: ({ files }) => `Not attached. ${files.map((file) => refusalText(file, 'en')).join('. ')}.`,
  },
}

export function faultText<K extends Fault['kind']>(
  fault: Extract<Fault, { kind: K }>,
  language: Language = 'it',
): string {
  const sentence: Sentence<Extract<Fault, { kind: K }>> = sentences[fault.kind as K]
  return sentence[language](fault)
}
