/** The diagrams that a page of the documentation shows. */

import { textOf } from '../house/sources.ts'
import { file } from '../model/diagrams.ts'

/** The first diagram of the section, as it would be deployed. */
export function documented(page: string, heading: string): Buffer {
  const [, section] = textOf(page).split(`\n## ${heading}\n`)
  const shown = /^```xml\n([\s\S]*?)^```$/m.exec(section?.split('\n## ')[0] ?? '')?.[1]
  if (shown === undefined) throw new Error(`Expected a diagram below '${heading}' in ${page}, but found none`)
  return Buffer.from(file(shown))
}
