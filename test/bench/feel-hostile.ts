/** How long the texts of the hostile test take, and how much memory: the budget is in steps, and this says what a step is worth. */
import { compileExpression, evaluate, fromJson, isContext, type Value } from '../../engine/feel/index.ts'
import { type Hostile, hostile } from '../feel/hostile-expressions.ts'

export interface Spent {
  readonly name: string
  /** To a closure, or to a fault. */
  readonly compileMs: number
  readonly evaluateMs: number
  /** What the heap grew by while it was evaluated, if nothing was collected meanwhile. */
  readonly heapMB: number
  readonly outcome: string
}

/** Of this thread, in ticks of a millisecond or so: what else the machine does does not count. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

const values = new Map<string, Value>()
function valuesOf(json: string): Value {
  const known = values.get(json) ?? fromJson(json)
  values.set(json, known)
  return known
}

/** The best of several, because whatever else the machine does only adds. */
export function timeHostile(only: string, repetitions = 3): readonly Spent[] {
  return hostile
    .filter(({ name }) => name.includes(only))
    .map((one) => {
      const runs = Array.from({ length: repetitions }, () => timed(one))
      const least = (of: (spent: Spent) => number): number => Math.min(...runs.map(of))
      return { ...runs[0]!, compileMs: least((run) => run.compileMs), evaluateMs: least((run) => run.evaluateMs) }
    })
}

function timed({ name, source, json, dialect }: Hostile): Spent {
  const variables = valuesOf(json)
  const start = threadMs()
  const compiled = compileExpression(source, dialect)
  const compileMs = threadMs() - start
  if (!compiled.ok) return { name, compileMs, evaluateMs: 0, heapMB: 0, outcome: compiled.fault.message }
  const before = process.memoryUsage().heapUsed
  const begun = threadMs()
  const outcome = evaluate(compiled.expression, {
    lookup: (variable) => (isContext(variables) ? variables.get(variable) : undefined),
    now: 0,
    random: () => 0.5,
  })
  const evaluateMs = threadMs() - begun
  const heapMB = (process.memoryUsage().heapUsed - before) / 2 ** 20
  return { name, compileMs, evaluateMs, heapMB, outcome: outcome.ok ? 'a value' : outcome.message }
}

export function reportHostile(spent: readonly Spent[], count: number): void {
  const slowest = spent.toSorted((a, b) => Math.max(b.compileMs, b.evaluateMs) - Math.max(a.compileMs, a.evaluateMs))
  console.log('| expression | compile ms | evaluate ms | heap MB | outcome |\n|---|---|---|---|---|')
  for (const { name, compileMs, evaluateMs, heapMB, outcome } of slowest.slice(0, count))
    console.log(
      `| ${name} | ${compileMs.toFixed(1)} | ${evaluateMs.toFixed(1)} | ${heapMB.toFixed(1)} | ${outcome.slice(0, 60)} |`,
    )
  console.log(`${spent.length} expressions`)
}
