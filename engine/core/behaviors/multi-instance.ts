/** What a multi-instance body does around its children: their own variables, the output, the end of the loop. */
import { type Context, fromJson, isList, toJson, type Value } from '../../feel/index.ts'
import type { LoopOutput, MultiInstanceBody } from '../../model/executable.ts'
import type { Json } from '../../protocol/records.ts'
import { type Entry, itemsOfList } from '../documents.ts'
import { itemAt, lengthOf, partsOf } from '../lists.ts'
import { type Failure, failure, type Processing } from '../processing.ts'
import type { ElementInstance, Variable } from '../state/rows.ts'
import { activateNextChild, endChildren } from './batches.ts'
import { evaluateIn, evaluationFailure, extract, extractBoolean, type Result, value } from './expressions.ts'
import { requestCompletion } from './lifecycle.ts'
import { createNulls, localVariable, mergeLocal, updateItem } from './variables.ts'

const LOOP_COUNTER = 'loopCounter'

/** Evaluates the collection, once. Emits MULTI_INSTANCE INPUT_COLLECTION_EVALUATED. Incident: EXTRACT_VALUE_ERROR. */
export function evaluateInput(p: Processing, { loop }: MultiInstanceBody, body: ElementInstance): Failure | null {
  const collection = extract(p, body.key, loop.inputCollection, 'ARRAY')
  if (!collection.ok) return collection.failure
  if (!isList(collection.value)) throw new Error('A FEEL value of type ARRAY is a list')
  const inputCollection = collection.value.map((item) => toJson(item))
  p.emit('MULTI_INSTANCE', 'INPUT_COLLECTION_EVALUATED', body.key, {
    inputCollection,
    processInstanceKey: body.processInstanceKey,
    partsFrom: p.newKeys(partsOf(inputCollection.length)),
  })
  return null
}

/** Emits VARIABLE CREATED for the output, as many nulls as there are items. */
export function createOutput(p: Processing, { loop }: MultiInstanceBody, body: ElementInstance): void {
  if (loop.output === null) return
  const { collection } = loop.output
  const length = lengthOf(p.state, body.key)
  if (localVariable(p, body.key, collection) === undefined) createNulls(p, body, collection, length)
  else mergeLocal(p, body, [[collection, `[${new Array(length).fill('null').join(',')}]`]])
}

/** A child begins: emits VARIABLE for its item, its output element (null) and loopCounter. */
export function enterLoop(p: Processing, { loop }: MultiInstanceBody, child: ElementInstance): void {
  const { inputElement, output } = loop
  const locals: Entry[] = []
  if (inputElement !== null) {
    const item = itemAt(p.state, child.flowScopeKey, child.loopCounter - 1)
    if (item === undefined) throw new Error(`The collection of ${child.flowScopeKey} has no item ${child.loopCounter}`)
    locals.push([inputElement, item])
  }
  const variable = output?.variable ?? null
  if (variable !== null && variable !== inputElement && variable !== LOOP_COUNTER) locals.push([variable, 'null'])
  locals.push([LOOP_COUNTER, String(child.loopCounter)])
  for (const local of locals) mergeLocal(p, child, [local])
}

/**
 * A child is about to complete: its output goes into the collection. Emits VARIABLE UPDATED.
 * Answers whether the completion condition holds. Incidents: EXTRACT_VALUE_ERROR (output element, its collection, the condition).
 */
export function collect(p: Processing, { loop }: MultiInstanceBody, child: ElementInstance): Result<boolean> {
  const body = p.instance(child.flowScopeKey)
  const failed = loop.output === null ? null : putOutput(p, loop.output, body, child)
  if (failed !== null) return { ok: false, failure: failed }
  if (loop.completionCondition === null) return value(false)
  return extractBoolean(p, child.key, loop.completionCondition, counts(body))
}

/** Counted as if the completing child had completed. */
function counts({ loopCounter, childCount, completedChildren }: ElementInstance): Context {
  const numbers = {
    numberOfInstances: loopCounter,
    numberOfActiveInstances: childCount - 1,
    numberOfCompletedInstances: completedChildren + 1,
    numberOfTerminatedInstances: loopCounter - childCount - completedChildren,
  }
  return new Map<string, Value>(Object.entries(numbers).map(([name, number]) => [name, fromJson(String(number))]))
}

function putOutput(p: Processing, output: LoopOutput, body: ElementInstance, child: ElementInstance): Failure | null {
  const outcome = evaluateIn(p, child.key, output.element)
  if (!outcome.ok) {
    const source = output.element.kind === 'feel' ? output.element.source : ''
    return failure('EXTRACT_VALUE_ERROR', evaluationFailure(source, outcome))
  }
  const variable = localVariable(p, body.key, output.collection)
  const item = toJson(outcome.value)
  if (variable?.value === null) {
    updateItem(p, variable, child.loopCounter - 1, item)
    return null
  }
  return putInto(p, output.collection, variable, body, child.loopCounter, item)
}

/** A client has written to the collection: from then on it is a variable like any other, and may be no list at all. */
function putInto(
  p: Processing,
  name: string,
  variable: Variable | undefined,
  body: ElementInstance,
  position: number,
  item: Json,
): Failure | null {
  const wrong = (message: string): Failure => ({
    ...failure('EXTRACT_VALUE_ERROR', message),
    variableScopeKey: body.key,
  })
  const text = variable?.value ?? null
  if (text === null)
    return wrong(`Expected the output collection variable '${name}' to be of type list, but it was NIL`)
  const items = itemsOfList(text)
  const because = (what: string) => `${what}. This may happen when multiple BPMN elements write to the same variable.`
  if (items === null) {
    const is = because(`because the type of the output collection is: ${packedType(text)}`)
    return wrong(`Unable to update an item in output collection '${name}' ${is}`)
  }
  if (position > items.length) {
    const is = because(`at position ${position} because the size of the collection is: ${items.length}`)
    return wrong(`Unable to update an item in output collection '${name}' ${is}`)
  }
  mergeLocal(p, body, [[name, `[${items.with(position - 1, item).join(',')}]`]])
  return null
}
/** How Zeebe names the type of a JSON value. */
function packedType(text: Json): string {
  if (text.startsWith('{')) return 'MAP'
  if (text.startsWith('"')) return 'STRING'
  if (text === 'null') return 'NIL'
  if (text === 'true' || text === 'false') return 'BOOLEAN'
  return /[.eE]/.test(text) ? 'FLOAT' : 'INTEGER'
}

/** A child has completed: the next begins, the others are told to end, or the body completes. */
export function childCompleted(p: Processing, element: MultiInstanceBody, bodyKey: number, isSatisfied: boolean): void {
  const { isSequential } = element.loop
  const body = p.instance(bodyKey)
  const hasMore = body.loopCounter < lengthOf(p.state, body.key)
  if (isSatisfied) {
    if (body.childCount > 0 || (hasMore && !isSequential)) endChildren(p, body)
    if (body.childCount === 0) requestCompletion(p, body.key)
  } else if (hasMore && isSequential) activateNextChild(p, element, body)
  else if (!hasMore && body.childCount === 0) requestCompletion(p, body.key)
}
