/**
 * The pages that a citizen and a clerk ask for, and posts that leave a town as they found it. Owns: which they are and who asks.
 * Does not own: how long they take.
 */

import type { Browser } from '../../pages/browser.ts'
import { draftIn, FORM, PROCESS_ID } from '../../pages/declaration.ts'
import { type FilledTown, LUCIA, MARIO } from './practices.ts'

export interface Visit {
  readonly name: string
  /** Before it is asked for, where one must stand somewhere. */
  prepare?(): Promise<unknown>
  /** Its first request is the one that counts. */
  ask(): Promise<Browser>
}

const SURNAME = 'ferrari'

export async function visitsTo({ town }: FilledTown): Promise<readonly Visit[]> {
  const [mario, lucia, registrar, police, administrator] = await Promise.all(
    ['Mario Rossi', 'Lucia Bianchi', 'Ugo Ferri', 'Piero Marini', 'Anna Moro'].map((name) =>
      town.browser().signIn(name),
    ),
  )
  return [
    ...(await requestOf(mario!)),
    ...(await ownPages(town, mario!)),
    ...manyOwn(lucia!),
    ...queues(registrar!, police!),
    ...(await taskPages(registrar!)),
    ...(await practicePages(town, registrar!, administrator!)),
  ]
}
type Town = FilledTown['town']

const page = (browser: Browser, name: string, path: string): Visit => ({ name, ask: () => browser.open(path) })

/** From the list of services into a request. */
async function requestOf(browser: Browser): Promise<readonly Visit[]> {
  await browser.open(FORM)
  await browser.press('Avanti', { 'informativa-letta': true })
  const step = `${FORM}?bozza=${draftIn(browser)}&passo=3`
  return [
    page(browser, 'services', '/'),
    page(browser, 'service sheet', `/servizi/${PROCESS_ID}`),
    page(browser, 'a step, with draft', step),
    {
      name: 'POST save the draft',
      prepare: () => browser.open(step),
      ask: () => browser.press('Salva la bozza'),
    },
  ]
}

async function ownPages(town: Town, browser: Browser): Promise<readonly Visit[]> {
  const { id } = await newestOf(town, MARIO.cf)
  return [
    page(browser, 'personal area', '/area'),
    page(browser, 'own practices', '/pratiche'),
    page(browser, 'one practice', `/pratiche/${id}`),
    page(browser, 'receipt', `/pratiche/${id}/ricevuta`),
    page(browser, 'messages', '/messaggi'),
    page(browser, 'deadlines', '/scadenze'),
  ]
}

/** Of somebody with more practices than a page looks at. */
const manyOwn = (browser: Browser): readonly Visit[] => [
  page(browser, 'personal area, many', '/area'),
  page(browser, 'own practices, many', '/pratiche'),
  page(browser, 'messages, many', '/messaggi'),
  page(browser, 'deadlines, many', '/scadenze'),
]

const queues = (registrar: Browser, police: Browser): readonly Visit[] => [
  page(registrar, 'queue, two offices', '/scrivania'),
  page(police, 'queue, long', '/scrivania'),
  page(police, 'queue, page 2', '/scrivania?pagina=2'),
  page(police, 'queue, unclaimed', '/scrivania?compiti=liberi'),
  page(police, 'queue, own', '/scrivania?compiti=miei'),
  page(police, 'queue, newest first', '/scrivania?ordine=-arrivo'),
  page(police, 'queue, last due first', '/scrivania?ordine=-scadenza'),
  page(registrar, 'queue, overdue', '/scrivania?scadenza=scaduti'),
  page(registrar, 'queue, this week', '/scrivania?scadenza=settimana'),
  page(police, 'queue, a procedure', `/scrivania?procedimento=${PROCESS_ID}`),
  page(police, 'queue, a name', `/scrivania?cerca=${SURNAME}`),
  page(police, 'queue, a tax code', `/scrivania?cerca=${LUCIA.cf}`),
]

async function taskPages(browser: Browser): Promise<readonly Visit[]> {
  await browser.open('/scrivania')
  const task = /\/scrivania\/compiti\/\d+/.exec(browser.markup)?.[0] ?? ''
  const open = () => browser.open(task)
  return [
    { name: 'a task', ask: open },
    { name: 'POST claim', prepare: open, ask: () => browser.press('Prendi in carico') },
    { name: 'POST keep what is typed', prepare: open, ask: () => browser.press('Salva la bozza') },
    { name: 'POST release', prepare: open, ask: () => browser.press('Rilascia') },
  ]
}

async function practicePages(town: Town, registrar: Browser, administrator: Browser): Promise<readonly Visit[]> {
  const { key } = await newestOf(town, MARIO.cf)
  const list = '/scrivania/pratiche'
  return [
    page(registrar, 'practices', list),
    page(registrar, 'practices, all', `${list}?stato=tutte`),
    page(registrar, 'practices, ended', `${list}?stato=concluse`),
    page(registrar, 'practices, in trouble', `${list}?stato=problemi`),
    page(registrar, 'practices, suspended', `${list}?stato=sospese`),
    page(registrar, 'practices, a name', `${list}?cerca=${SURNAME}`),
    page(administrator, 'practices, administrator', list),
    page(registrar, 'an instance', `${list}/${key}`),
    page(registrar, 'incidents', '/scrivania/problemi'),
    page(administrator, 'incidents, administrator', '/scrivania/problemi'),
  ]
}

async function newestOf({ database }: Town, owner: string): Promise<{ readonly id: string; readonly key: string }> {
  const row: { id: string; key: string } = await database('practice')
    .select('id', { key: 'process_instance_key' })
    .where({ owner })
    .orderBy('filed_at', 'desc')
    .first()
  return row
}
