/**
 * A browser without script, for tests: cookies, redirections and forms as the page has them. It fills in only controls that are
 * there and presses only buttons that are there, so that a test does what a person could do.
 */
import assert from 'node:assert/strict'
import { attributesIn, type Control, type Form, formsIn, plain } from './markup.ts'

const REDIRECTS_MAX = 20
/** Absent controls keep what the page gave them; false unchecks, a list checks or attaches several. */
export type Entries = Readonly<Record<string, string | boolean | readonly string[] | File | readonly File[]>>
/** What a person writes of a form: in parts when it says so, otherwise as one text. */
type Body = URLSearchParams | FormData

export class Browser {
  /** Of the page shown last. */
  status = 0
  address = ''
  markup = ''
  headers = new Headers()
  readonly cookies = new Map<string, string>()
  readonly #origin: string

  constructor(origin: string) {
    this.#origin = origin
  }

  get title(): string {
    return plain(/<title>(.*?)<\/title>/s.exec(this.markup)?.[1] ?? '')
  }
  /** What a person reads, without markup. */
  get text(): string {
    return plain(/<main.*?<\/main>/s.exec(this.markup)?.[0] ?? this.markup)
  }
  get path(): string {
    return new URL(this.address).pathname
  }

  /** Another window of it: the same cookies and page, from here on a life of its own. */
  twin(): Browser {
    const twin = new Browser(this.#origin)
    const { status, address, markup, headers } = this
    for (const [name, value] of this.cookies) twin.cookies.set(name, value)
    return Object.assign(twin, { status, address, markup, headers })
  }

  async open(path: string): Promise<this> {
    return this.send('GET', path)
  }

  /** Where the link with that text leads. */
  linkTo(text: string): string {
    const links = [...this.markup.matchAll(/<a\b([^>]*)>(.*?)<\/a>/gs)]
    const found = links.find(([, , inner]) => plain(inner!) === text)
    const all = links.map(([, , inner]) => plain(inner!)).join(' | ')
    assert.ok(found, `Expected ${this.address} to have a link "${text}", but it has: ${all}`)
    return attributesIn(found[1]!).get('href')!
  }

  async follow(text: string): Promise<this> {
    return this.open(this.linkTo(text))
  }

  /** Fills in and presses the button with that text, in the form that has it. */
  async press(text: string, entries: Entries = {}): Promise<this> {
    const forms = formsIn(this.markup)
    const form = forms.find(({ buttons }) => buttons.some((button) => button.text === text))
    const all = forms.flatMap(({ buttons }) => buttons.map((button) => button.text))
    assert.ok(form, `Expected ${this.address} to have a button "${text}", but it has: ${all.join(' | ')}`)
    const pressed = form.buttons.findLast((button) => button.text === text)!
    const body = bodyOf(form, entries)
    if (pressed.name !== null) body.append(pressed.name, pressed.value)
    const action = new URL(form.action || this.address, this.address).href
    return form.method === 'post' ? this.send('POST', action, body) : this.send('GET', `${action}?${String(body)}`)
  }

  /** Whether the page has a button with that text. */
  has(text: string): boolean {
    return formsIn(this.markup).some(({ buttons }) => buttons.some((button) => button.text === text))
  }

  /** What the forms of the page would send now, by the name of the control. */
  values(): ReadonlyMap<string, readonly string[]> {
    return new Map(
      formsIn(this.markup).flatMap(({ controls }) => controls.map(({ name, values }) => [name, values] as const)),
    )
  }

  /** Signs in as one of the sample people: by the words on the button. */
  async signIn(name: string, from = '/accedi'): Promise<this> {
    await this.open(from)
    const button = formsIn(this.markup)
      .flatMap(({ buttons }) => buttons)
      .find(({ text }) => text.endsWith(` ${name}`))
    assert.ok(button, `Expected ${this.address} to offer ${name}`)
    return this.press(button.text)
  }

  /** One request and the redirections after it; `headers` are for what no person could do. */
  async send(
    method: 'GET' | 'POST',
    path: string,
    body?: Body,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<this> {
    let [verb, address, content] = [method, new URL(path, this.address || this.#origin).href, body]
    for (let redirections = 0; redirections <= REDIRECTS_MAX; redirections++) {
      const response = await this.#request(verb, address, content, headers)
      const to = response.headers.get('location')
      if (response.status < 300 || response.status > 399 || to === null) return this.#show(address, response)
      await response.body?.cancel()
      ;[verb, address, content] = ['GET', new URL(to, address).href, undefined]
    }
    throw new Error(`Expected ${path} to lead to a page, but it led on more than ${REDIRECTS_MAX} times`)
  }

  async #request(
    method: string,
    address: string,
    body: Body | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const origin: Readonly<Record<string, string>> =
      method === 'POST' ? { origin: new URL(this.address || address).origin } : {}
    const all = { ...(cookie !== '' && { cookie }), ...origin, ...headers }
    const response = await fetch(address, { method, headers: all, redirect: 'manual', ...(body && { body }) })
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    return response
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    const isGone = value === '' || attributes.some((one) => /^max-age=0$/i.test(one) || /^expires=.*1970/i.test(one))
    if (isGone) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }

  async #show(address: string, response: Response): Promise<this> {
    this.address = address
    this.status = response.status
    this.headers = response.headers
    this.markup = await response.text()
    return this
  }
}

function bodyOf({ controls, action, isInParts }: Form, entries: Entries): Body {
  const names = controls.map(({ name }) => name)
  const missing = Object.keys(entries).filter((name) => !names.includes(name))
  assert.deepEqual(missing, [], `Expected the form to ${action} to have these controls, but it has: ${names.join(' ')}`)
  const body: Body = isInParts ? new FormData() : new URLSearchParams()
  for (const control of controls) {
    for (const value of valuesOf(control, entries[control.name])) body.append(control.name, value)
    if (!control.isFile || !(body instanceof FormData)) continue
    for (const file of filesOf(entries[control.name])) body.append(control.name, file)
  }
  return body
}

/** A control for files that is left alone sends an empty one. */
function filesOf(entry: Entries[string] | undefined): readonly File[] {
  const given = [entry].flat().filter((one) => one instanceof File)
  return given.length === 0 ? [new File([], '', { type: 'application/octet-stream' })] : given
}

function valuesOf(control: Control, entry: Entries[string] | undefined): readonly string[] {
  const { name, values, choices, fixed, isFile } = control
  if (entry === undefined || isFile) return values
  if (choices === null) return [entry].flat().map(String)
  if (typeof entry === 'boolean') return [...fixed, ...(entry ? choices : [])]
  const given = [entry].flat().map(String)
  const strange = given.filter((value) => !choices.includes(value))
  assert.deepEqual(strange, [], `Expected ${name} to be one of ${choices.join(', ')}`)
  return [...fixed, ...given]
}
