/**
 * Variables: local ones, and the walk by which a document finds its way up the scopes. Whoever waits for a condition hears of the
 * changes of a document once, when all of them are made.
 */
import type { Json, Key, UpdateSemantics, VariableValue } from '../../protocol/records.ts'
import { documentOf, type Entry, entriesOf } from '../documents.ts'
import { itemAt, partsOf, type WholeVariable, whole, wholeVariablesOf } from '../lists.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance, Variable } from '../state/rows.ts'
import { type Change, variablesChanged } from './conditions.ts'

/** Where a variable lives: enough of the scope to record it before the scope itself has a row. */
export type VariableScope = Pick<ElementInstance, 'key' | 'processInstanceKey' | 'processDefinitionKey' | 'tenantId'>

/** By name: a document may have a hundred thousand entries, and so may the scope. */
function localsOf(p: Processing, scopeKey: Key): ReadonlyMap<string, Variable> {
  const variables = p.state.find('variablesOf', scopeKey).values()
  return new Map(variables.map((variable) => [variable.name, variable]))
}

const inScope = ({ key: scopeKey, processInstanceKey, processDefinitionKey, tenantId }: VariableScope) => ({
  scopeKey,
  processInstanceKey,
  processDefinitionKey,
  tenantId,
})
type Changes = Change[]
function create(p: Processing, scope: VariableScope, [name, value]: Entry, changes: Changes): void {
  p.emit('VARIABLE', 'CREATED', p.newKey(), { name, value, ...inScope(scope) })
  changes.push({ scopeKey: scope.key, name, event: 'create' })
}
function update(
  p: Processing,
  { key, name, ...variable }: Variable,
  change: Pick<Partial<VariableValue>, 'value' | 'item'>,
  changes: Changes,
): void {
  p.emit('VARIABLE', 'UPDATED', key, { name, ...inScope({ ...variable, key: variable.scopeKey }), ...change })
  changes.push({ scopeKey: variable.scopeKey, name, event: 'update' })
}

/** The scope's own variable of that name. */
export function localVariable(p: Processing, scopeKey: Key, name: string): Variable | undefined {
  return p.state
    .find('variablesOf', scopeKey)
    .values()
    .find((variable) => variable.name === name)
}
/** Emits VARIABLE CREATED for a list of nulls, to be filled item by item. */
export function createNulls(p: Processing, scope: VariableScope, name: string, length: number): void {
  const nulls = { length, partsFrom: p.newKeys(partsOf(length)) }
  p.emit('VARIABLE', 'CREATED', p.newKey(), { name, nulls, ...inScope(scope) })
  variablesChanged(p, scope.processInstanceKey, [{ scopeKey: scope.key, name, event: 'create' }])
}
/** Sets an item of such a list. Emits VARIABLE UPDATED with the item alone; nothing for an equal value. */
export function updateItem(p: Processing, list: Variable, index: number, value: Json): void {
  const changes: Changes = []
  if (itemAt(p.state, list.key, index) !== value) update(p, list, { item: { index, value } }, changes)
  variablesChanged(p, list.processInstanceKey, changes)
}

/** Variables of an instance that has no row yet, so that nobody waits for them. Emits VARIABLE CREATED for each. */
export function createAll(p: Processing, scope: VariableScope, entries: readonly Entry[]): void {
  const changes: Changes = []
  for (const entry of entries) create(p, scope, entry, changes)
}

/** Sets variables in the scope itself. Emits VARIABLE CREATED or UPDATED; nothing for an equal value. */
export function mergeLocal(p: Processing, scope: VariableScope, entries: readonly Entry[]): void {
  const changes: Changes = []
  setLocals(p, scope, entries, changes)
  variablesChanged(p, scope.processInstanceKey, changes)
}
function setLocals(p: Processing, scope: VariableScope, entries: readonly Entry[], changes: Changes): void {
  const locals = localsOf(p, scope.key)
  for (const entry of entries) {
    const existing = locals.get(entry[0])
    if (existing === undefined) create(p, scope, entry, changes)
    else if (whole(p.state, existing).value !== entry[1]) update(p, existing, { value: entry[1] }, changes)
  }
}

/**
 * Merges a document from the scope outward: an entry updates the innermost variable of its name; the rest is created at the
 * process instance. An entry *equal* to the value it finds is not consumed there and goes on upward, as in Zeebe (var-equal-value).
 */
export function mergeUp(p: Processing, scopeKey: Key, entries: readonly Entry[]): void {
  const changes: Changes = []
  let rest = entries
  let scope = p.instance(scopeKey)
  while (scope.flowScopeKey > 0 && rest.length > 0) {
    const locals = localsOf(p, scope.key)
    rest = rest.filter((entry) => {
      const existing = locals.get(entry[0])
      if (existing === undefined || whole(p.state, existing).value === entry[1]) return true
      update(p, existing, { value: entry[1] }, changes)
      return false
    })
    scope = p.instance(scope.flowScopeKey)
  }
  setLocals(p, scope, rest, changes)
  variablesChanged(p, scope.processInstanceKey, changes)
}

/** A client's document in the scope, by either semantics. */
export function setVariables(p: Processing, scope: ElementInstance, how: UpdateSemantics, document: Json): void {
  if (how === 'LOCAL') mergeLocalDocument(p, scope, document)
  else mergeDocumentUp(p, scope.key, document)
}

export const mergeDocumentUp = (p: Processing, scopeKey: Key, document: Json): void =>
  mergeUp(p, scopeKey, entriesOf(document))

export const mergeLocalDocument = (p: Processing, scope: VariableScope, document: Json): void =>
  mergeLocal(p, scope, entriesOf(document))

export function localDocument(p: Processing, scopeKey: Key): Json {
  return documentOf(wholeVariablesOf(p.state, scopeKey))
}

/** What is seen from the scope: inner variables hide outer ones of the same name. With `names`, only those. */
export function visible(p: Processing, scopeKey: Key, names: readonly string[] = []): Json {
  const wanted = names.length > 0 ? new Set(names) : null
  const seen = new Map<string, WholeVariable>()
  for (let key = scopeKey; key > 0; key = p.state.get('elementInstance', key)?.flowScopeKey ?? -1) {
    for (const variable of p.state.find('variablesOf', key).values()) {
      if (seen.has(variable.name) || wanted?.has(variable.name) === false) continue
      seen.set(variable.name, whole(p.state, variable))
    }
  }
  return documentOf(seen.values())
}
