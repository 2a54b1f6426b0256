/** What chance decides of one run: the process, what clients do, what befalls the engine. Written down it can be told again. */
import { Chance } from './random.ts'

export interface Trouble {
  /** Between steps the engine is killed and opened again. */
  readonly crashes?: boolean
  /** Some batches are lost on their way to the store. */
  readonly losses?: boolean
  /** So many clients act at once. */
  readonly clients?: number
}
export interface Story {
  readonly process: Chance
  readonly clients: Chance
  readonly trouble: Chance
}
export const parts = ['process', 'clients', 'trouble'] as const
export type Part = (typeof parts)[number]

/** A story as it was told. */
export type Told = Readonly<Record<Part, readonly number[]>> & { readonly how: Trouble }

export const storyOf = (seed: number): Story => ({
  process: new Chance(seed),
  clients: new Chance(seed + 2 ** 30),
  trouble: new Chance(seed + 2 ** 31),
})
export const storyAgain = (told: Told): Story => ({
  process: Chance.repeating(told.process),
  clients: Chance.repeating(told.clients),
  trouble: Chance.repeating(told.trouble),
})
export const tell = (story: Story, how: Trouble): Told => ({
  process: withoutEnd(story.process.choices),
  clients: withoutEnd(story.clients.choices),
  trouble: withoutEnd(story.trouble.choices),
  how,
})
/** Where choices end all is zero anyway. */
function withoutEnd(choices: readonly number[]): readonly number[] {
  return choices.slice(0, choices.findLastIndex((choice) => choice !== 0) + 1)
}
