/**
 * The virus scanner's port. A town connects its own (clamd, ICAP); without one, the test file that every scanner knows is refused
 * all the same, so that an installation can be tried.
 */
import type { Reason } from '../refusals.ts'

/** `virus` when it is one, `unscanned` when the scanner does not answer: then nothing is taken. Null when nothing is found. */
export type Scan = (content: Uint8Array) => Promise<Extract<Reason, 'virus' | 'unscanned'> | null>

/** EICAR, in two halves, so that this file is not taken for it. */
const SIGNATURE = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!'].join('')

const isTestFile: Scan = async (content) =>
  Buffer.from(content.buffer, content.byteOffset, content.byteLength).includes(SIGNATURE) ? 'virus' : null

/** A scanner that throws has not answered. */
export const scanWith =
  (scanner: Scan | null): Scan =>
  async (content) => {
    const known = await isTestFile(content)
    if (known !== null || scanner === null) return known
    try {
      return await scanner(content)
    } catch {
      return 'unscanned'
    }
  }
