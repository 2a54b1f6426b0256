/**
 * What a page carries for a file that was sent: its description, sealed for the person who sent it. Whoever posts a token of another,
 * or one made up, posts nothing.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Attachment, saidBy } from '../attachment.ts'

export interface Tokens {
  close(attachment: Attachment, owner: string): string
  /** Null when it was not sealed here for this person. */
  open(token: string, owner: string): Attachment | null
}

/** What precedes the id in every token. */
const BEFORE_ID = '{"id":"'
/** Of it and an id (36 characters) as many as fill base64 without a rest. */
const START_BYTES = 42

/** How each token of the file begins, whoever sent it. */
export const startOfToken = (id: string): string =>
  Buffer.from(`${BEFORE_ID}${id}`).subarray(0, START_BYTES).toString('base64url')

export function tokensOf(secret: Uint8Array): Tokens {
  const mark = (text: string, owner: string) =>
    createHmac('sha256', secret).update(`attachment\n${owner}\n${text}`).digest()
  return {
    close({ id, nome, tipo, impronta, byte }, owner) {
      const text = Buffer.from(JSON.stringify({ id, nome, tipo, impronta, byte })).toString('base64url')
      return `${text}.${mark(text, owner).toString('base64url')}`
    },
    open(token, owner) {
      const [text = '', given = ''] = token.split('.', 2)
      const [own, theirs] = [mark(text, owner), Buffer.from(given, 'base64url')]
      return own.length === theirs.length && timingSafeEqual(own, theirs) ? saidBy(token) : null
    },
  }
}
