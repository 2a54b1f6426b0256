/** Facts and data beside the repository. Tests that need them say so when they are absent. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = process.env.ITER_SHARED ?? fileURLToPath(new URL('../../shared', import.meta.url))

export const sharedPath = (path: string): string => join(root, path)
export const sharedText = (path: string): string => readFileSync(sharedPath(path), 'utf8')
/** The reason to skip a test, or false. */
export const without = (path: string): string | false =>
  existsSync(sharedPath(path)) ? false : `shared data is absent: ${path}`
