/**
 * FEEL's speed in one run: each expression by Iter, by `feelin`, and by a closure written by hand. `npm run bench:feel -- --help`.
 * Ends with 1 when a target is missed. Only ratios are claimed: all ways take turns on the same machine in the same minute.
 *
 * `feelin` has no compiled form, so that the time of its own `parseExpression` is taken off; what is left is building its closures,
 * converting the variables and evaluating.
 */
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { evaluate as feelin, parseExpression, parseUnaryTests, unaryTest } from 'feelin'
import {
  compileExpression,
  compileUnaryTests,
  type Evaluation,
  type Expression,
  evaluate,
  fromJson,
  isContext,
  toJson,
} from '../../engine/feel/index.ts'
import { reportHostile, timeHostile } from './feel-hostile.ts'
import { type Line, lines } from './feel-lines.ts'
import { tableWork } from './feel-table.ts'
import { type Effort, interleaved, lowerQuartile } from './interleaved.ts'

/** Of the hostile texts, so many are listed. */
const SLOWEST = 30

const { values: o } = parseArgs({
  options: {
    help: { type: 'boolean' },
    json: { type: 'boolean' },
    hostile: { type: 'boolean' },
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '21' },
    round: { type: 'string', default: '2' },
    'warm-up': { type: 'string', default: '20' },
  },
})
if (o.help) {
  console.log(`--only TEXT  lines whose name contains it   --json  instead of the table
--hostile  instead: the slowest of the texts of the hostile test, with ms and MB
--rounds 21  of each way, in turns   --round 2  ms   --warm-up 20  ms
Times are µs, lower quartiles of the rounds. "× feelin": how often Iter is faster; "× closure": how often slower than the closure.`)
  process.exit()
}

if (o.hostile) {
  reportHostile(timeHostile(o.only), SLOWEST)
  process.exit()
}

/** The targets of the project. */
const FASTER_THAN_FEELIN_MIN = 5
const SLOWER_THAN_CLOSURE_MAX = 8
const LINE_MIN = 1
const COMPILE_MIN = 1

const effort: Effort = { rounds: Number(o.rounds), warmUpMs: Number(o['warm-up']), roundMs: Number(o.round) }

interface Ways {
  readonly iter: () => unknown
  readonly feelin: () => unknown
  readonly feelinParse: () => unknown
  readonly native: () => unknown
  readonly compile: () => unknown
  /** Without variables, whose names it would read too. */
  readonly feelinBareParse: () => unknown
}

function waysOf({ source, top, variables, native }: Line): Ways {
  const isTest = top === 'unary tests'
  const compileLine = () => (isTest ? compileUnaryTests(source) : compileExpression(source))
  const parse = isTest ? parseUnaryTests : parseExpression
  const expression = expressionOf(compileLine)
  const values = fromJson(JSON.stringify(variables))
  const lookup: Evaluation['lookup'] = (name) => (isContext(values) ? values.get(name) : undefined)
  const evaluation: Evaluation = { lookup, now: 0, random: () => 0.5, input: lookup('?') ?? null }
  return {
    iter: () => evaluate(expression, evaluation),
    feelin: () => (isTest ? unaryTest(source, variables) : feelin(source, variables)),
    feelinParse: () => parse(source, variables, undefined),
    feelinBareParse: () => parse(source, {}, undefined),
    native,
    compile: compileLine,
  }
}

function expressionOf(compileLine: () => ReturnType<typeof compileExpression>): Expression {
  const compiled = compileLine()
  if (!compiled.ok) throw new Error(compiled.fault.message)
  return compiled.expression
}

/** As JSON with 15 digits, which is what floating point can say. */
function answers({ iter, feelin, native }: Ways): Record<'iter' | 'feelin' | 'native', string> {
  const outcome = iter() as ReturnType<typeof evaluate>
  const plain = (value: unknown): string =>
    JSON.stringify(value, (_key, item) => (typeof item === 'number' ? Number(item.toPrecision(15)) : item)) ?? 'null'
  return {
    iter: outcome.ok ? plain(JSON.parse(toJson(outcome.value))) : outcome.message,
    feelin: plain((feelin() as { value: unknown }).value),
    native: plain(native()),
  }
}

interface Figures {
  readonly name: string
  readonly source: string
  readonly excepted: string | null
  /** µs. */
  readonly iter: number
  readonly feelin: number
  readonly native: number
  readonly compile: number
  readonly parse: number
}

function measure(line: Line): Figures {
  const ways = waysOf(line)
  const times = interleaved(ways, effort)
  return {
    name: line.name,
    source: line.source,
    excepted: line.excepted,
    iter: lowerQuartile(times.iter),
    feelin: lowerQuartile(times.feelin) - lowerQuartile(times.feelinParse),
    native: lowerQuartile(times.native),
    compile: lowerQuartile(times.compile),
    parse: lowerQuartile(times.feelinBareParse),
  }
}

const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)

const chosen = lines.filter(({ name }) => name.includes(o.only))
const different = chosen
  .map((line) => ({ name: line.name, ...answers(waysOf(line)) }))
  .filter(({ iter, feelin, native }) => iter !== feelin || iter !== native)
const figures = chosen.map(measure)
const table = interleaved(tableWork(), effort)
const tableUs = lowerQuartile(table.iter)

const summary = {
  loadAverage: loadavg()[0]!,
  fasterThanFeelin: geometricMean(figures.map(({ iter, feelin }) => feelin / iter)),
  slowerThanClosure: geometricMean(figures.map(({ iter, native }) => iter / native)),
  compiledPerSecond: 1e6 / geometricMean(figures.map(({ compile }) => compile)),
  parsedPerSecondByFeelin: 1e6 / geometricMean(figures.map(({ parse }) => parse)),
  tableOf200Us: tableUs,
  tableOf200PerSecond: 1e6 / tableUs,
  tableSlowerThanClosure: tableUs / lowerQuartile(table.native),
}
const slower = figures.filter(({ iter, feelin }) => feelin / iter < LINE_MIN)

const misses = [
  ...different.map(
    ({ name, iter, feelin, native }) => `'${name}' differs: ${iter}, feelin ${feelin}, closure ${native}`,
  ),
  ...slower.filter(({ excepted }) => excepted === null).map(({ name }) => `'${name}' is slower than feelin`),
  ...(summary.fasterThanFeelin < FASTER_THAN_FEELIN_MIN ? [`less than ${FASTER_THAN_FEELIN_MIN} × feelin`] : []),
  ...(summary.slowerThanClosure > SLOWER_THAN_CLOSURE_MAX ? [`more than ${SLOWER_THAN_CLOSURE_MAX} × a closure`] : []),
  ...(summary.compiledPerSecond < summary.parsedPerSecondByFeelin * COMPILE_MIN
    ? ['compiles slower than feelin parses']
    : []),
]

if (o.json) console.log(JSON.stringify({ figures, ...summary, misses }, null, 2))
else report()
process.exitCode = misses.length === 0 ? 0 : 1

function report(): void {
  const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))
  console.log('| line | Iter µs | feelin µs | closure µs | × feelin | × closure | compile µs | feelin parse µs |')
  console.log('|---|---|---|---|---|---|---|---|')
  for (const { name, iter, feelin, native, compile, parse } of figures)
    console.log(
      `| ${name} | ${[iter, feelin, native, feelin / iter, iter / native, compile, parse].map(digits).join(' | ')} |`,
    )
  console.log(`
${figures.length} lines, load ${summary.loadAverage.toFixed(2)}
evaluation: ${summary.fasterThanFeelin.toFixed(1)} × feelin, ${summary.slowerThanClosure.toFixed(1)} × the time of a closure (geometric means)
compile: ${summary.compiledPerSecond.toFixed(0)} expressions/s; feelin parses ${summary.parsedPerSecondByFeelin.toFixed(0)}/s
a decision table of 200 rules: ${digits(tableUs)} µs, ${summary.tableOf200PerSecond.toFixed(0)} evaluations/s, ${summary.tableSlowerThanClosure.toFixed(1)} × the time of a closure`)
  for (const { name, excepted, iter, feelin } of slower.filter((line) => line.excepted !== null))
    console.log(`slower than feelin, as expected of ${excepted}: '${name}' ${digits(feelin / iter)} ×`)
  for (const miss of misses) console.log(`MISSED: ${miss}`)
}
