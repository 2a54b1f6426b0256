/** Content on its way into a store: cut into pieces, counted and hashed while it passes. */
import { createHash } from 'node:crypto'
import { type Content, DOCUMENT_BYTES_MAX, DocumentTooLong } from './store.ts'

/** What one row holds: PostgreSQL moves it out of line, and a reader holds one piece at a time. */
const PIECE_BYTES = 256 * 1024

export interface Passed {
  readonly byte: number
  readonly impronta: string
}

/** Hands each piece on; resolves with what passed. Rejects with `DocumentTooLong` as soon as that is sure. */
export async function pass(content: Content, keep: (piece: Buffer, index: number) => Promise<void>): Promise<Passed> {
  const hash = createHash('sha256')
  let byte = 0
  let index = 0
  let rest: Buffer = Buffer.alloc(0)
  for await (const part of content instanceof Uint8Array ? [content] : content) {
    byte += part.byteLength
    if (byte > DOCUMENT_BYTES_MAX) throw new DocumentTooLong()
    hash.update(part)
    rest = Buffer.concat([rest, part])
    while (rest.byteLength >= PIECE_BYTES) {
      await keep(rest.subarray(0, PIECE_BYTES), index++)
      rest = rest.subarray(PIECE_BYTES)
    }
  }
  if (rest.byteLength > 0) await keep(rest, index)
  return { byte, impronta: hash.digest('base64') }
}
