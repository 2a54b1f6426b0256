/**
 * Acts that go one at a time, in the order in which they came, however each of them ends.
 * `rest`: what follows each before the next may begin.
 */
export function oneAtATime(rest: () => Promise<void> = async () => {}) {
  let before: Promise<void> = Promise.resolve()
  return <Outcome>(act: () => Promise<Outcome>): Promise<Outcome> => {
    const turn = before.then(act)
    before = turn.then(rest, rest)
    return turn
  }
}
