/**
 * A form and its data → a page.
 *
 * Owns: scopes, defaults, rows, conditions, computed values. Does not own: kinds of input (inputs), expressions, looks.
 * Invariants
 * R1 A posted value is read only for a field that the page showed as editable; readonly, disabled and certified ones keep theirs.
 * R2 Conditions and computed values are those of the final data: the page is built again until the data stand still.
 * R3 Bounded: rows by ROWS_MAX, nodes by NODES_MAX, rounds by ROUNDS_MAX; a form that goes on changing keeps its last round.
 * R4 What is computed before submitting is computed once, of the final data, and is seen by no condition.
 */
import { type Context, fromJson, isContext, isList, toJson, type Value } from '../../../engine/feel/index.ts'
import { isNumeric } from '../../../engine/feel/number.ts'
import type { TownCalendar } from '../../../processes/town.ts'
import { type Attachment, attachmentsIn } from './attachment.ts'
import { contentOf } from './content.ts'
import { dataOf } from './data.ts'
import { Expressions } from './expressions.ts'
import { FIELD_FILES_MAX, type FileLimits, kindsAccepted } from './files.ts'
import { inputKindOf, type Surroundings } from './inputs/index.ts'
import { besideOf, isMapField } from './map-field.ts'
import { optionsOf } from './options.ts'
import type { Computed, Field, Node, Rows, Section, Shown } from './page.ts'
import { valueAt } from './paths.ts'
import type { Component, ComponentOf, Display, DynamicList, Expression, Form, Group, Input } from './schema.ts'
import { todayAt } from './time.ts'
import { ROWS_MAX, rowsTyped, type Typed } from './typed.ts'
import { watchedBy } from './watched.ts'

const ROUNDS_MAX = 10
const NODES_MAX = 10_000

export interface Filling {
  /** Variables the form starts from. */
  readonly variables: Context
  /** Null on the first visit. */
  readonly typed: Typed | null
  /** Epoch milliseconds. */
  readonly now: number
  /** Of the town: which days count. */
  readonly calendar?: TownCalendar | undefined
  /** Sources whose values nobody may change here, e.g. `spid`: property `source` of a field. */
  readonly certified?: ReadonlySet<string>
  /** What a token stands for that this person was given for a file; without it nobody attaches anything. */
  readonly attachment?: ((token: string) => Attachment | null) | undefined
  /** Origins whose pages may stand inside ours. */
  readonly frames?: readonly string[]
}

/** Where a component stands: the data around it and the names its expressions see. */
interface Place {
  readonly prefix: string
  readonly keyPrefix: string
  readonly initial: Context
  readonly scope: Context
  readonly isHidden: boolean
}

export function resolve(form: Form, filling: Filling): readonly Node[] {
  const expressions = new Expressions(filling.now, filling.calendar)
  const watched = watchedBy(form.components)
  let data = filling.variables
  const build = (isLast: boolean) => new Builder(filling, expressions, watched, isLast).page(form.components, data)
  for (let round = 1; ; round++) {
    const nodes = build(false)
    const next = dataOf(nodes, filling.variables)
    if (round === ROUNDS_MAX || toJson(next) === toJson(data))
      return hasPresubmit(form.components) ? build(true) : nodes
    data = next
  }
}

const hasPresubmit = (components: readonly Component[]): boolean =>
  components.some((one) =>
    'components' in one ? hasPresubmit(one.components) : one.type === 'expression' && one.computeOn === 'presubmit',
  )

class Builder {
  readonly #filling: Filling
  readonly #expressions: Expressions
  readonly #watched: (name: string) => boolean
  readonly #isLast: boolean
  #nodes = 0

  constructor(filling: Filling, expressions: Expressions, watched: (name: string) => boolean, isLast: boolean) {
    this.#filling = filling
    this.#expressions = expressions
    this.#watched = watched
    this.#isLast = isLast
  }

  page(components: readonly Component[], data: Context): readonly Node[] {
    const { variables } = this.#filling
    return this.#all(components, { prefix: '', keyPrefix: '', initial: variables, scope: data, isHidden: false })
  }

  #all(components: readonly Component[], place: Place): readonly Node[] {
    return components.map((component) => this.#node(component, place))
  }

  #node(component: Component, place: Place): Node {
    if (++this.#nodes > NODES_MAX) throw new Error(`Expected a form of at most ${NODES_MAX} fields, but it has more.`)
    const isHidden = place.isHidden || this.#expressions.passes(component.conditional?.hide, place.scope)
    const here = { ...place, isHidden }
    switch (component.type) {
      case 'group':
        return this.#section(component, here)
      case 'dynamiclist':
        return component.isRepeating
          ? this.#rows(component, here)
          : this.#section({ ...component, type: 'group' }, here)
      case 'expression':
        return this.#computed(component, here)
      case 'textfield':
      case 'textarea':
      case 'number':
      case 'checkbox':
      case 'datetime':
      case 'select':
      case 'radio':
      case 'checklist':
      case 'taglist':
      case 'filepicker':
        return this.#field(component, here)
      case 'text':
      case 'html':
      case 'table':
      case 'separator':
      case 'spacer':
      case 'button':
      case 'image':
      case 'iframe':
      case 'documentPreview':
      case 'unknown':
        return this.#shown(component, here)
    }
  }

  #shown(component: Display, { isHidden, scope, prefix }: Place): Shown {
    const { typed, frames = [] } = this.#filling
    const permitted = { frames, viewOf: (control: string) => typed?.get(control)?.at(-1) ?? null }
    const content = contentOf(component, scope, this.#expressions, permitted, prefix)
    return { kind: 'shown', component, isHidden, content }
  }

  #section(component: Group, place: Place): Section {
    const path = component.path ? `${component.path}.` : ''
    const inner = { ...place, prefix: place.prefix + path, keyPrefix: place.keyPrefix + path }
    return {
      kind: 'section',
      component,
      isHidden: place.isHidden,
      id: place.prefix + component.id,
      label: this.#expressions.label(component.label, place.scope),
      description: this.#expressions.text(component.description, place.scope),
      nodes: this.#all(component.components, inner),
    }
  }

  #rows(component: DynamicList, place: Place): Rows {
    const key = place.keyPrefix + component.path
    const name = place.prefix + component.path
    const stored = itemsAt(place.initial, key)
    const current = itemsAt(place.scope, key) ?? []
    const typed = component.allowAddRemove && this.#filling.typed ? rowsTyped(this.#filling.typed, name) : null
    const count = typed ?? stored?.length ?? component.defaultRepetitions
    const rows = Array.from({ length: count }, (_, index) =>
      this.#all(component.components, {
        prefix: `${name}[${index}].`,
        keyPrefix: '',
        initial: stored?.[index] ?? new Map(),
        scope: rowScope(place.scope, current[index] ?? new Map(), index),
        isHidden: place.isHidden,
      }),
    )
    const label = this.#expressions.label(component.label, place.scope)
    const [min, max] = [countIn(component, 'rowsMin', 0), countIn(component, 'rowsMax', ROWS_MAX)]
    return { kind: 'rows', component, isHidden: place.isHidden, key, name, label, rows, min, max }
  }

  #computed(component: Expression, { isHidden, keyPrefix, scope }: Place): Computed {
    const isDue = component.computeOn === 'change' || this.#isLast
    const value = isDue && component.expression ? (this.#expressions.value(component.expression, scope) ?? null) : null
    return { kind: 'computed', component, isHidden, key: keyPrefix + component.key, value }
  }

  #field(component: Input, { isHidden, keyPrefix, prefix, initial, scope }: Place): Field {
    const kind = inputKindOf(component)
    const key = keyPrefix + component.key
    const name = prefix + component.key
    const beside = isMapField(component) ? valueAt(scope, besideOf(key, 'mq')) : undefined
    const around = this.#surroundings(component, scope, valueAt(initial, key), beside)
    const start = kind.admit(component, valueAt(initial, key) ?? defaultOf(component), around)
    const typed = this.#filling.typed?.get(name) ?? null
    const isReadonly = component.disabled || this.#isReadonly(component, start, scope)
    const reading = isReadonly || typed === null ? { value: start } : kind.read(component, typed, around)
    const { prefixAdorner, suffixAdorner } = ('appearance' in component && component.appearance) || {}
    return {
      kind: 'field',
      component,
      isHidden,
      key,
      name,
      label: this.#expressions.label(labelOf(component), scope),
      description: this.#expressions.text(component.description, scope),
      value: reading.value,
      initial: start,
      typed: isReadonly ? null : typed,
      unreadable: reading.fault ?? null,
      isReadonly,
      isWatched: this.#watched(component.key),
      around,
      prefix: this.#expressions.label(prefixAdorner, scope),
      suffix: this.#expressions.label(suffixAdorner, scope),
    }
  }

  #isReadonly(component: Input, start: Value, scope: Context): boolean {
    const { readonly, properties } = component
    if (this.#filling.certified?.has(properties.source ?? '') && start !== null && start !== '') return true
    return typeof readonly === 'boolean' ? readonly : this.#expressions.passes(readonly, scope)
  }

  #surroundings(component: Input, scope: Context, stored?: Value, declared?: Value): Surroundings {
    const known = component.type === 'filepicker' ? attachmentsIn(stored) : []
    const limit = (name: 'min' | 'max' | 'minLength' | 'maxLength') =>
      this.#expressions.limit((component.validate as Record<string, number | string | undefined>)[name], scope)
    const isChoice =
      component.type === 'select' ||
      component.type === 'radio' ||
      component.type === 'checklist' ||
      component.type === 'taglist'
    return {
      options: isChoice ? optionsOf(component, scope, this.#expressions) : [],
      min: limit('min'),
      max: limit('max'),
      minLength: limit('minLength'),
      maxLength: limit('maxLength'),
      increment: component.type === 'number' ? this.#expressions.limit(component.increment, scope) : null,
      today: todayAt(this.#filling.now),
      declaredSize: declared !== undefined && isNumeric(declared) ? declared : null,
      files: component.type === 'filepicker' ? this.#fileLimits(component, scope) : null,
      matches: (text, pattern) => this.#expressions.matches(text, pattern),
      attachment: (text) => known.find(({ id }) => id === text) ?? this.#filling.attachment?.(text) ?? null,
    }
  }

  #fileLimits(component: ComponentOf<'filepicker'>, scope: Context): FileLimits {
    const { multiple } = component
    const isMultiple = typeof multiple === 'boolean' ? multiple : this.#expressions.value(multiple, scope) === true
    return {
      kinds: kindsAccepted(this.#expressions.text(component.accept, scope)),
      min: countIn(component, 'filesMin', 0),
      max: isMultiple ? countIn(component, 'filesMax', FIELD_FILES_MAX) : 1,
    }
  }
}

/** A whole number among the properties of the form's author, in its bounds. */
function countIn({ properties }: Component, name: string, otherwise: number): number {
  const text = properties[name] ?? ''
  return /^\d{1,3}$/.test(text) ? Math.min(Number(text), ROWS_MAX) : otherwise
}

const labelOf = (component: Input): string | undefined =>
  component.type === 'datetime' ? (component.dateLabel ?? component.timeLabel ?? component.label) : component.label

const defaultOf = ({ defaultValue }: Input): Value =>
  defaultValue === undefined ? null : fromJson(JSON.stringify(defaultValue))

/** Undefined when there is no list yet: then the form's own number of rows counts. */
function itemsAt(data: Context, key: string): readonly Context[] | undefined {
  const list = valueAt(data, key)
  if (list === undefined || !isList(list)) return undefined
  return list.map((item) => (isContext(item) ? item : new Map()))
}

/** Inside a row: `this`, `parent` and `i` (positions from 1, the outer list first), each also between underscores. */
function rowScope(outer: Context, item: Context, index: number): Context {
  const positions = outer.get('i')
  const i = [...(positions !== undefined && isList(positions) && outer.has('this') ? positions : []), index + 1]
  const names: readonly (readonly [string, Value])[] = [
    ['this', item],
    ['parent', outer],
    ['i', i],
  ]
  return new Map([...outer, ...names, ...names.map(([name, value]) => [`_${name}_`, value] as const)])
}
