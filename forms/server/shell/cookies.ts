/** Cookies of the pages: read by name, written HttpOnly and SameSite=Lax; one kind is sealed, so that only we can have written it. */
import { createHmac, timingSafeEqual } from 'node:crypto'

export const cookieIn = (header: string | undefined, name: string): string | null => {
  for (const pair of (header ?? '').split(';')) {
    const [found, value] = pair.trim().split('=', 2)
    if (found === name && value !== undefined && value !== '') return value
  }
  return null
}

/** `maxAgeS` 0 removes it. */
export const cookie = (name: string, value: string, options: { maxAgeS: number; isSecure: boolean }): string =>
  `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${options.maxAgeS}${options.isSecure ? '; Secure' : ''}`

export interface Seal {
  close(content: Readonly<Record<string, string>>): string
  /** Null when the text was not sealed here or is past its time. */
  open(text: string | null): Readonly<Record<string, string>> | null
}

export function seal(secret: Uint8Array, purpose: string, lifeS: number): Seal {
  const mark = (text: string) => createHmac('sha256', secret).update(`${purpose}\n${text}`).digest()
  return {
    close(content) {
      const until = String(Date.now() + lifeS * 1_000)
      const text = Buffer.from(JSON.stringify({ ...content, until })).toString('base64url')
      return `${text}.${mark(text).toString('base64url')}`
    },
    open(sealed) {
      const [text = '', given = ''] = (sealed ?? '').split('.', 2)
      if (!isEqual(mark(text), Buffer.from(given, 'base64url'))) return null
      const content = JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, string>
      return Number(content.until) > Date.now() ? content : null
    },
  }
}

const isEqual = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other)

export const isSameText = (one: string, other: string): boolean => isEqual(Buffer.from(one), Buffer.from(other))
