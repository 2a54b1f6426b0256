/** Regular expressions. */
import type { Definition } from './signature.ts'

export const patternFunctions: readonly Definition[] = []
