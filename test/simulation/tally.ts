/** How often what happened. */
export type Tally = ReadonlyMap<string, number>

export class Counting extends Map<string, number> {
  add(what: string, times = 1): void {
    this.set(what, (this.get(what) ?? 0) + times)
  }
  addAll(of: Tally): void {
    for (const [what, times] of of) this.add(what, times)
  }
}
/** In one line, by name. */
export const lineOf = (tally: Tally): string =>
  [...tally]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([what, times]) => `${what} ${times}`)
    .join(', ')
