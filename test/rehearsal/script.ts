/**
 * The language of scenarios: a page of text beside a diagram that says what is given, what happens when, and what then must hold.
 * Owns: reading it, with the line of each fault. Does not own: what a statement does (rehearsal.ts). Described in docs/scenarios.md.
 */

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [name: string]: JsonValue
}

export type Answer =
  | { readonly kind: 'answers'; readonly variables: JsonObject }
  | { readonly kind: 'throws'; readonly code: string }
  | { readonly kind: 'fails'; readonly message: string }
  /** Back to the worker that the program has for it. */
  | { readonly kind: 'works' }

export type Action =
  | { readonly do: 'clock'; readonly at: Temporal.PlainDateTime }
  | { readonly do: 'wait'; readonly duration: Temporal.Duration }
  | { readonly do: 'job'; readonly type: string; readonly answer: Answer }
  | { readonly do: 'start'; readonly process: string; readonly variables: JsonObject }
  /** Asked alone, without a process. */
  | { readonly do: 'decide'; readonly decision: string; readonly variables: JsonObject }
  | { readonly do: 'complete'; readonly task: string; readonly variables: JsonObject }
  | { readonly do: 'message'; readonly name: string; readonly key: string | null; readonly variables: JsonObject }
  | { readonly do: 'signal'; readonly name: string; readonly variables: JsonObject }
  | { readonly do: 'retry' }
  | { readonly do: 'cancel' }

export type Expectation =
  /** Exactly these user tasks are open. */
  | { readonly expect: 'open'; readonly tasks: readonly string[] }
  | { readonly expect: 'due'; readonly task: string; readonly at: Temporal.PlainDateTime }
  /** Completed so often so far. */
  | { readonly expect: 'done'; readonly element: string; readonly times: number }
  | { readonly expect: 'not'; readonly elements: readonly string[] }
  /** Jobs of the type completed so often so far; the last one read these variables. */
  | { readonly expect: 'job'; readonly type: string; readonly times: number; readonly variables: JsonObject }
  | { readonly expect: 'true'; readonly expression: string }
  | { readonly expect: 'running' }
  | { readonly expect: 'ended'; readonly at: Temporal.PlainDateTime | null }
  | { readonly expect: 'incident'; readonly element: string }

export type Statement = { readonly line: number } & (Action | Expectation)

export interface Scenario {
  readonly name: string
  readonly line: number
  readonly statements: readonly Statement[]
  /** Elements and job types that no moment of it may see, nor any later day. */
  readonly never: readonly string[]
}

/** A fault of the text, with the line it is on. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError'
  readonly line: number
  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

/** What stands before the first `scenario` holds for each of them. Throws a `ScriptError`. */
export function readScript(text: string): readonly Scenario[] {
  const scenarios: { name: string; line: number; statements: Statement[]; never: string[] }[] = []
  const shared: Statement[] = []
  const documents = new Map<string, JsonObject>()
  for (const { line, text: sentence } of sentencesOf(text)) {
    const [verb = '', rest] = firstWord(sentence)
    const scenario = scenarios.at(-1)
    switch (verb) {
      case 'scenario':
        scenarios.push({ name: named(rest, line), line, statements: [...shared], never: [] })
        break
      case 'given': {
        const [what, more] = firstWord(rest)
        if (what === 'document') documents.set(...documentOf(more, line))
        else (scenario?.statements ?? shared).push({ line, ...givenOf(what, more, line) })
        break
      }
      case 'when':
        inScenario(scenario, verb, line).statements.push({ line, ...actionOf(rest, line, documents) })
        break
      case 'then':
        inScenario(scenario, verb, line).statements.push({ line, ...expectationOf(rest, line) })
        break
      case 'never':
        inScenario(scenario, verb, line).never.push(...listOf(rest))
        break
      default:
        throw new ScriptError(line, `Expected scenario, given, when, then or never, but found '${verb}'`)
    }
  }
  return scenarios
}

/** A line that begins with space goes on with the one before. */
function* sentencesOf(text: string): Generator<{ readonly line: number; readonly text: string }> {
  let sentence: { line: number; text: string } | null = null
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    if (/^\s/.test(line) && sentence !== null) {
      sentence.text += `\n${line}`
      continue
    }
    if (sentence !== null) yield sentence
    sentence = { line: index + 1, text: line }
  }
  if (sentence !== null) yield sentence
}

function inScenario<S>(scenario: S | undefined, verb: string, line: number): S {
  if (scenario === undefined) throw new ScriptError(line, `Expected a line 'scenario NAME' before the first '${verb}'`)
  return scenario
}

function firstWord(text: string): readonly [string, string] {
  const trimmed = text.trimStart()
  const end = /\s/.exec(trimmed)?.index ?? trimmed.length
  return [trimmed.slice(0, end), trimmed.slice(end).trim()]
}
const listOf = (text: string): readonly string[] => text.split(/[\s,]+/).filter((word) => word !== '')
const named = (text: string, line: number): string => {
  if (text === '') throw new ScriptError(line, 'Expected a name')
  return text
}

function givenOf(what: string, rest: string, line: number): Action {
  switch (what) {
    case 'clock':
      return clockOf(rest, line)
    case 'job':
      return jobOf(rest, line)
    default:
      throw new ScriptError(line, `Expected 'given clock', 'given job' or 'given document', but found 'given ${what}'`)
  }
}

function actionOf(text: string, line: number, documents: ReadonlyMap<string, JsonObject>): Action {
  const [verb, rest] = firstWord(text)
  const [words, variables] = wordsAndJson(rest, line)
  const name = () => named(words[0] ?? '', line)
  switch (verb) {
    case 'clock':
      return clockOf(rest, line)
    case 'job':
      return jobOf(rest, line)
    case 'start':
      return { do: 'start', process: name(), variables: givenVariables(words.slice(1), variables, documents, line) }
    case 'decide':
      return { do: 'decide', decision: name(), variables: givenVariables(words.slice(1), variables, documents, line) }
    case 'complete':
      return { do: 'complete', task: name(), variables }
    case 'message':
      return { do: 'message', name: name(), ...messageOf(words.slice(1), variables, documents, line) }
    case 'signal':
      return { do: 'signal', name: name(), variables }
    case 'retry':
    case 'cancel':
      return { do: verb }
    default:
      throw new ScriptError(
        line,
        `Expected clock, start, decide, complete, message, signal, job, retry or cancel, but found 'when ${verb}'`,
      )
  }
}

/** The key, or none, before what the message carries. */
function messageOf(
  words: readonly string[],
  changes: JsonObject,
  documents: ReadonlyMap<string, JsonObject>,
  line: number,
): { readonly key: string | null; readonly variables: JsonObject } {
  const hasKey = words.length > 0 && words[0] !== 'with'
  const variables = givenVariables(hasKey ? words.slice(1) : words, changes, documents, line)
  return { key: hasKey ? words[0]! : null, variables }
}

/** `with NAME` takes a given document; what stands in braces changes it as a merge patch (RFC 7396): null takes away. */
function givenVariables(
  words: readonly string[],
  changes: JsonObject,
  documents: ReadonlyMap<string, JsonObject>,
  line: number,
): JsonObject {
  if (words.length === 0) return changes
  const [keyword, name = ''] = words
  const document = documents.get(name)
  if (keyword !== 'with' || document === undefined)
    throw new ScriptError(line, `Expected 'with' and the name of a given document, but found '${words.join(' ')}'`)
  return patched(document, changes) as JsonObject
}
const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
function patched(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isObject(patch)) return patch
  const merged: Record<string, JsonValue> = isObject(target) ? { ...target } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name]
    else merged[name] = patched(merged[name], value)
  }
  return merged
}

function expectationOf(text: string, line: number): Expectation {
  const [verb, rest] = firstWord(text)
  switch (verb) {
    case 'open':
      return { expect: 'open', tasks: rest === 'nothing' ? [] : listOf(named(rest, line)) }
    case 'due': {
      const [task, at] = firstWord(rest)
      return { expect: 'due', task, at: timeOf(at, line) }
    }
    case 'done': {
      const [element, times] = firstWord(rest)
      return { expect: 'done', element: named(element, line), times: timesOf(times, line) }
    }
    case 'not':
      return { expect: 'not', elements: listOf(named(rest, line)) }
    case 'job': {
      const [words, variables] = wordsAndJson(rest, line)
      return { expect: 'job', type: named(words[0] ?? '', line), times: timesOf(words[1] ?? '', line), variables }
    }
    case 'running':
      return { expect: 'running' }
    case 'ended':
      return { expect: 'ended', at: rest === '' ? null : timeOf(rest, line) }
    case 'incident':
      return { expect: 'incident', element: named(rest, line) }
    default:
      return { expect: 'true', expression: text }
  }
}

function timesOf(text: string, line: number): number {
  const times = text === '' ? 1 : Number(text)
  if (!Number.isInteger(times) || times < 0)
    throw new ScriptError(line, `Expected a number of times, but found '${text}'`)
  return times
}

function clockOf(text: string, line: number): Action {
  if (!text.startsWith('+')) return { do: 'clock', at: timeOf(text, line) }
  try {
    return { do: 'wait', duration: Temporal.Duration.from(text.slice(1).trim()) }
  } catch {
    throw new ScriptError(line, `Expected a duration such as + P10D or + PT1H, but found '${text}'`)
  }
}
function timeOf(text: string, line: number): Temporal.PlainDateTime {
  try {
    return Temporal.PlainDateTime.from(text)
  } catch {
    throw new ScriptError(line, `Expected a time of the town such as 2027-03-01T10:00, but found '${text}'`)
  }
}

function jobOf(text: string, line: number): Action {
  const [type, rest] = firstWord(text)
  const [kind, more] = firstWord(rest)
  return { do: 'job', type: named(type, line), answer: answerOf(kind, more, line) }
}
function answerOf(kind: string, rest: string, line: number): Answer {
  switch (kind) {
    case 'answers':
      return { kind, variables: wordsAndJson(rest, line)[1] }
    case 'throws':
      return { kind, code: named(rest, line) }
    case 'fails':
      return { kind, message: rest === '' ? 'the scenario lets it fail' : rest }
    case 'works':
      return { kind }
    default:
      throw new ScriptError(line, `Expected answers, throws, fails or works, but found '${kind}'`)
  }
}

function documentOf(text: string, line: number): [string, JsonObject] {
  const [words, value] = wordsAndJson(text, line)
  return [named(words[0] ?? '', line), value]
}
function wordsAndJson(text: string, line: number): readonly [readonly string[], JsonObject] {
  const brace = text.indexOf('{')
  if (brace < 0) return [listOf(text), {}]
  try {
    return [listOf(text.slice(0, brace)), JSON.parse(text.slice(brace)) as JsonObject]
  } catch (error) {
    throw new ScriptError(
      line,
      `Expected JSON from the first brace on, but ${error instanceof Error ? error.message : 'it is none'}`,
    )
  }
}
