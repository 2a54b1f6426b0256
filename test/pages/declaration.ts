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

const STEPS_MAX = 20

/** Step by step to the summary, or to the step where something is wrong. */
export async function fillIn(browser: Browser, changes: Entries = {}): Promise<Browser> {
  const answers = { ...DECLARATION, ...changes }
  await browser.open(FORM)
  for (let step = 0; step < STEPS_MAX && browser.has('Avanti'); step++) {
    await fillStep(browser, answers)
    if (browser.status !== 200) break
  }
  return browser
}

/** Which questions a step has depends on answers: with those that are there it shows the rest. */
export async function fillStep(browser: Browser, answers: Entries): Promise<Browser> {
  if (browser.has('Aggiorna le domande')) await answerStep(browser, 'Aggiorna le domande', answers)
  return answerStep(browser, 'Avanti', answers)
}

/** Of the answers, those to what the page asks. */
export function answerStep(browser: Browser, button: string, answers: Entries): Promise<Browser> {
  const there = browser.values()
  return browser.press(button, Object.fromEntries(Object.entries(answers).filter(([name]) => there.has(name))))
}

/** Signed in → receipt. Answers the id of the practice. */
export async function fileOnline(browser: Browser, changes: Entries = {}): Promise<string> {
  await fillIn(browser, changes)
  assert.equal(browser.status, 200, browser.text)
  await browser.press('Conferma e invia')
  assert.match(browser.path, /^\/pratiche\/[0-9a-f-]{36}\/ricevuta$/)
  return browser.path.split('/')[2]!
}
