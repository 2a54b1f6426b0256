/** What is done with documents apart from everything else. */
import { serve } from '../apart.ts'
import { blocksOf } from './markup.ts'
import { stampPdf } from './stamp.ts'
import { type DocumentData, template } from './template.ts'
import type { ProtocolStamp, Writing } from './types.ts'
import { writePdf } from './writer.ts'

export const tasks = {
  /** The data comes as JSON: what a worker has read of it may hold numbers that cannot be cloned. */
  write: ({ source, data, letterhead, at }: Omit<Writing, 'data'> & { readonly data: string }): Promise<Uint8Array> =>
    writePdf(blocksOf(template(source)(exactly(data))), { letterhead, at }),
  stamp: ({ pdf, stamp }: { readonly pdf: Uint8Array; readonly stamp: ProtocolStamp }): Promise<Uint8Array> =>
    stampPdf(pdf, stamp),
}
serve(tasks)

/** A number that would lose digits becomes the text it was. */
function exactly(json: string): DocumentData {
  return JSON.parse(json, (_name, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? source : value,
  ) as DocumentData
}
