/**
 * A page as a function: a plain request in, a plain answer out, so that pages know no web server.
 * Owns: the shapes, the list of who may ask. Does not own: what is checked before (shell/), the frame around a page (shell/frame.ts).
 */
import type { Accounts } from '../../connectors/contabilita/accounts.ts'
import type { DocumentStore } from '../../connectors/documents/store.ts'
import type { Gateway } from '../../engine/protocol/gateway.ts'
import type { ServiceSheets } from '../../processes/service-sheets.ts'
import type { Town } from '../../processes/town.ts'
import type { Language, Say } from './catalogue.ts'
import type { Attachments, ReceivedFile } from './form/upload/attachments.ts'
import { type Html, html } from './html.ts'
import type { Person } from './identity/person.ts'
import type { PayOnline } from './pay-online.ts'
import type { RegisterLookup } from './register.ts'
import type { Drafts } from './store/drafts.ts'
import type { Looks } from './store/looks.ts'
import type { MessageMarks } from './store/message-marks.ts'
import type { Notes } from './store/notes.ts'
import type { Practices } from './store/practices.ts'
import type { Ratings } from './store/ratings.ts'
import type { TaskDrafts } from './store/task-drafts.ts'
import type { MapLookup } from './town-map.ts'

/** What every page works with. */
export interface TownHall {
  readonly gateway: Gateway
  readonly town: Town
  /** What is said of each procedure. */
  readonly sheets: ServiceSheets
  readonly practices: Practices
  /** Of the practices: attached, generated, received. */
  readonly documents: DocumentStore
  /** Files on their way from a page into the store. */
  readonly attachments: Attachments
  readonly effects: Effects
  /** The money of the practices. */
  readonly accounts: Pick<Accounts, 'of'>
  readonly notes: Notes
  readonly taskDrafts: TaskDrafts
  readonly looks: Looks
  readonly drafts: Drafts
  readonly marks: MessageMarks
  readonly ratings: Ratings
  /** Never rejects: a register that is away knows nobody. */
  readonly register: RegisterLookup
  /** Of the town; one that is away rejects, one that is not there knows no address. */
  readonly map: MapLookup
  /** Never rejects: without a page to pay on, a notice is paid elsewhere. */
  readonly payOnline: PayOnline
  /** Business time, epoch milliseconds. */
  now(): number
  /** An icon of the design kit, hidden from readers. */
  icon(name: string): Html
}

/** What the workers' ledger remembers of outside effects, for the person who decides about one whose outcome nobody knows. */
export interface Effects {
  /** Those whose key begins so, oldest first. */
  startingWith(prefix: string): Promise<
    readonly {
      readonly key: string
      readonly operation: string
      /** ISO instant of the last call, by the database's clock. */
      readonly calledAt: string
      readonly isSettled: boolean
      /** By a person. */
      readonly isDecided: boolean
    }[]
  >
  /** It was certainly not done: the next attempt does it. What the platform itself has said meanwhile stands. */
  decideNotDone(key: string): Promise<void>
  /** It was done, with this outcome (JSON): the next attempt takes it. What the platform itself has said meanwhile stands. */
  decideDone(key: string, outcome: unknown): Promise<void>
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
  /** Done, and nothing to show: to a script that asked. */
  | { readonly kind: 'nothing' }
  /** JSON, to a script that asked. */
  | { readonly kind: 'data'; readonly data: object | null }
  | { readonly kind: 'text'; readonly name: string; readonly text: string }
  | {
      readonly kind: 'file'
      /** As it is saved. */
      readonly name: string
      readonly mediaType: string
      readonly content: Uint8Array
      /** Shown in a frame of ours instead of kept: only what a browser shows without running it. Else browsers do not open it. */
      readonly isInline?: boolean
    }

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
    | {
        readonly access: 'staff'
        readonly answer: Answers<PersonVisit>
        /** Of a post that came when the session had just ended: keeps what was typed for when the person is back. */
        readonly keep?: (hall: TownHall, person: Person, body: unknown, key: string) => Promise<void>
      }
  )

export type PageAnswer = Extract<Answer, { kind: 'page' }>

export const page = (title: string, main: Html, status = 200): PageAnswer => ({ kind: 'page', status, title, main })

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
