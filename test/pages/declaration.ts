/** The residence change of Mario Rossi, as the tests declare it, and how it is filed online. */
import assert from 'node:assert/strict'
import type { Browser, Entries } from './browser.ts'

export const PROCESS_ID = 'comune.anagrafe.residenza'
export const FORM = `/servizi/${PROCESS_ID}/richiesta`

export const DECLARATION: Entries = {
  'richiedente.email': 'mario.rossi@posta.example',
  'istanza.tipo': 'ALTRO_COMUNE',
  'istanza.comuneProvenienza': 'Prato',
  'istanza.dataTrasferimento': '2027-02-20',
  'istanza.indirizzo.via': 'via Libertà',
  'istanza.indirizzo.civico': '12',
  'istanza.famiglia': 'NUOVA',
  'istanza.titolo.tipo': 'LOCAZIONE',
  'istanza.titolo.estremi': 'registrato a Prato, n. 1234',
  'istanza.dichiarazioneVeritiera': true,
}

/** Which questions there are depends on answers: those that decide come first, then the rest. */
export async function fillIn(browser: Browser, changes: Entries = {}): Promise<Browser> {
  const answers = { ...DECLARATION, ...changes }
  const deciding = ['istanza.tipo', 'istanza.titolo.tipo'] as const
  await browser.open(FORM)
  await browser.press('Aggiorna le domande', Object.fromEntries(deciding.map((name) => [name, answers[name]!])))
  return browser.press('Avanti', answers)
}

/** Signed in → receipt. Answers the id of the practice. */
export async function fileOnline(browser: Browser, changes: Entries = {}): Promise<string> {
  await fillIn(browser, changes)
  assert.equal(browser.status, 200, browser.text)
  await browser.press('Conferma e invia')
  assert.match(browser.path, /^\/pratiche\/[0-9a-f-]{36}\/ricevuta$/)
  return browser.path.split('/')[2]!
}
