/**
 * Makes a story that goes wrong as small as it can while it still goes wrong, in whatever way.
 *
 * It works on the choices, not on blocks: a block is a span of choices, so that cutting spans cuts blocks, steps and crashes alike,
 * putting a span into the place of one around it replaces a block by its child, and lowering a choice takes a simpler kind. So a kind
 * of block that somebody adds shrinks without a line here, and process, script and crashes shrink by the same few rules.
 */
import { Chance, type Span } from './random.ts'
import { type How, hows, type Part, parts, type Story, storyAgain, type Told, tell } from './story.ts'

/** Plays a story and throws when it goes wrong. */
export type Trial = (story: Story, how: Told['how']) => Promise<unknown>

export interface Shrunk {
  readonly told: Told
  readonly error: unknown
  readonly trials: number
  /** Of the process, and of what clients do before all are calm. */
  readonly blocks: number
  readonly steps: number
}
interface Failing {
  readonly told: Told
  readonly spans: Readonly<Record<Part, readonly Span[]>>
  readonly error: unknown
}

/** Other scripts that a smaller process is tried with when the old one no longer shows what is wrong. */
const OTHER_SCRIPTS = 3

/** @param within after so many trials what has been reached is enough */
export async function shrink(told: Told, trial: Trial, within = 1_500): Promise<Shrunk> {
  let trials = 0
  const attempt = async (candidate: Told): Promise<Failing | null> => {
    trials++
    const story = storyAgain(candidate)
    try {
      await trial(story, candidate.how)
      return null
    } catch (error) {
      const spans = { process: story.process.spans, clients: story.clients.spans, trouble: story.trouble.spans }
      return { told: tell(story, candidate.how), spans, error }
    }
  }
  const first = await attempt(told)
  if (first === null)
    throw new Error('Expected a story that goes wrong, but told again it goes well: it is not the same twice')
  let best = first
  const tried = new Set<string>()
  const improves = async (candidate: Told, changed: Part | 'how'): Promise<boolean> => {
    for (const clients of changed === 'process' ? scriptsFor(candidate) : [candidate.clients]) {
      const retold = { ...candidate, clients }
      const text = JSON.stringify(retold)
      if (trials >= within || tried.has(text)) continue
      tried.add(text)
      const failing = await attempt(retold)
      if (failing === null || !isSmaller(failing.told, best.told)) continue
      best = failing
      return true
    }
    return false
  }
  for (let before: Failing | null = null; before !== best && trials < within; ) {
    before = best
    for (const how of simplerHows(best.told.how)) await improves({ ...best.told, how }, 'how')
    for (const part of parts) {
      for (const change of changes) {
        // What has improved has other spans: they are looked at anew, from where the change was.
        for (let at = 0; trials < within; ) {
          const choices = change(best.told[part], best.spans[part], at)
          if (choices === null) break
          if (!(await improves({ ...best.told, [part]: choices }, part))) at++
        }
      }
    }
  }
  const count = (part: Part, label: string) => best.spans[part].filter((span) => span.label === label).length
  const [blocks, steps] = [count('process', 'block'), count('clients', 'step')]
  return { told: best.told, error: best.error, trials, blocks, steps }
}

const scriptsFor = ({ clients }: Told): readonly (readonly number[])[] => [
  clients,
  [],
  ...Array.from({ length: OTHER_SCRIPTS }, (_, seed) => randomChoices(seed)),
]
function randomChoices(seed: number): readonly number[] {
  const chance = new Chance(seed)
  return Array.from({ length: 200 }, () => chance.below(1_000))
}

const simplerHows = (how: How): readonly How[] => hows.slice(0, hows.indexOf(how))

/** The process counts first, then the script, then the trouble; of equally many choices the lower ones are simpler. */
function isSmaller(one: Told, other: Told): boolean {
  const differences = [
    troubles(one) - troubles(other),
    ...parts.flatMap((part) => [one[part].length - other[part].length, compare(one[part], other[part])]),
  ]
  return (differences.find((difference) => difference !== 0) ?? 0) < 0
}
const troubles = ({ how }: Told) => hows.indexOf(how)
function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((choice, i) => choice !== other[i])
  return at < 0 ? 0 : one[at]! - other[at]!
}

/** The `at`th way to change the choices; null when there are no more. */
type Change = (choices: readonly number[], spans: readonly Span[], at: number) => readonly number[] | null

const replaced = (choices: readonly number[], { from, to }: Pick<Span, 'from' | 'to'>, by: readonly number[]) => [
  ...choices.slice(0, from),
  ...by,
  ...choices.slice(to),
]
const largestFirst = (spans: readonly Span[]) =>
  [...spans].sort((one, other) => other.to - other.from - (one.to - one.from))

const cutEnd: Change = (choices, _spans, at) => {
  const kept = Math.floor(choices.length * (1 - 0.5 ** at))
  return kept < choices.length && at < 12 ? choices.slice(0, kept) : null
}
const cutSpan: Change = (choices, spans, at) => {
  const span = largestFirst(spans)[at]
  return span === undefined ? null : replaced(choices, span, [])
}
/** A span in the place of one of its kind around it. */
const hoist: Change = (choices, spans, at) => {
  const pairs = largestFirst(spans).flatMap((outer) =>
    spans
      .filter(({ label, from, to }) => label === outer.label && from >= outer.from && to <= outer.to)
      .filter((inner) => inner !== outer)
      .map((inner) => ({ outer, inner })),
  )
  const pair = pairs[at]
  if (pair === undefined) return null
  return replaced(choices, pair.outer, choices.slice(pair.inner.from, pair.inner.to))
}
const zeroSpan: Change = (choices, spans, at) => {
  const span = largestFirst(spans)[at]
  if (span === undefined) return null
  return replaced(choices, span, [choices[span.from] ?? 0, ...new Array(span.to - span.from - 1).fill(0)])
}
const cutChoice: Change = (choices, _spans, at) => (at < choices.length ? choices.toSpliced(at, 1) : null)
const lower =
  (to: (choice: number) => number): Change =>
  (choices, _spans, at) =>
    at < choices.length ? choices.with(at, to(choices[at]!)) : null

const changes: readonly Change[] = [
  cutEnd,
  cutSpan,
  hoist,
  zeroSpan,
  lower(() => 0),
  cutChoice,
  lower((choice) => choice >> 1),
  lower((choice) => Math.max(0, choice - 1)),
]

/** The story, as it is told when nobody shortens it. */
export async function toldBy(story: Story, how: How, trial: Trial): Promise<Told> {
  await trial(story, how).catch(() => {})
  return tell(story, how)
}
