/**
 * Who lives with a person according to the register, to be added to a form's list of persons with one press instead of being typed.
 * Owns: the buttons and the row that one of them fills. Does not own: the list (form/), who in fact moves: the person says so.
 */
import { type Context, fromJson, isContext, isList, type Value } from '../../../engine/feel/index.ts'
import type { Say } from '../catalogue.ts'
import type { Node } from '../form/page.ts'
import { valueAt } from '../form/paths.ts'
import type { Component, DynamicList } from '../form/schema.ts'
import { rowsControl, rowsTyped, type Typed } from '../form/typed.ts'
import { type Html, html, type Part } from '../html.ts'
import type { Relative } from '../register.ts'

/** Where prefill.ts puts it, and what property `source` of a dynamic list says. */
const FAMILY = 'anagrafe.famiglia'
const PERSON_CONTROL = 'persona'

/** A button for each relative whom the register knows and the list has not. */
export function familyButtons(say: Say, known: string, nodes: readonly Node[], typed: Typed): Part {
  const lists = familyLists(nodes.map(({ component }) => component))
  return lists.map(({ path }): Html | null => {
    const here = new Set(
      [...typed].filter(([name]) => name.startsWith(`${path}[`) && name.endsWith('.cf')).flatMap(([, texts]) => texts),
    )
    const missing = familyIn(known).filter(({ cf }) => !here.has(cf))
    if (missing.length === 0) return null
    const buttons = missing.map(
      ({ cf, nome, cognome }) =>
        html`<button type="submit" class="btn btn-outline-primary btn-sm" formnovalidate name="${PERSON_CONTROL}" value="${path} ${cf}">${say('familyAdd', { name: `${nome} ${cognome}` })}</button>`,
    )
    return html`<fieldset class="callout callout-highlight mb-4"><legend class="h6">${say('familyTitle')}</legend><p class="small">${say('familyText')}</p><div class="iter-actions">${buttons}</div></fieldset>`
  })
}

/** The page with one row more, filled in; null when no such button was pressed. */
export function addedFromFamily(posted: Typed, known: string): Typed | null {
  const [list = '', cf] = (posted.get(PERSON_CONTROL)?.at(-1) ?? '').split(' ')
  const relative = familyIn(known).find((one) => one.cf === cf)
  if (relative === undefined || !posted.has(rowsControl(list))) return null
  const row = rowsTyped(posted, list) ?? 0
  const added = new Map(posted).set(rowsControl(list), [String(row + 1)])
  for (const [name, text] of Object.entries(relative)) added.set(`${list}[${row}].${name}`, [text])
  return added
}

/** Lists of persons that the family in the register may fill: property `source` of a dynamic list, on this step. */
const familyLists = (components: readonly Component[]): readonly DynamicList[] =>
  components.flatMap((component) => {
    if (component.type === 'group') return familyLists(component.components)
    return component.type === 'dynamiclist' && component.properties.source === FAMILY ? [component] : []
  })

function familyIn(known: string): readonly Relative[] {
  const family = valueAt(fromJson(known) as Context, FAMILY) ?? null
  if (!isList(family)) return []
  const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '')
  return family.filter(isContext).map((one) => ({
    ...{ cf: text(one.get('cf')), nome: text(one.get('nome')) },
    ...{ cognome: text(one.get('cognome')), parentela: text(one.get('parentela')) },
    nascita: text(one.get('nascita')),
  }))
}
