/** The platforms' own XML schemas, read where they lie. They may not be copied here, so without them their tests do not run. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { specs } from './official-api.ts'
import { type Schema, schemaIn } from './xml-schema.ts'

/** `file` by its path among the specifications. */
export const schemaOf = (file: string): Schema => schemaIn(readFileSync(join(specs, file), 'utf8'))
