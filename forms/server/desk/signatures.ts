/**
 * What was found of the signatures on the documents of a practice: its variable `firme`, written at reception. Does not own the
 * judgement (worker `documento.verifica-firma`); what is not of that shape is not shown.
 */
import { fromJson, isContext, isList, type Value } from '../../../engine/feel/index.ts'
import type { KeyText } from '../../../engine/protocol/gateway.ts'
import type { Say } from '../catalogue.ts'
import { shown } from '../form/display.ts'
import { type Html, html } from '../html.ts'
import type { TownHall } from '../page.ts'
import { textIn } from './practice-of.ts'

/** By id of the document. */
export type SignatureNotes = ReadonlyMap<string, Html>

export async function signatureNotes(
  { gateway, icon }: TownHall,
  say: Say,
  instance: KeyText,
): Promise<SignatureNotes> {
  const { items } = await gateway.query.search('variables', {
    filter: [
      // By scope alone every variable of the town that has ended would be looked at.
      { field: 'processInstanceKey', operator: '$eq', value: instance },
      { field: 'scopeKey', operator: '$eq', value: instance },
      { field: 'name', operator: '$eq', value: 'firme' },
    ],
    sort: [],
    page: { limit: 1 },
  })
  const [found] = items
  if (found === undefined) return new Map()
  const whole = found.isTruncated === true ? await gateway.query.get('variables', textIn(found, 'variableKey')) : found
  const checked = whole === null ? null : fromJson(textIn(whole, 'value'))
  return new Map(listed(checked).flatMap((one) => noteOf(icon, say, one)))
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
