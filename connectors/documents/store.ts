/** The documents of the practices: what citizens attach, what is generated, signed and received. Pages and workers share them. */

/** A document is read whole by whoever signs, stamps or deposits it. */
export const DOCUMENT_BYTES_MAX = 32 * 1024 * 1024

export interface DocumentDescription {
  /** File name, as people see it. */
  readonly nome: string
  /** Media type, found from the content, never believed from its sender. */
  readonly tipo: string
  /** Id of the practice; null while it belongs to a draft. */
  readonly pratica: string | null
  /** The document that this one was made of and stands for; absent or null when it is no later version of any. */
  readonly sostituisce?: Replaced | null
}
/** An earlier version, which is there before the one that replaces it and never changes. */
export interface Replaced {
  /** Its id. */
  readonly documento: string
  /** What it lacks. */
  readonly senza: 'sigillo' | 'firma'
}
export interface StoredDocument extends DocumentDescription {
  readonly sostituisce: Replaced | null
  readonly id: string
  readonly byte: number
  /** SHA-256, base64. */
  readonly impronta: string
  /** ISO instant of business time. */
  readonly creato: string
}

export type Content = Uint8Array | AsyncIterable<Uint8Array>

export interface DocumentStore {
  /**
   * Keeps a document; with a `key` (an effect's) only once: a repeat resolves with the first.
   * Rejects with `DocumentTooLong`, keeping nothing.
   */
  put(content: Content, description: DocumentDescription, key?: string): Promise<StoredDocument>
  describe(id: string): Promise<StoredDocument | null>
  /** What an effect made, by its key. */
  madeBy(key: string): Promise<StoredDocument | null>
  read(id: string): Promise<Uint8Array | null>
  /** Oldest first. */
  ofPractice(pratica: string): Promise<readonly StoredDocument[]>
  /** What was attached to a draft becomes the practice's; a document of another practice stays where it is. */
  assign(ids: readonly string[], pratica: string): Promise<void>
  remove(id: string): Promise<void>
  /** Ids of what people have attached before that instant and no practice has; after an id, in their order. */
  unsent(before: Date, after: string | null, limit: number): Promise<readonly string[]>
  /** Of these, what is still of no practice; resolves with how many were removed. */
  removeUnsent(ids: readonly string[]): Promise<number>
}

export class DocumentTooLong extends Error {
  override readonly name = 'DocumentTooLong'
  constructor() {
    super(`Expected a document of at most ${DOCUMENT_BYTES_MAX} bytes, but it is longer.`)
  }
}
