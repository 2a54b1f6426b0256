/** The evaluator as the DMN TCK's runner wants it (`run.mjs --engine`): typed values in, typed values out. */
import {
  compileDecisions,
  type DecisionModel,
  evaluateDecision,
  evaluateInvocable,
  isContext,
  isList,
  type Value,
  valueFromText,
  valueToText,
} from '../../engine/feel/index.ts'

type Encoded =
  | null
  | string
  | boolean
  | number
  | readonly Encoded[]
  | { readonly type: 'context'; readonly value: { readonly [name: string]: Encoded } }
  | { readonly type: string; readonly value: string }

interface Options {
  readonly kind: 'decision' | 'decisionService' | 'bkm'
  readonly output?: string
}

const compiled = new WeakMap<readonly string[], DecisionModel>()

function modelOf(models: readonly string[]): DecisionModel {
  const known = compiled.get(models)
  if (known !== undefined) return known
  const [main = '', ...imports] = models
  const result = compileDecisions(main, { dialect: 'standard', imports })
  if (!result.ok) throw new Error(result.message)
  compiled.set(models, result.model)
  return result.model
}

function decode(encoded: Encoded): Value {
  if (encoded === null || typeof encoded !== 'object') return encoded
  if (Array.isArray(encoded)) return encoded.map(decode)
  const { type, value } = encoded as Exclude<Encoded, null | string | boolean | number | readonly Encoded[]>
  if (typeof value !== 'string') return new Map(Object.entries(value).map(([name, entry]) => [name, decode(entry)]))
  return valueFromText(type, value)
}

function encode(value: Value): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (isList(value)) return value.map(encode)
  if (isContext(value))
    return { type: 'context', value: Object.fromEntries([...value].map(([name, entry]) => [name, encode(entry)])) }
  return valueToText(value)
}

export function evaluate(
  models: readonly string[],
  name: string,
  inputs: { readonly [name: string]: Encoded },
  { kind, output }: Options,
): unknown {
  const model = modelOf(models)
  const values = new Map(Object.entries(inputs).map(([input, value]) => [input, decode(value)]))
  const evaluation = {
    lookup: (input: string) => values.get(input),
    now: Date.now(),
    random: Math.random,
    steps: 5_000_000,
  }
  const outcome =
    kind === 'decision'
      ? evaluateDecision(model, idOf(model.decisions, name), evaluation)
      : evaluateInvocable(
          model,
          idOf([...model.knowledge.values(), ...model.services.values()], name),
          values,
          evaluation,
        )
  if (outcome.failure !== undefined) throw new Error(outcome.failure.message)
  const found = outcome.output
  return encode(
    kind === 'decisionService' && output !== undefined && isContext(found) ? (found.get(output) ?? found) : found,
  )
}

const idOf = (all: readonly { readonly id: string; readonly name: string }[], name: string): string =>
  all.find((one) => one.name === name)?.id ?? name
