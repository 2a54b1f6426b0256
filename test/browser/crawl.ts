/**
 * Every page a person comes to: by every link from where they begin, and by every form, sent empty once and once with what is wrong.
 * Without a browser, so that hundreds are met in seconds; what was shown is kept as it came, to be looked at (every-page.test.ts).
 * Invariants
 * C1 Of the pages of one route and one status, those are kept that have a kind of element which none before had: the others differ in
 *    words alone.
 * C2 Links come before forms, and forms that end something come last, so that each state is met before it is over.
 */
import type { Browser } from '../pages/browser.ts'
import { attributesIn, type Control, type Form, formsIn, isTyped } from '../pages/markup.ts'

export interface Shown {
  /** Whose page, and how they came to it. */
  readonly name: string
  readonly isOfStaff: boolean
  readonly address: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly markup: string
}

/** As the routes write it: `/pratiche/:key`. */
export interface Place {
  readonly method: 'get' | 'post'
  readonly path: string
}

/** One button of a form. */
interface Sendable {
  readonly form: Form
  readonly action: URL
  readonly method: Place['method']
  readonly place: string
  readonly button: readonly [name: string, value: string] | null
  /** The same for forms that ask the same. */
  readonly id: string
}

/** Of addresses that differ only in what a key or a query says. */
const ALIKE_MAX = 12
const WRONG = '§'
const REFUSED_FILE = new File(['<svg xmlns="http://www.w3.org/2000/svg"/>'], 'disegno.pdf', { type: 'application/pdf' })
const ENDINGS = /rinuncia|elimina|sospendi|decidi|presenta|completa|invia/

export class Crawl {
  readonly shown: Shown[] = []
  /** Places that were asked, as `get /pratiche/:key`. */
  readonly asked = new Set<string>()
  /** Links that a page shows and that lead nowhere for whoever reads it. */
  readonly dead: string[] = []
  readonly #places: readonly (Place & { readonly pattern: RegExp })[]
  /** Of our pages; known once the first was opened. */
  #origin = ''
  readonly #kinds = new Map<string, ReadonlySet<string>>()
  readonly #sent = new Set<string>()

  constructor(places: readonly Place[]) {
    this.#places = places.map((place) => ({
      ...place,
      pattern: new RegExp(`^${place.path.replace(/:\w+/, '[^/]+')}$`),
    }))
  }

  /** Everything that links lead this person to from there, then what their forms answer, then what that has changed. */
  async walk(browser: Browser, who: string, start: string): Promise<void> {
    const met = await this.#follow(browser, who, start)
    await this.#sendAll(browser, who, met)
    await this.#follow(browser, who, start)
  }

  /** What the browser shows now. */
  keep(browser: Browser, name: string): void {
    const { address, status, markup } = browser
    if (!/text\/html/.test(browser.headers.get('content-type') ?? '')) return
    const place = this.#placeOf('get', address) ?? new URL(address).pathname
    const kinds = this.#kinds.get(`${place} ${status}`) ?? new Set()
    const fresh = kindsIn(markup).difference(kinds)
    if (fresh.size === 0) return
    this.#kinds.set(`${place} ${status}`, kinds.union(fresh))
    const headers = Object.fromEntries(
      ['content-type', 'content-security-policy'].map((one) => [one, browser.headers.get(one) ?? '']),
    )
    this.shown.push({ name, isOfStaff: markup.includes('href="/scrivania"'), address, status, headers, markup })
  }

  #placeOf(method: Place['method'], address: string): string | null {
    const { pathname } = new URL(address)
    return this.#places.find((place) => place.method === method && place.pattern.test(pathname))?.path ?? null
  }

  async #follow(browser: Browser, who: string, start: string): Promise<readonly string[]> {
    const known = new Set([start])
    const alike = new Map<string, number>()
    for (const path of known) {
      await browser.open(this.#origin + path)
      this.#origin ||= new URL(browser.address).origin
      for (const address of [this.#origin + path, browser.address]) {
        const place = this.#placeOf('get', address)
        if (place !== null) this.asked.add(`get ${place}`)
      }
      if (browser.status >= 400) this.dead.push(`${who}, ${path}: ${browser.status}`)
      // Where a page of ours sends one on to is no page of ours.
      if (new URL(browser.address).origin !== this.#origin) continue
      this.keep(browser, `${who}, ${path}`)
      for (const link of linksIn(browser)) {
        const url = new URL(link, browser.address)
        const kind = `${this.#placeOf('get', url.href) ?? url.pathname}?${[...url.searchParams.keys()].sort()}`
        const count = (alike.get(kind) ?? 0) + 1
        if (known.has(url.pathname + url.search) || count > ALIKE_MAX) continue
        alike.set(kind, count)
        known.add(url.pathname + url.search)
      }
    }
    return [...known]
  }

  async #sendAll(browser: Browser, who: string, met: readonly string[]): Promise<void> {
    const paths = new Set(met)
    for (const isLast of [false, true])
      for (const path of paths)
        for (const entries of ['empty', 'wrong'] as const)
          for (;;) {
            await browser.open(this.#origin + path)
            const next = this.#formsHere(browser).find(
              ({ id }) => (isLast || !ENDINGS.test(id)) && !this.#sent.has(id + entries),
            )
            if (next === undefined) break
            this.#sent.add(next.id + entries)
            await this.#send(browser, next, entries)
            this.keep(browser, `${who}, ${path}, ${next.id} sent ${entries}`)
            // Where one was led has forms of its own, such as the one that undoes.
            const { pathname, search } = new URL(browser.address)
            if (browser.address !== next.action.href) paths.add(pathname + search)
          }
  }

  /** Each button of each form, told by where it leads and what is asked. */
  #formsHere(browser: Browser): readonly Sendable[] {
    return formsIn(browser.markup).flatMap((form) => {
      const action = new URL(form.action || browser.address, browser.address)
      const method = form.method === 'post' ? 'post' : 'get'
      const place = this.#placeOf(method, action.href)
      if (place === null) return []
      const names = form.controls.map(({ name }) => name.replace(/\d+/g, '')).join()
      return form.buttons.map(({ name, value }) => ({
        ...{ form, action, place, method, button: name === null ? null : ([name, value] as const) },
        id: `${method} ${place} ${name ?? ''}=${value.replace(/\d+/g, '')} (${names})`,
      }))
    })
  }

  async #send(browser: Browser, to: Sendable, entries: 'empty' | 'wrong'): Promise<void> {
    const { form, action, method, place, button } = to
    this.asked.add(`${method} ${place}`)
    const body = filled(form, entries === 'empty' ? nothing : something)
    if (button !== null) body.append(button[0], button[1])
    if (method === 'post') await browser.send('POST', action.href, body)
    else if (body instanceof URLSearchParams) await browser.open(`${action.pathname}?${body}`)
  }
}

function filled(form: Form, entriesOf: (control: Control) => readonly (string | File)[]): URLSearchParams | FormData {
  const body = form.isInParts ? new FormData() : new URLSearchParams()
  for (const control of form.controls)
    for (const entry of [...control.fixed, ...entriesOf(control)])
      if (typeof entry === 'string') body.append(control.name, entry)
      else if (body instanceof FormData) body.append(control.name, entry)
  return body
}

const nothing = (control: Control): readonly string[] => (isTyped(control) ? [''] : [])
const something = (control: Control): readonly (string | File)[] => {
  if (control.isFile) return [REFUSED_FILE]
  if (isTyped(control)) return [WRONG]
  return control.choices?.slice(-1) ?? []
}

/** Within the town's own pages; the language and the session stay as they are. */
function linksIn({ markup, address }: Browser): readonly string[] {
  return [...markup.matchAll(/<a\b([^>]*)>/g)].flatMap(([, text]) => {
    const href = attributesIn(text!).get('href') ?? ''
    if (href === '' || href.startsWith('#')) return []
    const url = new URL(href, address)
    return url.origin === new URL(address).origin && !/^\/(?:lingua|accedi)/.test(url.pathname) ? [url.href] : []
  })
}

/** The kinds of elements there are, by what a style or a reader sees of them. */
function kindsIn(markup: string): ReadonlySet<string> {
  const telling = /^(?:class|role|type|disabled|hidden|open|required|aria-(?!labelledby|describedby|label$|controls))/
  return new Set(
    [...markup.matchAll(/<([a-z][\w-]*)\b([^>]*)>/g)].map(([, tag, text]) => {
      const told = [...attributesIn(text!)].filter(([name]) => telling.test(name))
      return `${tag}${told.map(([name, value]) => `[${name}=${value}]`).join('')}`
    }),
  )
}
