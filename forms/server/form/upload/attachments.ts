/**
 * Files between their sender and the store: inspected, kept as nobody's until a practice takes them, forgotten when they are removed.
 *
 * Owns: that only what was inspected is stored, and only its sender can use it. Does not own: what a file may be (inspect.ts).
 * Invariants
 * T1 A file that is refused leaves nothing in the store.
 * T2 A token is good for whoever sent the file, and only until another practice has it.
 */
import type { DocumentStore } from '../../../../connectors/documents/store.ts'
import type { Attachment } from '../attachment.ts'
import type { FileLimits } from '../files.ts'
import { KINDS } from '../files.ts'
import type { Reason } from '../refusals.ts'
import { safeName } from './file-name.ts'
import { inspect } from './inspect.ts'
import { type Scan, scanWith } from './scan.ts'
import { tokensOf } from './token.ts'

/** A file as it came in a post. */
export interface ReceivedFile {
  /** Name of the control. */
  readonly control: string
  /** As its sender calls it. */
  readonly name: string
  readonly declared: string
  /** Or why it was not read. */
  readonly content: Buffer | Extract<Reason, 'tooBig' | 'tooMuch'>
}

/** The files of one person. */
export interface PersonAttachments {
  /** Null for what is no token of this person's. */
  open(token: string): Attachment | null
  /** Resolves with a token for the page. */
  take(file: ReceivedFile, limits: FileLimits): Promise<{ readonly token: string } | { readonly reason: Reason }>
  /** Removes what no practice has yet; anything else stays. */
  forget(token: string): Promise<void>
  /** Whether the file can (still) be given to the practice. */
  isFree(id: string, practice: string | null): Promise<boolean>
}

export interface Attachments {
  of(owner: string): PersonAttachments
}

/** `scanner`: the town's own; null when it has none. */
export function attachmentsIn(documents: DocumentStore, secret: Uint8Array, scanner: Scan | null): Attachments {
  const tokens = tokensOf(secret)
  const scan = scanWith(scanner)
  const of = (owner: string): PersonAttachments => ({
    open: (token) => tokens.open(token, owner),
    async take({ name, declared, content }, { kinds }) {
      if (typeof content === 'string') return { reason: content }
      const found = await inspect({ name, declared, content }, kinds, scan)
      if ('reason' in found) return found
      const { kind } = found
      const description = { nome: safeName(name, kind), tipo: KINDS[kind].mediaType, pratica: null }
      const { id, nome, tipo, impronta, byte } = await documents.put(found.content, description)
      return { token: tokens.close({ id, nome, tipo, impronta, byte }, owner) }
    },
    async forget(token) {
      const known = tokens.open(token, owner)
      if (known !== null && (await documents.describe(known.id))?.pratica === null) await documents.remove(known.id)
    },
    async isFree(id, practice) {
      const stored = await documents.describe(id)
      return stored !== null && (stored.pratica === null || stored.pratica === practice)
    },
  })
  return { of }
}
