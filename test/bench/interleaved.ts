/**
 * Times several ways to do the same in one run. Rounds alternate between the ways, so that a machine that slows down slows all of
 * them; each figure is the lower quartile of its rounds, because an interruption only ever adds.
 */

/** Work that is timed; what it returns is kept, so that no compiler may leave the work out. */
export type Work = () => unknown

const sink = { last: undefined as unknown }

function repeat(work: Work, count: number): number {
  const start = performance.now()
  for (let index = 0; index < count; index++) sink.last = work()
  return performance.now() - start
}

/** How often the work fits into so many milliseconds; the growing trials warm it up. */
function countWithin(work: Work, milliseconds: number): number {
  for (let count = 1; ; count *= 2) {
    const took = repeat(work, count)
    if (took >= milliseconds) return Math.max(1, Math.round((count * milliseconds) / took))
  }
}

export const lowerQuartile = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 2]!

export interface Effort {
  readonly rounds: number
  readonly warmUpMs: number
  /** Of each way in each round. */
  readonly roundMs: number
}

/** Microseconds of each way in each round. */
export function interleaved<Name extends string>(
  ways: Readonly<Record<Name, Work>>,
  { rounds, warmUpMs, roundMs }: Effort,
): Record<Name, readonly number[]> {
  const entries = Object.entries<Work>(ways) as [Name, Work][]
  const counts = entries.map(([, work]) => {
    countWithin(work, warmUpMs)
    return countWithin(work, roundMs)
  })
  const times = entries.map((): number[] => [])
  for (let round = 0; round < rounds; round++)
    entries.forEach(([, work], index) => {
      times[index]!.push((repeat(work, counts[index]!) / counts[index]!) * 1_000)
    })
  return Object.fromEntries(entries.map(([name], index) => [name, times[index]!])) as Record<Name, number[]>
}
