/**
 * A page as a function: a plain request in, a plain answer out, so that pages know no web server.
 * Owns: the shapes, the list of who may ask. Does not own: what is checked before (shell/), the frame around a page (shell/frame.ts).
 */
import type { DocumentStore } from '../../connectors/documents/store.ts'
import type { Gateway } from '../../engine/protocol/gateway.ts'
import type { Town } from '../../processes/town.ts'
import type { Language, Say } from './catalogue.ts'
import type { Attachments, ReceivedFile } from './form/upload/attachments.ts'
import { type Html, html } from './html.ts'
import type { Person } from './identity/person.ts'
import type { Practices } from './store/practices.ts'

/** What every page works with. */
export interface TownHall {
  readonly gateway: Gateway
  readonly town: Town
  readonly practices: Practices
  readonly documents: DocumentStore
  /** Files on their way from a page into the store. */
  readonly attachments: Attachments
  /** Business time, epoch milliseconds. */
  now(): number
  /** An icon of the design kit, hidden from readers. */
  icon(name: string): Html
}

/** Who asks. */
export interface Visit {
  readonly person: Person | null
  readonly query: URLSearchParams
  /** The parsed form body; nothing on GET. */
  readonly body: unknown
  /** What a post in parts brought; nothing of it is inspected yet. */
  readonly files: readonly ReceivedFile[]
  /** The hidden field that proves a post comes from our page; empty for a visitor. */
  readonly csrfField: Html
  readonly language: Language
  readonly say: Say
}
export interface PersonVisit extends Visit {
  readonly person: Person
}
/** A citizen signed in: the tax code is vouched for. */
export interface CitizenVisit extends Visit {
  readonly person: Person & { readonly cf: string }
}

export type Answer =
  | {
      readonly kind: 'page'
      readonly status: number
      readonly title: string
      readonly main: Html
      /** Of `main`, when it is not that of the visit. */
      readonly language?: Language
      /** Deferred scripts, in order, that the page works without. */
      readonly scripts?: readonly string[]
    }
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'text'; readonly name: string; readonly text: string }
  /** To keep: browsers do not open it within our pages. */
  | { readonly kind: 'file'; readonly name: string; readonly mediaType: string; readonly content: Uint8Array }

type Path = {
  readonly method: 'get' | 'post' /** In Express's words; `key` is the one parameter. */
  readonly path: string
}
type Answers<V> = (hall: TownHall, visit: V, key: string) => Promise<Answer>

/** A route states who may ask: one that does not cannot be written. */
export type Route = Path &
  (
    | { readonly access: 'anyone'; readonly answer: Answers<Visit> }
    | { readonly access: 'person'; readonly answer: Answers<PersonVisit> }
    | { readonly access: 'citizen'; readonly answer: Answers<CitizenVisit> }
    | { readonly access: 'staff'; readonly answer: Answers<PersonVisit> }
  )

export const page = (title: string, main: Html, status = 200): Answer => ({ kind: 'page', status, title, main })

export function refusedPage({ say }: Pick<Visit, 'say'>, status: 403 | 404): Answer {
  const title = say(status === 404 ? 'notFound' : 'forbidden')
  const text = say(status === 404 ? 'notFoundText' : 'forbiddenText')
  return page(title, html`<h1>${title}</h1><p>${text}</p><p><a href="/">${say('home')}</a></p>`, status)
}

/** Where the page stands: names with their address, the page itself last. */
export const breadcrumb = (
  say: Say,
  steps: readonly (readonly [name: string, address: string])[],
  here: string,
): Html =>
  html`<nav class="breadcrumb-container" aria-label="${say('trail')}"><ol class="breadcrumb">${steps.map(
    ([name, address]) =>
      html`<li class="breadcrumb-item"><a href="${address}">${name}</a><span class="separator" aria-hidden="true">/</span></li>`,
  )}<li class="breadcrumb-item active" aria-current="page">${here}</li></ol></nav>`
