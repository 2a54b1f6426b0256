/**
 * Keys for what the log holds of persons: one for each root process instance, derived from the installation's secret and a salt that
 * stands in the instance's own row. Wiping the salt makes the records of the instance, and of all it called, unreadable for ever.
 *
 * Invariants
 * K1 A part is sealed under a key that only secret and salt together give, with a nonce of its own (AES-256-GCM).
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { Key } from '../protocol/records.ts'
import type { Seal } from './log-format.ts'
import { randomBytes } from './random-bytes.ts'

export const SALT_BYTES = 16
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Salts and keys kept in memory, those of open instances above all; one that is missing is read from its row. */
const CACHED_MAX = 100_000

interface Sealed {
  /** Null: erased. */
  readonly salt: Buffer | null
  key?: Buffer
}

export class LogKeys {
  readonly #secret: Uint8Array
  readonly #roots = new Map<Key, Sealed>()

  constructor(secret: Uint8Array) {
    this.#secret = secret
  }

  /** Tells this secret from another. */
  get secretDigest(): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#secret, '', 'digest', SALT_BYTES))
  }

  knows(root: Key): boolean {
    return this.#roots.has(root)
  }
  saltOf(root: Key): Buffer | null {
    return this.#roots.get(root)?.salt ?? null
  }
  born(root: Key): void {
    this.found(root, randomBytes(SALT_BYTES))
  }
  found(root: Key, salt: Buffer | null): void {
    if (this.#roots.size >= CACHED_MAX) this.#roots.delete(this.#roots.keys().next().value!)
    this.#roots.set(root, { salt })
  }
  forget(root: Key): void {
    this.#roots.delete(root)
  }

  /** For one batch. @param own salt of what belongs to no instance; null when it was erased */
  sealFor(own: Buffer | null): Seal {
    const ofNone: Sealed = { salt: own }
    const keyOf = (root: Key): Buffer | null => {
      const sealed = root < 0 ? ofNone : this.#roots.get(root)
      if (sealed === undefined || sealed.salt === null) return null
      sealed.key ??= Buffer.from(hkdfSync('sha256', this.#secret, sealed.salt, 'iter log 1', 32))
      return sealed.key
    }
    return {
      // What is written about an erased instance nobody shall read: its key is thrown away.
      seal: (root, plain) => encrypt(keyOf(root) ?? randomBytes(32), plain),
      unseal: (root, sealed) => {
        const key = keyOf(root)
        return key === null ? null : decrypt(key, sealed)
      },
    }
  }
}

function encrypt(key: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Null when it was sealed under a key that is no more. */
function decrypt(key: Buffer, sealed: Buffer): Buffer | null {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  const plain = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES))
  try {
    return Buffer.concat([plain, decipher.final()])
  } catch {
    return null
  }
}
