/** Writes NOTICE from package-lock.json: `npm run notice`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { notice } from './licences.ts'
import { root } from './sources.ts'

writeFileSync(join(root, 'NOTICE'), notice())
