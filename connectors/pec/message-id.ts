/**
 * The Message-ID of what we send: it carries the key of the effect, so that every attempt has the same, and the practice, so that a
 * receipt finds it without anything being remembered, even by a database restored from a backup.
 */

const PREFIX = 'iter'

/** `practice/element/job`, the key of an effect, before the at sign; whatever is special in mail is written in hexadecimal. */
export function messageIdOf(effectKey: string, address: string): string {
  const words = effectKey.split('/')
  // Only the practice may have a slash of its own.
  const parts = [words.slice(0, -2).join('/'), ...words.slice(-2)].map((part) =>
    part.replace(/[^A-Za-z0-9_-]/gu, (character) =>
      [...Buffer.from(character)].map((byte) => `=${byte.toString(16).padStart(2, '0')}`).join(''),
    ),
  )
  return `<${[PREFIX, ...parts].join('.')}@${address.slice(address.lastIndexOf('@') + 1)}>`
}

/** The id of the practice; null when the message is not one of ours. */
export function practiceOf(messageId: string): string | null {
  const [prefix, practice = ''] = messageId.replace(/^<|@[^@]*$/g, '').split('.')
  if (prefix !== PREFIX || practice === '') return null
  const bytes = practice.replace(/=([0-9a-f]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
