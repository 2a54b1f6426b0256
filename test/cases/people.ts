/** The people of the cases. All they do goes through the pages' forms, without script; what they do ends when the town is at rest. */
import assert from 'node:assert/strict'
import { Browser, type Entries } from '../pages/browser.ts'
import { DECLARATION, FORM, fileOnline, fillIn, PROCESS_ID } from '../pages/declaration.ts'
import { clerkAt, practiceAt } from './sights.ts'
import type { TownUnderTest } from './town.ts'

/** Mario Rossi's address. */
export const CITIZEN = 'mario.rossi@posta.example'
/** When he declares, Monday, in Rome. */
export const FILED = '2027-03-01T10:00'
/** When the registrar enters it, the day after. */
export const REGISTERED = '2027-03-02T10:00'
/** Of the first entry in a fresh protocol register. */
export const NUMBER = '0000001/2027'

/** Who he is, as he writes it on paper; online his identity says so. */
const APPLICANT: Entries = {
  'richiedente.nome': 'Mario',
  'richiedente.cognome': 'Rossi',
  'richiedente.cf': 'RSSMRA85C01G273I',
}

export const citizen = ({ pages }: TownUnderTest): Promise<Browser> => new Browser(pages).signIn('Mario Rossi', FORM)

/** The citizen's form, filled in with these differences and sent on to its summary, or back with its faults. */
export const fillDeclaration = async (town: TownUnderTest, differences: Entries): Promise<Browser> =>
  fillIn(await citizen(town), differences)

export interface Declared {
  readonly browser: Browser
  readonly id: string
}

/** Files the declaration online, with consent for the TARI; the browser then shows its receipt. */
export async function declare(
  town: TownUnderTest,
  differences: Entries = {},
  stuck: readonly string[] = [],
): Promise<Declared> {
  const browser = await citizen(town)
  const id = await fileOnline(browser, { 'istanza.consensi.tari': true, ...differences })
  await town.atRest(stuck)
  await browser.open(browser.path)
  return { browser, id }
}

/** With a daughter of eight. */
export async function declareWithGiulia(town: TownUnderTest, differences: Entries): Promise<Declared> {
  const browser = await fillDeclaration(town, { 'istanza.consensi.tari': true, ...differences })
  await browser.follow('Modifica Chi si trasferisce con te')
  await browser.press('Aggiungi a «Persone che si trasferiscono con te»')
  const row = 'istanza.nucleo[0]'
  const giulia = {
    cf: 'RSSGLI18P54G999I',
    nome: 'Giulia',
    cognome: 'Rossi',
    nascita: '2018-09-14',
    parentela: 'FIGLIO',
  }
  const entries = Object.fromEntries(Object.entries(giulia).map(([name, text]) => [`${row}.${name}`, text]))
  await browser.press('Aggiorna le domande', entries)
  await browser.press('Avanti', { [`${row}.altroGenitore`]: true })
  await browser.press('Conferma e invia')
  await town.atRest()
  await browser.open(browser.path)
  return { browser, id: browser.path.split('/')[2]! }
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

/** The clerk takes the task of that name from the queue; the browser then shows it. */
export async function openTask(town: TownUnderTest, clerk: string, task: string): Promise<Browser> {
  const browser = await clerkAt(town, clerk, '/scrivania')
  return browser.follow(task)
}

/** The clerk takes the task of that name from the queue and completes it. */
export async function completeTask(
  town: TownUnderTest,
  clerk: string,
  task: string,
  entries: Entries,
  stuck: readonly string[] = [],
): Promise<void> {
  const browser = await openTask(town, clerk, task)
  await browser.press('Completa', entries)
  assert.equal(browser.status, 200, browser.text)
  assert.equal(browser.path, '/scrivania', browser.text)
  await town.atRest(stuck)
}

export const register = (town: TownUnderTest, stuck: readonly string[] = []): Promise<void> =>
  completeTask(town, 'Ugo Ferri', 'Registra la dichiarazione', { 'registrazione.conferma': true }, stuck)

/** The police report on a visit of that day. */
export const report = (town: TownUnderTest, day: string, esito: 'POSITIVO' | 'NEGATIVO'): Promise<void> => {
  const visit = { 'accertamento.visita': '1', 'accertamento.data': day, 'accertamento.esito': esito }
  return completeTask(town, 'Piero Marini', 'Accerta la dimora abituale', visit)
}

/** Whoever answers for the procedure tries again what stands still. */
export async function retry(town: TownUnderTest, number: string): Promise<void> {
  const browser = await practiceAt(town, 'Ugo Ferri', number)
  await browser.press('Riprova')
  assert.match(browser.text, /riprovato/i)
  await town.atRest()
}

export async function withdraw(town: TownUnderTest, { browser, id }: Declared): Promise<void> {
  await browser.open(`/pratiche/${id}`)
  await browser.follow('Rinuncia alla pratica')
  await browser.press('Conferma la rinuncia')
  await town.atRest()
}

/** What the citizen answers to the notice, from the page of the practice. */
export async function observe(town: TownUnderTest, { browser, id }: Declared, text: string): Promise<void> {
  await browser.open(`/pratiche/${id}`)
  await browser.follow('Presenta osservazioni')
  await browser.press('Invia le osservazioni', { testo: text })
  await town.atRest()
}
