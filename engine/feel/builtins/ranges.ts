/** Allen's relations between points and ranges. A point is taken as the range that holds it alone. */
import { order } from '../compare.ts'
import { RaisedFailure, type Run } from '../run.ts'
import { shown } from '../text.ts'
import { Range, type Value } from '../value.ts'
import { readRange } from './range-text.ts'
import { alike, type Definition, fn, type Illegal, illegal, UNFIT } from './signature.ts'

interface Bounds {
  readonly start: Value
  readonly end: Value
  readonly startIncluded: boolean
  readonly endIncluded: boolean
}
type Relation = (a: Bounds, b: Bounds) => boolean

const boundsOf = (value: Value): Bounds =>
  value instanceof Range ? value : { start: value, end: value, startIncluded: true, endIncluded: true }

/** Thrown where two ends cannot be compared; the relation has no answer then. */
class Incomparable extends Error {}

function compare(a: Value, b: Value): number {
  const found = order(a, b)
  if (found === null) throw new Incomparable()
  return found
}

/** Where one end lies before, at or after another, the smallest steps at open ends included. */
const starts = (a: Bounds, b: Bounds): number =>
  a.start === null || b.start === null
    ? Number(b.start === null) - Number(a.start === null)
    : compare(a.start, b.start) || Number(b.startIncluded) - Number(a.startIncluded)
const ends = (a: Bounds, b: Bounds): number =>
  a.end === null || b.end === null
    ? Number(a.end === null) - Number(b.end === null)
    : compare(a.end, b.end) || Number(a.endIncluded) - Number(b.endIncluded)

/** `a` ends before `b` starts. */
function precedes(a: Bounds, b: Bounds): boolean {
  if (a.end === null || b.start === null) return false
  const found = compare(a.end, b.start)
  return found < 0 || (found === 0 && !(a.endIncluded && b.startIncluded))
}

const meets: Relation = (a, b) =>
  a.end !== null && b.start !== null && a.endIncluded && b.startIncluded && compare(a.end, b.start) === 0
const overlaps: Relation = (a, b) => !precedes(a, b) && !precedes(b, a)
const includes: Relation = (a, b) => starts(a, b) <= 0 && ends(a, b) >= 0
const sameEnd: Relation = (a, b) => ends(a, b) === 0
const sameStart: Relation = (a, b) => starts(a, b) === 0

/** A point is not the range that holds it alone. */
const coincide: Relation = (a, b) => sameStart(a, b) && sameEnd(a, b) && a instanceof Range === b instanceof Range

const flipped =
  (relation: Relation): Relation =>
  (a, b) =>
    relation(b, a)

const relation =
  (holds: Relation) =>
  (_run: Run, a: Value, b: Value): Value | Illegal => {
    try {
      if (a === null || b === null) throw new Incomparable()
      return holds(boundsOf(a), boundsOf(b))
    } catch (error) {
      if (error instanceof Incomparable) return illegal(`Illegal arguments: '${shown(a)}', '${shown(b)}'`)
      throw error
    }
  }

type Form = 'point, point' | 'point, range' | 'range, point' | 'range, range'
const formOf = (a: Value, b: Value): Form =>
  a instanceof Range
    ? b instanceof Range
      ? 'range, range'
      : 'range, point'
    : b instanceof Range
      ? 'point, range'
      : 'point, point'

const isPoint = (value: Value): boolean => order(value, value) !== null && typeof value !== 'string'

/** Zeebe takes points and ranges that can be compared, and fails where it does not know the relation of the two. */
function inZeebe(run: Run, holds: Relation, known: ReadonlySet<Form>, a: Value, b: Value): Value | Illegal {
  const [left, right] = [boundsOf(a).start, boundsOf(b).start]
  if (!isPoint(left) || !isPoint(right) || order(left, right) === null) return UNFIT
  if (known.has(formOf(a, b))) return relation(holds)(run, a, b)
  throw new RaisedFailure(`scala.MatchError: (${shown(a)},${shown(b)}) (of class scala.Tuple2)`)
}

const names: Readonly<Record<Form, string>> = {
  'point, point': 'point1: any, point2: any',
  'point, range': 'point: any, range: any',
  'range, point': 'range: any, point: any',
  'range, range': 'range1: any, range2: any',
}

const all: readonly Form[] = ['point, point', 'point, range', 'range, point', 'range, range']
const within: readonly Form[] = ['point, range', 'range, range']
const around: readonly Form[] = ['range, point', 'range, range']
const alone: readonly Form[] = ['point, point', 'range, range']

/** `forms` name the parameters; `known` are those that Zeebe knows. */
function points(name: string, holds: Relation, forms: readonly Form[], known = forms): readonly Definition[] {
  const inCamunda = new Set(known)
  return alike(
    forms.map((form) => `${name}(${names[form]})` as `${string}(a: any, b: any)`),
    (run, a, b) => (run.dialect === 'camunda' ? inZeebe(run, holds, inCamunda, a, b) : relation(holds)(run, a, b)),
  )
}
const betweenRanges: ReadonlySet<Form> = new Set<Form>(['range, range'])

const ranges = (name: string, holds: Relation): readonly Definition[] => [
  fn(`${name}(range1: range, range2: range)`, relation(holds)),
  fn(`${name}(range1: any, range2: any)`, (run, a, b) => inZeebe(run, holds, betweenRanges, a, b), 'camunda'),
]

export const rangeFunctions: readonly Definition[] = [
  fn(
    'range(from: string)',
    (_run, from) => readRange(from) ?? illegal(`Failed to parse range from '${from}'`),
    'standard',
  ),
  ...points('before', precedes, all),
  ...points('after', flipped(precedes), all),
  ...ranges('meets', meets),
  ...ranges('met by', flipped(meets)),
  ...ranges('overlaps', overlaps),
  ...ranges('overlaps before', (a, b) => starts(a, b) < 0 && overlaps(a, b) && ends(a, b) <= 0),
  ...ranges('overlaps after', (a, b) => starts(a, b) > 0 && overlaps(a, b) && ends(a, b) >= 0),
  ...points('finishes', (a, b) => sameEnd(a, b) && starts(a, b) >= 0, within),
  ...points('finished by', (a, b) => sameEnd(a, b) && starts(a, b) <= 0, around),
  ...points('includes', includes, around),
  ...points('during', flipped(includes), within),
  ...points('starts', (a, b) => sameStart(a, b) && ends(a, b) <= 0, within),
  ...points('started by', (a, b) => sameStart(a, b) && ends(a, b) >= 0, around),
  ...points('coincides', coincide, alone, all),
]
