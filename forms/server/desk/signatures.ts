/**
 * What was found of the signatures on the documents of a practice: its variable `firme`, written at reception, and `firmeRisposta` of
 * what it is waiting for, while the answer to a request for missing papers is looked at. Does not own the judgement (worker
 * `documento.verifica-firma`); what is not of that shape is not shown.
 */
import { isContext, isList, type Value } from '../../../engine/feel/index.ts'
import type { KeyText } from '../../../engine/protocol/gateway.ts'
import type { Say } from '../catalogue.ts'
import { shown } from '../form/display.ts'
import { type Html, html } from '../html.ts'
import type { TownHall } from '../page.ts'
import { calledBy, variablesOf } from './practice-of.ts'

/** By id of the document. */
export type SignatureNotes = ReadonlyMap<string, Html>

const FOUND = ['firme', 'firmeRisposta']
/** Of one practice, at work at once. */
const CALLED_MAX = 100

export async function signatureNotes(hall: TownHall, say: Say, instance: KeyText): Promise<SignatureNotes> {
  const { icon } = hall
  const instances = await calledBy(hall, [instance], CALLED_MAX)
  const found = await variablesOf(hall, instances, FOUND)
  const checked = [...found.values()].flatMap((variables) => [...variables.values()].flatMap(listed))
  return new Map(checked.flatMap((one) => noteOf(icon, say, one)))
}

function noteOf(icon: TownHall['icon'], say: Say, checked: Value): [string, Html][] {
  const note = (symbol: string, text: string) => html`<span class="d-block small">${icon(symbol)} ${text}</span>`
  const lines = (): Html[] => {
    if (textAt(checked, 'esito') === 'NON_VERIFICABILE') return [note('it-warning-circle', say('signatureUnreadable'))]
    return listed(at(checked, 'firme')).map((signature) => {
      const name = textAt(signature, 'firmatario') || say('signatureNobody')
      if (textAt(signature, 'esito') === 'VALIDA') return note('it-check-circle', say('signatureValid', { name }))
      const reasons = listed(at(signature, 'motivi')).map(shown).join('; ')
      return note('it-warning-circle', say('signatureInvalid', { name, reasons }))
    })
  }
  const told = lines()
  return told.length === 0 ? [] : [[textAt(checked, 'documento'), html`${told}`]]
}

const listed = (value: Value | undefined): readonly Value[] => (value != null && isList(value) ? value : [])
const at = (value: Value, name: string): Value => (isContext(value) ? (value.get(name) ?? null) : null)
const textAt = (value: Value, name: string): string => shown(at(value, name))
