/**
 * A removal van on public ground as citizen and offices live it on the pages (case O1), told once for whichever hand plays it: asked
 * for on the map or in words, examined, agreed to, paid at pagoPA's, signed, kept.
 * Owns: what each does, in which order, and what they read then. Does not own: how (hand.ts), what the procedure does (test/cases).
 */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { codeOf } from '../pages/acts.ts'
import { LAND_USE_ID } from '../pages/declaration.ts'
import type { TownUnderTest } from '../pages/town.ts'
import { type Hand, sees, seesInTime, textOf } from './hand.ts'
import * as queue from './queue.ts'
import { CONTRACT as PLAN } from './residence-story.ts'

/** Its lines, as everybody reads them before and after paying. */
const FEE = /Canone.*26,00 €.*16,00 €.*16,00 €.*20,00 €/

export interface Stage extends queue.Stage {
  readonly town: TownUnderTest
  /** The only one of the occupation, as 2027-05-19: where another van stands on it, other days are proposed. */
  readonly day: string
  /** Whether a script draws the map. */
  readonly hasMap: boolean
  /** At each page that the story comes to. */
  look(page: Page, name: string): Promise<void>
}

export interface Asked {
  readonly citizen: Hand
  readonly protocol: string
  /** Path of the practice among the citizen's own. */
  readonly path: string
}

/** From the sheet of the service to the receipt. */
export async function askForGround(stage: Stage): Promise<Asked> {
  const { town, look } = stage
  const citizen = await stage.newHand()
  const { page } = citizen
  await page.goto(`${town.url}/servizi/${LAND_USE_ID}`)
  await look(page, 'service')
  await citizen.go('Accedi e compila la richiesta')
  await citizen.go('Entra come Lucia Bianchi')
  const next = async (step: number): Promise<void> => {
    await look(page, `step-${step}`)
    await citizen.go('Avanti')
    await sees(page, new RegExp(`Passo ${step + 1} di`))
  }
  await citizen.tick(/Ho letto e compreso/)
  await next(1)
  await citizen.choose('Per me')
  await next(2)
  await citizen.pick('Che cosa ti serve', 'Trasloco')
  await citizen.choose('Meno di un anno')
  await citizen.isAsked('Ultimo giorno')
  await citizen.date('Primo giorno', stage.day)
  await citizen.date('Ultimo giorno', stage.day)
  await next(3)
  await citizen.write('Via o piazza', 'corso Italia')
  await citizen.write('Numero civico', '20')
  if (stage.hasMap) await drawTwentyMetres(citizen)
  else await citizen.write('Superficie in metri quadrati', '20')
  await next(4)
  await citizen.choose('Serve un divieto di sosta')
  await next(5)
  await citizen.attach(/^Planimetria dell’area/, PLAN)
  await citizen.attach(/^Piano della segnaletica/, PLAN)
  await next(6)
  await citizen.tick(/Mi impegno a pagare/)
  await citizen.tick(/Dichiaro il vero/)
  await next(7)
  await sees(page, 'corso Italia')
  await look(page, 'summary')
  await citizen.go('Conferma e invia')
  await page.getByRole('heading', { name: 'Richiesta inviata' }).waitFor()
  await seesInTime(page, /\d{7}\/2027/)
  await look(page, 'filed')
  const [protocol = ''] = /\d{7}\/2027/.exec(await textOf(page)) ?? []
  return { citizen, protocol, path: new URL(page.url()).pathname.replace(/\/ricevuta$/, '') }
}

/** As people read it: 19/05/2027. */
const written = (day: string): string => day.split('-').reverse().join('/')

/** A strip of ten metres by two, corner by corner. */
async function drawTwentyMetres({ page }: Hand): Promise<void> {
  await page.getByRole('button', { name: 'Disegna sulla mappa' }).press('Enter')
  await page.getByRole('application').waitFor()
  const [east, west] = ['Shift+ArrowRight', 'Shift+ArrowLeft']
  const strokes = ['Enter', east, east, 'Enter', 'ArrowDown', 'ArrowDown', 'Enter', west, west, 'Enter']
  for (const key of strokes) await page.keyboard.press(key)
  await page.getByText('4 vertici. Area disegnata: 20 mq.').waitFor()
}

/** The task of that practice, looked at. */
async function open(stage: Stage, who: string, task: string, protocol: string): Promise<Hand> {
  const clerk = await queue.open(stage, who, task, protocol)
  await stage.look(clerk.page, task)
  return clerk
}

/** The same, claimed. */
async function take(stage: Stage, who: string, task: string, protocol: string): Promise<Hand> {
  const clerk = await open(stage, who, task, protocol)
  await queue.claim(clerk, task)
  return clerk
}

/** The office finds nothing against it, nor do the police; the fee is what the table says, line by line. */
export async function agree(stage: Stage, { protocol }: Asked): Promise<void> {
  const officer = await take(stage, 'Olga Testa', 'Istruisci la domanda', protocol)
  await sees(officer.page, `Trasloco: corso Italia 20, 20 m², dal ${written(stage.day)}`)
  await sees(officer.page, /Traffico: divieto di sosta\. Zona A/)
  await sees(officer.page, 'Si chiede il parere a: Polizia municipale, viabilità (10 giorni).')
  await officer.choose('Procede')
  await queue.complete(officer)
  const police = await take(stage, 'Vera Luna', 'Rendi il parere', protocol)
  await sees(police.page, `trasloco, 20 mq, il ${written(stage.day)}`)
  await police.choose(/^\s*Favorevole\s*$/)
  await police.write('Motivazione', 'Nulla da osservare')
  await queue.complete(police)
  const cashier = await take(stage, 'Cino Valli', 'Verifica il canone', protocol)
  await sees(cashier.page, /Canone di occupazione temporanea: 26,00 €/)
  await sees(cashier.page, 'Totale: 78,00 €')
  await cashier.tick('Confermo gli importi')
  await queue.complete(cashier)
}

/** What waits is in the personal area; paying is at pagoPA's; the way back leads to the practice, where it is paid once pagoPA says so. */
export async function pay({ town, look }: Stage, { citizen, path }: Asked): Promise<void> {
  const { page } = citizen
  await page.goto(`${town.url}/area`)
  await seesInTime(page, /Paga quanto dovuto/)
  await look(page, 'area')
  await page.goto(town.url + path)
  await sees(page, /Da pagare/)
  assert.match(await textOf(page), FEE)
  await look(page, 'to-pay')
  assertPdf(await keep(citizen, 'Scarica l’avviso'))
  await citizen.go('Paga online')
  await look(page, 'checkout')
  await citizen.go(/^Paga 78,00/)
  assert.equal(new URL(page.url()).origin, new URL(town.url).origin)
  await look(page, 'came-back')
  await page.goto(town.url + path)
  await seesInTime(page, /Pagati in tutto 78,00 €/)
  assert.match(await textOf(page), FEE)
  await look(page, 'paid')
  const receipt = (await keep(citizen, 'Scarica la ricevuta di pagamento')).toString()
  assert.match(receipt, /Lucia Bianchi.*Avviso 301\d{15}.*- Canone[^\n]*26,00 €.*Totale: 78,00 €/s)
}

/** Draft, signature, code: of one act, by the two people whose it is. */
export async function sign(stage: Stage, { protocol }: Asked, who: Signers): Promise<void> {
  const drafter = await take(stage, who.drafter, 'Verifica la bozza', protocol)
  await drafter.choose('L’atto va alla firma')
  await queue.complete(drafter)
  const signer = await take(stage, who.signer, 'Firma l’atto', protocol)
  await signer.choose('Firmo')
  await queue.complete(signer)
  // The code is for whoever chose to sign: the task is theirs already.
  const coder = await open(stage, who.signer, 'Scrivi il codice', protocol)
  await coder.write('Codice ricevuto', await codeOf(stage.town, who.id))
  await queue.complete(coder)
}

export interface Signers {
  readonly drafter: string
  readonly signer: string
  /** Of the one who signs. */
  readonly id: string
}

export const CONCESSION: Signers = { drafter: 'Olga Testa', signer: 'Dario Costa', id: 'dario.dirigente' }
export const ORDER: Signers = { drafter: 'Vera Luna', signer: 'Carla Leoni', id: 'carla.comandante' }

/** Without names on the town's notice board. */
export async function publish(stage: Stage, { protocol }: Asked): Promise<void> {
  const officer = await take(stage, 'Vera Luna', 'Controlla la versione per l’albo', protocol)
  await officer.write('Oggetto all’albo', 'Ordinanza di viabilità in corso Italia')
  await queue.complete(officer)
}

/** The outcome on the practice's page; resolves with what is signed there. */
export async function keepActs({ town, look }: Stage, { citizen, path }: Asked): Promise<readonly Buffer[]> {
  const { page } = citizen
  await page.goto(town.url + path)
  await seesInTime(page, 'Stato: concessa')
  await look(page, 'granted')
  return [await keep(citizen, 'Concessione.pdf'), await keep(citizen, 'Ordinanza.pdf')]
}

/** What that link gives, as a file. */
async function keep({ page }: Hand, name: string): Promise<Buffer> {
  await page.getByRole('link', { name }).focus()
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
  return readFile(await download.path())
}

function assertPdf(content: Buffer): void {
  assert.equal(content.subarray(0, 5).toString(), '%PDF-')
}
