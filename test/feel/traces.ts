/** The scenarios recorded from Zeebe that can be played by evaluating alone. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const shared = process.env.ITER_SHARED ?? '../shared'
export const traces = join(shared, 'zeebe-traces')
export const missing: string | false = existsSync(traces) ? false : 'the recorded scenarios are not beside the clone'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

export interface Scenario {
  readonly name: string
  readonly folder: string
  readonly steps: readonly { readonly [verb: string]: unknown }[]
  readonly expressions: Readonly<Record<string, string>>
  readonly expected: {
    readonly responses: readonly {
      readonly step: string
      readonly ok?: { readonly [name: string]: Json }
      readonly error?: unknown
    }[]
    readonly final: {
      readonly variables: Readonly<Record<string, Readonly<Record<string, Json>>>>
      readonly incidents: readonly string[]
    }
  }
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

export function scenariosOf(area: string): readonly Scenario[] {
  if (missing) return []
  return readdirSync(join(traces, area)).map((name) => {
    const folder = join(traces, area, name)
    const scenario = read(join(folder, 'scenario.json')) as Partial<Scenario>
    const expected = read(join(folder, 'expected.json')) as Scenario['expected']
    return { name, folder, expressions: {}, steps: [], ...scenario, expected }
  })
}
