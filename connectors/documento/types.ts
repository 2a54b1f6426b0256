/** What a document is made of, and what may be done to it. */
import type { DocumentData, TemplateSource } from './template.ts'

export interface Letterhead {
  readonly ente: string
  readonly ufficio: string | null
  /** Addresses of the office: one line each. */
  readonly recapiti: readonly string[]
}
export interface Writing {
  readonly source: TemplateSource
  readonly data: DocumentData
  readonly letterhead: Letterhead
  /** Epoch milliseconds: when the document says it was made. */
  readonly at: number
}
export interface ProtocolStamp {
  readonly ente: string
  readonly numero: string
  readonly anno: number
  readonly registro: string
  /** ISO instant of registration. */
  readonly data: string
}

/** Failures are `Refused` (the template, the data or the document cannot be), their code the name of an error of this folder. */
export interface DocumentWriter {
  /** A tagged PDF/A-2a; the same writing is the same bytes. */
  write(writing: Writing): Promise<Uint8Array>
  /**
   * The same document with number, date and body of its registration on the first page (DPR 445/2000 art. 55). Refused with code
   * `NotStampable`: what is signed, encrypted or no PDF cannot be stamped.
   */
  stamp(pdf: Uint8Array, stamp: ProtocolStamp): Promise<Uint8Array>
  close(): Promise<void>
}
