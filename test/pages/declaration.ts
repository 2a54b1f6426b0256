/** What people ask for in the tests, a residence change where nothing else is said, and how it is filed online. */
import assert from 'node:assert/strict'
import type { Browser, Entries } from './browser.ts'
import { pdfFile } from './pdf-file.ts'

export const PROCESS_ID = 'comune.anagrafe.residenza'
export const LAND_USE_ID = 'comune.osp.richiesta'
export const FORM = formOf(PROCESS_ID)

/** What the step about the new address must have. */
export const ADDRESS: Entries = {
  'istanza.indirizzo.via': 'via Libertà',
  'istanza.indirizzo.civico': '12',
  'istanza.famiglia': 'NUOVA',
}

export const DECLARATION: Entries = {
  'richiedente.email': 'mario.rossi@posta.example',
  'richiedente.domicilioDigitale': 'mario.rossi@pec.example',
  'istanza.tipo': 'ALTRO_COMUNE',
  'istanza.comuneProvenienza': 'Prato',
  'istanza.dataTrasferimento': '2027-02-20',
  ...ADDRESS,
  'istanza.titolo.tipo': 'LOCAZIONE',
  'istanza.titolo.estremi': 'registrato a Prato, n. 1234',
  'istanza.dichiarazioneVeritiera': true,
}

/** A removal van for a day: what O1 of the cases asks for, but for its day. */
export const LAND_USE: Entries = {
  'richiedente.email': 'mario.rossi@posta.example',
  'richiedente.natura': 'PRIVATO',
  'istanza.occupazione.tipo': 'TRASLOCO',
  'istanza.occupazione.durata': 'TEMPORANEA',
  'istanza.occupazione.dal': '2027-05-19',
  'istanza.occupazione.al': '2027-05-19',
  'istanza.area.via': 'corso Italia',
  'istanza.area.civico': '20',
  'istanza.area.mq': '20',
  'istanza.occupazione.viabilita': 'DIVIETO_SOSTA',
  'istanza.allegati.planimetria': pdfFile('planimetria.pdf'),
  'istanza.allegati.segnaletica': pdfFile('segnaletica.pdf'),
  'istanza.impegni': true,
  'istanza.dichiarazioneVeritiera': true,
}

/** What a person answers to ask for each service of the town. */
export const ANSWERS: Readonly<Record<string, Entries>> = {
  [PROCESS_ID]: DECLARATION,
  [LAND_USE_ID]: LAND_USE,
}

const SUMMARY = /Riepilogo$/
/** More than any form has. */
const STEPS_MAX = 20

/** From the first step on, as far as the answers carry: to the summary, or to the step that says what is wrong. */
export async function fillIn(browser: Browser, changes: Entries = {}, service = PROCESS_ID): Promise<Browser> {
  const answers = { ...ANSWERS[service], ...changes }
  await browser.open(formOf(service))
  await browser.press('Avanti', { 'informativa-letta': true })
  for (let step = 0; step < STEPS_MAX && browser.status === 200 && !isSummary(browser); step++)
    await fillStep(browser, answers)
  return browser
}

export const isSummary = (browser: Browser): boolean => SUMMARY.test(browser.title.split(' – ')[0] ?? '')

/** Id of the draft, which becomes the practice's. */
export const draftIn = (browser: Browser): string => new URL(browser.address).searchParams.get('bozza') ?? ''

/** Which questions there are depends on answers: those that decide come first, then the rest. */
async function fillStep(browser: Browser, answers: Entries): Promise<void> {
  const here = (): Entries => {
    const shown = browser.values()
    return Object.fromEntries(Object.entries(answers).filter(([name]) => shown.has(name)))
  }
  if (browser.markup.includes('>Aggiorna le domande<')) await browser.press('Aggiorna le domande', here())
  await browser.press('Avanti', here())
}

/** Signed in → receipt. Answers the id of the practice. */
export async function fileOnline(browser: Browser, changes: Entries = {}, service = PROCESS_ID): Promise<string> {
  await fillIn(browser, changes, service)
  assert.ok(isSummary(browser), browser.text)
  await browser.press('Conferma e invia')
  assert.match(browser.path, /^\/pratiche\/[0-9a-f-]{36}\/ricevuta$/)
  return browser.path.split('/')[2]!
}

export function formOf(service: string): string {
  return `/servizi/${service}/richiesta`
}
