/** What people see of a practice: the citizen's page, the desk, the steps as the office reads them, documents opened and read. */
import assert from 'node:assert/strict'
import { verifyDocument } from '../../connectors/firma/verify.ts'
import { Browser } from '../pages/browser.ts'
import { plain } from '../pages/markup.ts'
import { pdfText } from './pdf-text.ts'
import type { TownUnderTest } from './town.ts'

export const NO_TASK = /Nessun compito da svolgere/

/** The last window of each clerk: who looks again every minute does not sign in every time, which nobody may (429). */
const windows = new WeakMap<TownUnderTest, Map<string, Browser>>()

/** In a window of their own, signed in anew once their session has ended. */
export async function clerkAt(town: TownUnderTest, clerk: string, path: string): Promise<Browser> {
  const known = windows.get(town) ?? new Map<string, Browser>()
  windows.set(town, known)
  const again = await known.get(clerk)?.twin().open(path)
  if (again !== undefined && again.path !== '/accedi') return again
  const browser = await (await new Browser(town.pages).signIn(clerk)).open(path)
  known.set(clerk, browser)
  return browser.twin()
}

/** What the clerk reads on the desk. */
export const deskOf = async (town: TownUnderTest, clerk: string): Promise<string> =>
  (await clerkAt(town, clerk, '/scrivania')).text

/** How the practice stands, and since when that is its outcome; `2027-03-20T11:30`. */
export async function standing(browser: Browser, id: string): Promise<{ readonly is: string; readonly since: string }> {
  const { text } = await browser.open(`/pratiche/${id}`)
  const is = /Stato: (.*?) (?:Motivi|Numero di protocollo|Identificativo) /.exec(text)?.[1]
  const [, day, month, year, time] = /Esito: .*? Fatto: (\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d)/.exec(text) ?? []
  return { is: is ?? text, since: day === undefined ? '' : `${year}-${month}-${day}T${time}` }
}

/** The page of the practice with that number, as the office has it. */
export async function practiceAt(town: TownUnderTest, clerk: string, number: string): Promise<Browser> {
  const browser = await clerkAt(town, clerk, `/scrivania/pratiche?cerca=${encodeURIComponent(number)}`)
  const link = /href="(\/scrivania\/pratiche\/\d+)"/.exec(browser.markup)?.[1]
  assert.ok(link, `Expected the list to have ${number}, but it says: ${browser.text}`)
  return browser.open(link)
}

/** Names of the steps that the practice has ever taken. */
export async function stepsTaken(town: TownUnderTest, number: string): Promise<ReadonlySet<string>> {
  const { markup } = await practiceAt(town, 'Ugo Ferri', number)
  const table = /<h2[^>]*>Passi<\/h2><table.*?<\/table>/s.exec(markup)?.[0] ?? ''
  const names = [...table.matchAll(/<th scope="row"[^>]*>(.*?)<\/th>/gs)].map(([, name]) => plain(name!))
  assert.ok(names.length > 0, 'the office reads the steps')
  return new Set(names)
}

/** Fails when the practice has taken one of these steps. */
export async function assertNever(town: TownUnderTest, number: string, steps: readonly string[]): Promise<void> {
  const taken = await stepsTaken(town, number)
  assert.deepEqual(
    steps.filter((step) => taken.has(step)),
    [],
  )
}

export interface OpenedDocument {
  readonly text: string
  /** Whose seals or signatures hold, over the whole of it. */
  readonly signedBy: readonly string[]
}

/** The document of that name on the page that the browser shows, downloaded and read. */
export async function openDocument(browser: Browser, name: string): Promise<OpenedDocument> {
  const links = [...browser.markup.matchAll(/<a[^>]*href="(\/documenti\/[^"]+)"[^>]*>(.*?)<\/a>/gs)]
  const found = links.find(([, , inner]) => plain(inner!).startsWith(name))
  assert.ok(found, `Expected ${browser.address} to have ${name}, but it has ${links.map(([, , it]) => plain(it!))}`)
  const cookie = [...browser.cookies].map(([key, value]) => `${key}=${value}`).join('; ')
  const response = await fetch(new URL(found[1]!, browser.address), { headers: { cookie } })
  assert.equal(response.status, 200)
  return readDocument(new Uint8Array(await response.arrayBuffer()))
}

export async function readDocument(bytes: Uint8Array): Promise<OpenedDocument> {
  const { firme } = await verifyDocument(bytes, { trusted: [], at: 0 })
  const whole = firme.filter(({ integra, copreTutto, modifiche }) => integra && copreTutto && modifiche === 'NESSUNA')
  return { text: await pdfText(bytes), signedBy: whole.map(({ firmatario }) => firmatario) }
}

/** Fails unless the text says all of it. */
export function assertSays(text: string, said: readonly string[]): void {
  for (const one of said) assert.ok(text.includes(one), `Expected "${one}" to be said, but this is: ${text}`)
}
