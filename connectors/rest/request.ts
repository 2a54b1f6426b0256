/**
 * From a call's description and values to the request that leaves. Owns the filling in of path, query, headers and body.
 * Invariants
 * Q1 A value never changes where a request goes: what was composed is what a URL reader reads, below the service's own path.
 * Q2 A value in the path is one segment or part of one, of plain characters; in a header it is printable ASCII.
 * Q3 Errors name the place, never the value.
 */
import { type Feel, feelIn, valueText } from './feel.ts'
import type { RestCall, RestRequest, RestService } from './types.ts'

const BODY_BYTES_MAX = 1024 * 1024
const VALUE_CHARACTERS_MAX = 2_000

/** Letters and digits of any script, and what identifiers use; no separator, escape or control character. */
const PLAIN_SEGMENT = /^[\p{L}\p{N} ._~:@+,;=-]+$/u
const PRINTABLE = /^[\x20-\x7e]*$/

/** Where a service is, checked. Throws an `Error` that names the service. */
export function baseOf(service: string, { url, rete }: RestService): URL {
  const wrong = (found: string) =>
    new Error(`Expected the service ${service} to have a plain address, but ${found}. Correct it in the platforms.`)
  if (!URL.canParse(url)) throw wrong('it is no URL')
  const base = new URL(url)
  if (base.protocol !== 'https:' && base.protocol !== 'http:') throw wrong('it is neither http nor https')
  if (base.protocol === 'http:' && rete === 'pubblica') throw wrong('http on a public network shows everything')
  if (base.username !== '' || base.password !== '') throw wrong('it holds a name or a password')
  if (base.search !== '' || base.hash !== '') throw wrong('it goes on after its path')
  return base
}

export type Filled<Out> = (values: string) => Out

/** The URL for values (JSON text). Throws an `Error` for values that do not fit. */
export function urlOf(name: string, base: URL, { percorso, query = {} }: RestRequest): Filled<URL> {
  const parts = percorso.split(/\{([^{}]*)\}/).map((part, index) => (index % 2 === 0 ? part : feelIn(name, part)))
  const entries = Object.entries(query).map(
    ([key, value]) => [key, filledText(`${name}: query ${key}`, value)] as const,
  )
  const root = base.pathname.replace(/\/$/, '')
  return (values) => {
    const path = parts.map((part) => (typeof part === 'string' ? part : segment(name, part, values))).join('')
    const asked = entries.flatMap(([key, value]) => {
      const text = value(values)
      return text === null ? [] : [`${encoded(key)}=${encoded(text)}`]
    })
    const composed = `${root}${path}${asked.length === 0 ? '' : `?${asked.join('&')}`}`
    const url = new URL(`${base.origin}${composed}`)
    if (url.origin !== base.origin || `${url.pathname}${url.search}` !== composed) throw unfit(name, 'its path')
    return url
  }
}

function segment(name: string, feel: Feel, values: string): string {
  const text = valueText(feel, values)
  if (text === null || text.length > VALUE_CHARACTERS_MAX || !PLAIN_SEGMENT.test(text) || /^\.+$/.test(text))
    throw unfit(name, `{${feel.source}} of its path`)
  return encoded(text)
}

/** As a URL reader leaves it: it would encode the apostrophe too. Throws on half a surrogate pair. */
const encoded = (text: string): string => encodeURIComponent(text).replaceAll("'", '%27')

/** The headers for values (JSON text). Throws an `Error` for values that do not fit. */
export function headersOf(
  name: string,
  call: RestCall,
  { segreti }: RestService,
  chiave: string,
): Filled<Record<string, string>> {
  const { intestazioni = {}, credenziale, effetto, corpo } = call
  const filled = Object.entries(intestazioni).map(
    ([key, value]) => [key, filledText(`${name}: ${key}`, value)] as const,
  )
  return (values) => {
    const own = filled.map(([key, value]) => [key, printable(`${name}: ${key}`, value(values) ?? '')])
    return {
      accept: 'application/json',
      ...(corpo !== undefined && { 'content-type': 'application/json' }),
      ...Object.fromEntries(own),
      ...(effetto.classe === 'keyed' && effetto.intestazione && { [effetto.intestazione]: encodeURIComponent(chiave) }),
      ...(credenziale && { [credenziale.intestazione]: `${credenziale.prefisso}${segreti[credenziale.segreto]}` }),
    }
  }
}

function printable(place: string, text: string): string {
  if (text.length > VALUE_CHARACTERS_MAX || !PRINTABLE.test(text)) throw unfit(place, 'a header')
  return text
}

/** Fixed text, or FEEL after `=`; null when FEEL gives none. */
function filledText(place: string, source: string): Filled<string | null> {
  if (!source.startsWith('=')) return () => source
  const feel = feelIn(place, source.slice(1))
  return (values) => {
    const text = valueText(feel, values)
    if (text !== null && text.length > VALUE_CHARACTERS_MAX) throw unfit(place, 'it')
    return text
  }
}

/** The text itself when it is short enough to send. */
export function bounded(name: string, body: string): string {
  if (Buffer.byteLength(body) <= BODY_BYTES_MAX) return body
  throw unfit(name, 'its body')
}

const unfit = (name: string, what: string) =>
  new Error(
    `Expected ${name} to fill in ${what} with a value that fits, but it does not. Correct the variables or the call.`,
  )
