/** What analysts read of effects, errors and shapes: one Italian wording for templates and pages. */
import type { Worker } from '../worker.ts'
import type { Shape } from './fields.ts'

export const EFFECTS: Readonly<Record<Worker<unknown, unknown>['effect'], string>> = {
  none: 'Non cambia nulla all’esterno: si può ripetere.',
  keyed: 'Chi riceve riconosce la ripetizione: l’effetto resta uno anche se il lavoro si ripete.',
  findable: 'Prima di ripetere si cerca se è già avvenuto: l’effetto resta uno anche se il lavoro si ripete.',
  configured: 'Se chi riceve riconosce la ripetizione lo dichiara la configurazione della chiamata.',
  neither: 'Chi riceve non riconosce la ripetizione: se non si sa com’è andata, non si ripete.',
}

/** Empty when there are none. */
export function errorsLine(errors: Readonly<Record<string, string>>): string {
  const told = Object.entries(errors).map(([code, when]) => `${code} (${when})`)
  return told.length === 0 ? '' : `Errori da prendere con un evento sul bordo: ${told.join('; ')}.`
}

const FORMATS: Readonly<Record<string, string>> = {
  date: 'data, AAAA-MM-GG',
  'date-time': 'istante, ISO 8601',
  email: 'indirizzo e-mail',
  uri: 'indirizzo web',
  base64: 'testo in base64',
}

export function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case 'text':
      return (shape.format !== null && FORMATS[shape.format]) || 'testo'
    case 'choice':
      return shape.choices.map(({ value, name }) => (name === value ? value : `${value} (${name})`)).join(' · ')
    case 'number':
      return shape.isWhole ? 'numero intero' : 'numero'
    case 'truth':
      return 'true · false'
    case 'context':
      return shape.isOpen ? 'contesto, anche con altri nomi' : 'contesto'
    case 'map':
      return shape.of.kind === 'anything' ? 'contesto' : `contesto di nomi liberi: ${shapeText(shape.of)}`
    case 'list':
      return `elenco: ${shapeText(shape.of)}`
    case 'either':
      return shape.of.map(shapeText).join(', oppure ')
    case 'anything':
      return 'qualsiasi valore'
  }
}
