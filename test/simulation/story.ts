/** What chance decides of one run: the process, what clients do, what befalls the engine. Written down it can be told again. */
import { Chance } from './random.ts'

/** In a world where nothing goes wrong, in one where everything does, or there by a crowd of clients; the simplest first. */
export const hows = ['undisturbed', 'troubled', 'crowded'] as const
export type How = (typeof hows)[number]
export interface Story {
  readonly process: Chance
  readonly clients: Chance
  readonly trouble: Chance
}
export const parts = ['process', 'clients', 'trouble'] as const
export type Part = (typeof parts)[number]

/** A story as it was told. */
export type Told = Readonly<Record<Part, readonly number[]>> & { readonly how: How }

const PATHS_MAX = 100
/** Along different paths the same process. */
export const storyOf = (seed: number, path: number): Story => ({
  process: new Chance(seed),
  clients: new Chance(2 ** 30 + seed * PATHS_MAX + path),
  trouble: new Chance(2 ** 31 + seed * PATHS_MAX + path),
})
export const storyAgain = (told: Told): Story => ({
  process: Chance.repeating(told.process),
  clients: Chance.repeating(told.clients),
  trouble: Chance.repeating(told.trouble),
})
export const tell = (story: Story, how: How): Told => ({
  process: withoutEnd(story.process.choices),
  clients: withoutEnd(story.clients.choices),
  trouble: withoutEnd(story.trouble.choices),
  how,
})
/** Where choices end all is zero anyway. */
function withoutEnd(choices: readonly number[]): readonly number[] {
  return choices.slice(0, choices.findLastIndex((choice) => choice !== 0) + 1)
}
