/**
 * The change of residence as citizen and clerks live it on the pages, told once for whichever hand plays it: filed from the sofa or at
 * the counter and confirmed (R1), completed on request, withdrawn.
 * Owns: what each does, in which order, and what they read then. Does not own: how (hand.ts), what the procedure does (test/cases).
 */
import assert from 'node:assert/strict'
import { PROCESS_ID } from '../pages/declaration.ts'
import { SMALLEST_PDF } from '../pages/pdf-file.ts'
import { type Hand, sees, seesInTime, textOf } from './hand.ts'
import { arrive, complete, type Stage, take } from './queue.ts'

export const CONTRACT = {
  name: 'contratto.pdf',
  mimeType: 'application/pdf',
  buffer: Buffer.from(SMALLEST_PDF),
}

const protocolIn = async ({ page }: Hand): Promise<string> => {
  const [number] = /\d{7}\/2027/.exec(await textOf(page)) ?? []
  return number ?? assert.fail(`Expected ${page.url()} to name a protocol number`)
}

export interface Filed {
  readonly citizen: Hand
  readonly protocol: string
  /** Path of the practice among the citizen's own. */
  readonly path: string
}

/** From the sheet of the service to the receipt. */
export async function fileOnline(stage: Stage): Promise<Filed> {
  const citizen = await stage.newHand()
  const { page } = citizen
  await page.goto(`${stage.url}/servizi/${PROCESS_ID}`)
  await citizen.go('Accedi e compila la richiesta')
  await citizen.go('Entra come Mario Rossi')
  await sees(page, /Passo 1 di/)
  await citizen.tick(/Ho letto e compreso/)
  await citizen.go('Avanti')
  await sees(page, /Passo 2 di/)
  await citizen.go('Avanti')
  await sees(page, /Passo 3 di/)
  await citizen.write('Via o piazza', 'via Libertà')
  await citizen.write('Numero civico', '12')
  await citizen.choose('Costituisco una nuova famiglia')
  await citizen.go('Avanti')
  await sees(page, /Passo 4 di/)
  await citizen.choose('Da un altro comune italiano')
  await citizen.isAsked('Comune di provenienza')
  await citizen.write('Comune di provenienza', 'Prato')
  await citizen.date('Data del trasferimento', '2027-02-20')
  await citizen.go('Avanti')
  await sees(page, /Passo 5 di/)
  await citizen.pick(/^Titolo/, 'Locazione')
  await citizen.isAsked('Estremi del titolo')
  await citizen.write('Estremi del titolo', 'registrato a Prato, n. 1234')
  await citizen.go('Avanti')
  for (const step of [6, 7]) {
    await sees(page, new RegExp(`Passo ${step} di`))
    await citizen.go('Avanti')
  }
  await sees(page, /Passo 8 di/)
  await citizen.tick(/Dichiaro il vero/)
  await citizen.go('Avanti')
  await sees(page, /Passo 9 di/)
  await sees(page, 'registrato a Prato, n. 1234')
  await citizen.go('Conferma e invia')
  await page.getByRole('heading', { name: 'Richiesta inviata' }).waitFor()
  await seesInTime(page, /\d{7}\/2027/)
  return { citizen, protocol: await protocolIn(citizen), path: new URL(page.url()).pathname.replace(/\/ricevuta$/, '') }
}

/** For the person at the counter, whom a relative stands in for: from the desk to the receipt. Resolves with the number. */
export async function fileAtCounter(stage: Stage): Promise<string> {
  const clerk = await arrive(stage, 'Sara Conti', '/scrivania')
  const { page } = clerk
  await clerk.go('Sportello')
  await clerk.go('Cambio di residenza')
  await clerk.pick('A che titolo', 'delega')
  await clerk.write('Nome e cognome di chi agisce', 'Anna Verdi')
  await clerk.write('Codice fiscale di chi agisce', 'VRDNNA80A41G273Z')
  await clerk.write('Documento mostrato', 'CI CA12345AB')
  await clerk.write(/^Nome \*/, 'Lucia')
  await clerk.write(/^Cognome/, 'Bianchi')
  await clerk.write(/^Codice fiscale \*/, 'BNCLCU90E45G999C')
  await clerk.write(/^Email/, 'lucia.bianchi@posta.example')
  await clerk.attach(/^Modulo firmato/, CONTRACT)
  await clerk.write('Via o piazza', 'via Roma')
  await clerk.write('Numero civico', '7')
  await clerk.choose('Costituisco una nuova famiglia')
  await clerk.choose('Da un altro comune italiano')
  await clerk.isAsked('Comune di provenienza')
  await clerk.write('Comune di provenienza', 'Prato')
  await clerk.date('Data del trasferimento', '2027-02-20')
  await clerk.pick(/^Titolo/, 'Locazione')
  await clerk.isAsked('Estremi del titolo')
  await clerk.write('Estremi del titolo', 'registrato a Prato, n. 5678')
  await clerk.tick(/Dichiaro il vero/)
  await clerk.go('Presenta')
  await sees(page, 'Firma dell’addetto')
  await sees(page, /Anna Verdi/)
  await seesInTime(page, /\d{7}\/2027/)
  return protocolIn(clerk)
}

/** Registered, found at home by the police, confirmed: what the desk then says of it. */
export async function confirm(stage: Stage, protocol: string): Promise<void> {
  const officer = await take(stage, 'Ugo Ferri', 'Registra la dichiarazione', protocol)
  await officer.tick(/Ho verificato la dichiarazione/)
  await complete(officer)
  const police = await take(stage, 'Piero Marini', 'Accerta la dimora abituale', protocol)
  await police.write('Numero della visita', '1')
  await police.date('Data della visita', '2027-03-01')
  await police.choose('Positivo')
  await complete(police)
  await readsOutcome(stage, officer, protocol, /Esito: confermata/)
}

/** The same as its applicant reads it, with a way to rate the service. */
export async function readsConfirmation({ citizen: { page }, path }: Filed): Promise<void> {
  await page.goto(new URL(path, page.url()).href)
  await seesInTime(page, /residenza confermata/)
  await sees(page, 'Registrata in anagrafe')
}

/** The office asks for a document, the citizen sends it, the office finds it beside its task. */
export async function integrate(stage: Stage, { citizen, protocol, path }: Filed): Promise<void> {
  const officer = await take(stage, 'Ugo Ferri', 'Registra la dichiarazione', protocol)
  await officer.choose('Chiedi un’integrazione')
  await complete(officer)
  const writer = await take(stage, 'Ugo Ferri', 'Scrivi la richiesta', protocol)
  await writer.write('Documento o dato', 'Contratto registrato')
  await writer.write('Perché serve', 'Manca la registrazione')
  await complete(writer)

  const { page } = citizen
  await page.goto(stage.url + path)
  await seesInTime(page, 'Rispondi alla richiesta di integrazione')
  await citizen.go('Rispondi alla richiesta di integrazione')
  await sees(page, 'Contratto registrato')
  await sees(page, 'Manca la registrazione')
  await citizen.attach(/^Documenti/, CONTRACT)
  await citizen.write(/^Testo/, 'Registrato a Prato, n. 1234')
  await citizen.go('Invia la risposta')
  await seesInTime(page, 'Hai inviato i documenti chiesti')

  const reader = await take(stage, 'Ugo Ferri', 'Verifica la risposta', protocol)
  await sees(reader.page, 'Registrato a Prato, n. 1234')
  await reader.page.getByRole('link', { name: CONTRACT.name }).first().waitFor()
  await reader.choose('Completa')
  await complete(reader)
}

/** The citizen gives up; the office has nothing left to do and reads why. */
export async function withdraw(stage: Stage, { citizen, protocol, path }: Filed): Promise<void> {
  const { page } = citizen
  await page.goto(stage.url + path)
  await citizen.go('Rinuncia alla pratica')
  await citizen.write(/^Motivo/, 'Resto a Prato')
  await citizen.go('Conferma la rinuncia')
  await seesInTime(page, 'Stato: rinunciata')
  const officer = await arrive(stage, 'Ugo Ferri', '/scrivania')
  await officer.write('Cerca', protocol)
  await officer.go('Filtra')
  await sees(officer.page, 'Nessun compito')
  await readsOutcome(stage, officer, protocol, /Esito: rinunciata/)
}

async function readsOutcome({ url }: Stage, clerk: Hand, protocol: string, outcome: RegExp): Promise<void> {
  await clerk.page.goto(`${url}/scrivania`)
  await clerk.go('Pratiche')
  await clerk.write('Cerca', protocol)
  await clerk.pick('Stato', 'Tutte')
  await clerk.go('Filtra')
  await clerk.go(`Protocollo ${protocol}`)
  await seesInTime(clerk.page, outcome)
}
