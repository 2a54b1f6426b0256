/**
 * JSON that must keep every digit. Owns: the checks of JSON text from outside, cutting one member out of a text, and writing
 * answers that contain such text. Does not own: evaluation (engine/feel). Invariant: text that came in is handed on unchanged.
 */
import type { Json } from '../protocol/records.ts'
import { isText } from '../protocol/text.ts'
import { invalid } from './rejection.ts'

export const JSON_DEPTH_MAX = 100

const BACKSLASH = 0x5c
const QUOTE = 0x22

/** JSON text of any value, as it was read or is to be written. */
export class JsonText {
  readonly text: Json
  constructor(text: Json) {
    this.text = text
  }
}

/** The index behind the string that starts at `from`; `text` is valid JSON. */
function afterString(text: string, from: number): number {
  let at = from + 1
  while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at + 1
}

interface Sign {
  readonly sign: string
  readonly at: number
  /** How many brackets enclose it. */
  readonly depth: number
}

/** The brackets, commas and colons outside strings of valid JSON. */
function* signs(text: string): Generator<Sign> {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!
    if (sign === '"') at = afterString(text, at) - 1
    else if ('{}[],:'.includes(sign)) {
      if (sign === '}' || sign === ']') depth--
      yield { sign, at, depth }
      if (sign === '{' || sign === '[') depth++
    }
  }
}

function isTooDeep(text: string): boolean {
  if (text.length <= 2 * JSON_DEPTH_MAX) return false
  for (const { sign, depth } of signs(text)) {
    if (depth >= JSON_DEPTH_MAX && (sign === '{' || sign === '[')) return true
  }
  return false
}

/**
 * The value of JSON text. `what` names it in the refusal; the text itself is never repeated there, it may hold personal data.
 * Rejects: INVALID_ARGUMENT when it is no JSON or nested deeper than JSON_DEPTH_MAX.
 */
export function parseJson(text: string, what: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalid(`Expected ${what} to be valid JSON, but it could not be parsed`)
  }
  if (isTooDeep(text)) throw invalid(`Expected ${what} to be nested at most ${JSON_DEPTH_MAX} deep, but it is deeper`)
  return value
}

/** Text of a JSON object, unchanged; nothing, blank text and `null` mean the empty object, as on Zeebe's wire. */
export function objectText(text: string | undefined, what = 'variables'): Json {
  if (text === undefined || text.trim() === '') return '{}'
  const value = parseJson(text, what)
  if (value === null) return '{}'
  if (typeof value !== 'object' || Array.isArray(value)) {
    const found = Array.isArray(value) ? 'array' : typeof value
    throw invalid(`Expected ${what} to be a JSON object, but it is of type ${found}`)
  }
  if (!Object.keys(value).every(isText))
    throw invalid(`Expected the names of ${what} to be text, but one contains NUL or half a surrogate pair`)
  return text
}

/** The texts of the members of an object or of the items of a list, given its valid text; of two equal names the last one wins. */
function partTexts(text: Json): ReadonlyMap<string, Json> {
  const parts = new Map<string, Json>()
  let from = 0
  let name: string | null = null
  for (const { sign, at, depth } of signs(text)) {
    if (depth === 1 && sign === ':') {
      name = JSON.parse(text.slice(from, at)) as string
      from = at + 1
    } else if (depth === 0 || (depth === 1 && sign === ',')) {
      const part = text.slice(from, at).trim()
      if (part !== '' && (from > 0 || sign === ',')) parts.set(name ?? String(parts.size), part)
      from = at + 1
      name = null
    }
  }
  return parts
}
/** The text of a member of a JSON object, given the object's valid text; the last one wins, as in JSON.parse. */
export const memberText = (text: Json, name: string): Json | undefined => partTexts(text).get(name)

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value of JSON text, with every object called `variables` as its text, digit by digit, however deep it lies. */
export function withVariablesAsText(value: unknown, text: Json): unknown {
  if (typeof value !== 'object' || value === null || !text.includes('variables')) return value
  const texts = partTexts(text)
  if (Array.isArray(value)) return value.map((item, i) => withVariablesAsText(item, texts.get(String(i))!))
  const members = Object.entries(value).map(([name, member]) => {
    const part = texts.get(name)!
    return [name, name === 'variables' && isObject(member) ? new JsonText(part) : withVariablesAsText(member, part)]
  })
  return Object.fromEntries(members)
}

/** Like JSON.stringify for plain values, but with `JsonText` written as it stands. */
export function writeJson(value: unknown): string {
  if (value instanceof JsonText) return value.text
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${writeJson(member)}`).join(',')}}`
}
