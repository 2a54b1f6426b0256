/** What is deployed at the start: every diagram, decision and form that comes with the program. Owns only where they lie. */
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Whatever is referred to before what refers to it: whoever deploys them in portions never has a diagram without its forms and tables. */
const PLACES = ['forms/*.form', 'processes/**/*.dmn', 'processes/comuni/**/*.bpmn', 'processes/**/*.bpmn']

export interface DeployableResource {
  readonly name: string
  readonly content: Uint8Array
}

/** Each refers to the newest of what it names and to nothing of its own deployment. Those that stand already change nothing. */
export function deliveredResources(): readonly DeployableResource[] {
  const paths = new Set(PLACES.flatMap((place) => globSync(place, { cwd: root }).sort()))
  return [...paths].map((path) => ({ name: basename(path), content: readFileSync(`${root}/${path}`) }))
}
