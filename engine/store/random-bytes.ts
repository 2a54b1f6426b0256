/** Random bytes for salts and nonces, taken from the system by the page: a call for a dozen costs as much as one for a page. */
import { randomFillSync } from 'node:crypto'

const PAGE_BYTES = 4_096

let page = Buffer.alloc(0)

/** Each byte is given once. */
export function randomBytes(count: number): Buffer {
  if (page.length < count) page = randomFillSync(Buffer.allocUnsafeSlow(Math.max(PAGE_BYTES, count)))
  const taken = page.subarray(0, count)
  page = page.subarray(count)
  return taken
}
