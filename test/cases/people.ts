/** The people of the cases. All they do goes through the pages' forms, without script; what they do ends when the town is at rest. */
import assert from 'node:assert/strict'
import { Browser, type Entries } from '../pages/browser.ts'
import type { TownUnderTest } from './town.ts'

const SERVICE = 'comune.anagrafe.residenza'

/** The two answers on which further questions depend. */
const CHOICES: Entries = { 'istanza.tipo': 'ALTRO_COMUNE', 'istanza.titolo.tipo': 'LOCAZIONE' }
/** Mario Rossi moves alone from Prato, with a registered lease and consent for the TARI; his name comes from his identity. */
const DECLARATION: Entries = {
  'istanza.comuneProvenienza': 'Prato',
  'istanza.dataTrasferimento': '2027-02-20',
  'istanza.indirizzo.via': 'via Libertà',
  'istanza.indirizzo.civico': '12',
  'istanza.famiglia': 'NUOVA',
  'istanza.titolo.estremi': 'registrato a Prato, n. 1234 del 2027',
  'istanza.consensi.tari': true,
  'istanza.dichiarazioneVeritiera': true,
}
/** As he writes them on paper. */
const APPLICANT: Entries = {
  'richiedente.nome': 'Mario',
  'richiedente.cognome': 'Rossi',
  'richiedente.cf': 'RSSMRA85C01G273I',
  'richiedente.email': 'mario.rossi@posta.example',
}

/** The citizen's form, filled in with these differences and sent on to its summary, or back with its faults. */
export async function fillDeclaration(town: TownUnderTest, differences: Entries = {}): Promise<Browser> {
  const browser = await new Browser(town.pages).signIn('Mario Rossi', `/servizi/${SERVICE}/richiesta`)
  await browser.open(`/servizi/${SERVICE}/richiesta`)
  await browser.press('Aggiorna le domande', CHOICES)
  return browser.press('Avanti', { ...DECLARATION, ...differences })
}

/** Files the declaration online; the browser then shows its receipt, under the practice's id. */
export async function declare(town: TownUnderTest): Promise<{ readonly browser: Browser; readonly id: string }> {
  const browser = await fillDeclaration(town)
  await browser.press('Conferma e invia')
  const id = /^\/pratiche\/([^/]+)\/ricevuta$/.exec(browser.path)?.[1]
  assert.ok(id, `Expected a receipt, but found ${browser.path}: ${browser.text}`)
  await town.atRest()
  await browser.open(browser.path)
  return { browser, id }
}

/** A clerk files what stands on the paper; the browser then shows the instance. */
export async function declareAtCounter(town: TownUnderTest, differences: Entries): Promise<Browser> {
  const browser = await new Browser(town.pages).signIn('Sara Conti')
  await browser.open(`/scrivania/sportello/${SERVICE}`)
  await browser.press('Aggiorna le domande', CHOICES)
  await browser.press('Presenta', { ...APPLICANT, ...DECLARATION, ...differences })
  assert.match(browser.path, /^\/scrivania\/pratiche\/\d+$/, browser.text)
  await town.atRest()
  return browser.open(browser.path)
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

/** Whether the clerk's queue has a task. */
export async function hasTasks(town: TownUnderTest, clerk: string): Promise<boolean> {
  const browser = await new Browser(town.pages).signIn(clerk)
  return !/Nessun compito aperto/.test((await browser.open('/scrivania')).text)
}

export async function withdraw(town: TownUnderTest, browser: Browser, id: string): Promise<void> {
  await browser.open(`/pratiche/${id}`)
  await browser.follow('Rinuncia alla pratica')
  await browser.press('Conferma la rinuncia')
  await town.atRest()
}
