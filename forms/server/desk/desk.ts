/**
 * What the desk's pages need and answer: plain requests in, pages and redirections out, so that they know no web server.
 * Owns: the shapes. Does not own: sessions, the frame of a page, the token against forged posts (the shell brings its field).
 */
import type { DocumentStore } from '../../../connectors/documents/store.ts'
import type { Gateway } from '../../../engine/protocol/gateway.ts'
import type { Town } from '../../../processes/town.ts'
import type { Attachments, ReceivedFile } from '../form/upload/attachments.ts'
import type { Html } from '../html.ts'
import type { Person } from '../identity/person.ts'
import type { AccessAction, Practices } from '../store/practices.ts'

export interface Desk {
  readonly gateway: Gateway
  readonly town: Town
  readonly practices: Practices
  readonly documents: DocumentStore
  readonly attachments: Attachments
  /** Epoch milliseconds of the engine's clock. */
  now(): number
  /** An icon of the design kit, hidden from readers. */
  icon(name: string): Html
}

export interface DeskRequest {
  readonly person: Person
  readonly query: URLSearchParams
  /** The parsed form body; nothing on GET. */
  readonly body: unknown
  readonly files: readonly ReceivedFile[]
  /** The hidden field that proves a post comes from our page. */
  readonly csrfField: Html
}

export type DeskAnswer =
  | {
      readonly kind: 'page'
      readonly status: 200 | 403 | 404 | 409 | 422
      readonly title: string
      readonly main: Html
      /** Deferred scripts, in order, that the page works without; see deskScripts. */
      readonly scripts?: readonly string[]
    }
  | { readonly kind: 'redirect'; readonly to: string }

/** Records who acted on which practice; an instance that no practice of the town started has none to record. */
export async function recordAccess(
  desk: Desk,
  person: Person,
  action: AccessAction,
  practice: string | null,
): Promise<void> {
  if (practice === null) return
  await desk.practices.recordAccess({ at: new Date(), person: person.id, action, practice })
}
