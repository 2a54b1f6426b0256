/** Whole numbers from 0 to below `below`, the same ones for the same seed. */
export type Random = (below: number) => number

export function generator(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}
