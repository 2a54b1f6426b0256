/** The writer of documents, in a thread of its own. */
import { openApart } from '../apart.ts'
import type { tasks } from './thread.ts'
import type { DocumentWriter } from './types.ts'

export function documentWriter(): DocumentWriter {
  const apart = openApart<typeof tasks>(new URL('./thread.ts', import.meta.url))
  return {
    write: (writing) => apart.run('write', { ...writing, data: JSON.stringify(writing.data) }),
    stamp: (pdf, stamp) => apart.run('stamp', { pdf, stamp }),
    close: () => apart.close(),
  }
}
