/** All scenarios of a folder, played, and what they cover of the diagrams and decisions that lie beside them. */
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DeployableResource } from '../../processes/resources.ts'
import { isStartedByClock } from './clock-starts.ts'
import { type Coverage, coverageOfDecisions, coverageOfDiagram, coveragePicture } from './coverage.ts'
import { type Played, play } from './rehearsal.ts'
import { readScript } from './script.ts'

export const DELIVERED = fileURLToPath(new URL('../../processes', import.meta.url))

export interface Suite {
  readonly file: string
  readonly scenarios: ReturnType<typeof readScript>
  /** What lies beside the scenarios and is not on every stage: drafts, and what the clock starts. */
  readonly resources: readonly DeployableResource[]
}

/** Throws a `ScriptError` when a file is no scenario. */
export async function suitesIn(folder: string): Promise<readonly Suite[]> {
  const isDelivered = !relative(DELIVERED, folder).startsWith('..')
  const names = globSync('**/*.scenari', { cwd: folder }).sort()
  return Promise.all(
    names.map(async (name) => {
      const file = join(folder, name)
      const beside = globSync('*.{bpmn,dmn,form}', { cwd: dirname(file) }).map((each) => join(dirname(file), each))
      const resources = beside.map((path) => ({ name: basename(path), content: readFileSync(path) }))
      const startsItself = await Promise.all(resources.map(isStartedByClock))
      const own = isDelivered ? resources.filter((_, index) => startsItself[index]) : resources
      return { file, scenarios: readScript(readFileSync(file, 'utf8')), resources: own }
    }),
  )
}

/** Each is a town with platforms of its own, and all share one thread: of too many, some would wait longer than a platform may. */
const AT_ONCE = 8

/** In the order of the file. */
export async function playAll({ scenarios, resources }: Suite): Promise<readonly Played[]> {
  const waiting = scenarios.entries()
  const played: Played[] = []
  const playWaiting = async (): Promise<void> => {
    for (const [place, scenario] of waiting) played[place] = await play(scenario, resources)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, playWaiting))
  return played
}

export interface Covered extends Coverage {
  readonly path: string
  /** SVG; null for decisions. */
  readonly picture: string | null
}

/** Of each diagram and decision under the folder, by what all scenarios together have taken. */
export async function coverageIn(folder: string, played: readonly Played[]): Promise<readonly Covered[]> {
  const taken = new Set(played.flatMap(({ told }) => [...told.taken]))
  const rules = new Set(played.flatMap(({ told }) => [...told.rules]))
  const read = (pattern: string) =>
    globSync(pattern, { cwd: folder })
      .sort()
      .map((path) => ({ path, xml: readFileSync(join(folder, path), 'utf8') }))
  const diagrams = await Promise.all(
    read('**/*.bpmn').map(async ({ path, xml }) => ({
      path,
      ...(await coverageOfDiagram(xml, taken)),
      picture: await coveragePicture(xml, taken),
    })),
  )
  const decisions = read('**/*.dmn').flatMap(({ path, xml }) =>
    coverageOfDecisions(xml, rules).map((covered) => ({ path, ...covered, picture: null })),
  )
  return [...diagrams, ...decisions]
}
