/**
 * The platforms' own OpenAPI files, read where they lie (ITER_SPECS, else ../shared/specs). They may not be copied here, so without
 * them what compares with them does not run.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type OpenApi, openApi } from './open-api.ts'

const root = join(import.meta.dirname, '../..')
export const specs = process.env.ITER_SPECS ?? join(process.env.ITER_SHARED ?? join(root, '../shared'), 'specs')

/** Why what compares with the platforms' files does not run; false when it does. */
export const withoutSpecs = existsSync(specs)
  ? false
  : `the platforms' schemas are not at ${specs}: name their folder in ITER_SPECS`

export const officialApi = (file: string): OpenApi => openApi(readFileSync(join(specs, file), 'utf8'))
