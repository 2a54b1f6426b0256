/** Packed data unpacked no further than a bound, piece by piece, off the main thread: what would become a mountain is stopped early. */

import type { Transform } from 'node:stream'
import { Readable } from 'node:stream'

/**
 * How many bytes come out; null when more than `max`. Data that do not unpack to their end count as far as they did.
 * `look` sees every piece.
 */
export async function inflatedBytes(
  packed: readonly Uint8Array[],
  unpacker: Transform,
  max: number,
  look: (piece: Buffer) => void = () => {},
): Promise<number | null> {
  const source = Readable.from(packed)
  source.on('error', () => {})
  let bytes = 0
  try {
    for await (const piece of source.pipe(unpacker) as AsyncIterable<Buffer>) {
      bytes += piece.length
      if (bytes > max) return null
      look(piece)
    }
  } catch {
    // Damaged data, or bytes after their end: readers go on too.
  } finally {
    unpacker.destroy()
    source.destroy()
  }
  return bytes
}
