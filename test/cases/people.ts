/** The people of the cases. All they do goes through the pages' forms, without script; what they do ends when the town is at rest. */
import assert from 'node:assert/strict'
import { Browser, type Entries } from '../pages/browser.ts'
import { DECLARATION, FORM, fileOnline, fillIn, PROCESS_ID } from '../pages/declaration.ts'
import type { TownUnderTest } from './town.ts'

/** Who he is, as he writes it on paper; online his identity says so. */
const APPLICANT: Entries = {
  'richiedente.nome': 'Mario',
  'richiedente.cognome': 'Rossi',
  'richiedente.cf': 'RSSMRA85C01G273I',
}

const citizen = ({ pages }: TownUnderTest): Promise<Browser> => new Browser(pages).signIn('Mario Rossi', FORM)

/** The citizen's form, filled in with these differences and sent on to its summary, or back with its faults. */
export const fillDeclaration = async (town: TownUnderTest, differences: Entries): Promise<Browser> =>
  fillIn(await citizen(town), differences)

/** Files the declaration online, with consent for the TARI; the browser then shows its receipt. */
export async function declare(town: TownUnderTest): Promise<{ readonly browser: Browser; readonly id: string }> {
  const browser = await citizen(town)
  const id = await fileOnline(browser, { 'istanza.consensi.tari': true })
  await town.atRest()
  await browser.open(browser.path)
  return { browser, id }
}

/** A clerk files what stands on the paper; the browser then shows the instance. */
export async function declareAtCounter(town: TownUnderTest, differences: Entries): Promise<Browser> {
  const browser = await new Browser(town.pages).signIn('Sara Conti')
  await browser.open(`/scrivania/sportello/${PROCESS_ID}`)
  const { 'istanza.tipo': kind = '', 'istanza.titolo.tipo': title = '' } = DECLARATION
  await browser.press('Aggiorna le domande', { 'istanza.tipo': kind, 'istanza.titolo.tipo': title })
  await browser.press('Presenta', { ...DECLARATION, ...APPLICANT, ...differences })
  assert.match(browser.path, /^\/scrivania\/pratiche\/\d+\/ricevuta$/, browser.text)
  await town.atRest()
  return browser.open(browser.path.replace('/ricevuta', ''))
}

/** The clerk takes the task of that name from the queue and completes it. */
export async function completeTask(town: TownUnderTest, clerk: string, task: string, entries: Entries): Promise<void> {
  const browser = await new Browser(town.pages).signIn(clerk)
  await browser.open('/scrivania')
  await browser.follow(task)
  await browser.press('Completa', entries)
  assert.equal(browser.status, 200, browser.text)
  assert.equal(browser.path, '/scrivania', browser.text)
  await town.atRest()
}

export const register = (town: TownUnderTest): Promise<void> =>
  completeTask(town, 'Ugo Ferri', 'Registra la dichiarazione', { 'registrazione.conferma': true })

/** What the clerk reads on the desk. */
export async function deskOf(town: TownUnderTest, clerk: string): Promise<string> {
  const browser = await new Browser(town.pages).signIn(clerk)
  return (await browser.open('/scrivania')).text
}

export async function withdraw(town: TownUnderTest, browser: Browser, id: string): Promise<void> {
  await browser.open(`/pratiche/${id}`)
  await browser.follow('Rinuncia alla pratica')
  await browser.press('Conferma la rinuncia')
  await town.atRest()
}

/** What the citizen answers to the notice, from the page of the practice. */
export async function observe(town: TownUnderTest, browser: Browser, id: string, text: string): Promise<void> {
  await browser.open(`/pratiche/${id}`)
  await browser.follow('Presenta osservazioni')
  await browser.press('Invia le osservazioni', { testo: text })
  await town.atRest()
}
