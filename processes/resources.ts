/** What is deployed at the start: every diagram, decision and form that comes with the program. Owns only where they lie. */
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const PLACES = ['processes/**/*.{bpmn,dmn}', 'forms/*.form']

export interface DeployableResource {
  readonly name: string
  readonly content: Uint8Array
}

/** In one deployment, so that a diagram finds the decisions and forms that it binds to. Those that stand already change nothing. */
export function deliveredResources(): readonly DeployableResource[] {
  const paths = globSync(PLACES, { cwd: root }).sort()
  return paths.map((path) => ({ name: basename(path), content: readFileSync(`${root}/${path}`) }))
}
