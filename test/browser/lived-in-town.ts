/** A town in the middle of its work: practices in every state a person may find them in, drafts, notes, steps that stand still. */
import { randomUUID } from 'node:crypto'
import { actToSign, openTaskOf } from '../pages/acts.ts'
import type { Browser, Entries } from '../pages/browser.ts'
import { FORM, fileOnline, fillIn, LAND_USE_ID, PROCESS_ID } from '../pages/declaration.ts'
import { grantGround } from '../pages/granted.ts'
import { owe, procedureThatCharges } from '../pages/owing.ts'
import { pdfFile } from '../pages/pdf-file.ts'
import { STANDING_STEP, standStill } from '../pages/standing-step.ts'
import { type TownUnderTest, until, untilShown } from '../pages/town.ts'

const CONTRACT = pdfFile('contratto.pdf')

/** The incident of a practice whose one step has failed; `isCalled`: whether something was to be done outside. */
async function fileStanding({ gateway, database, effects }: TownUnderTest, errorMessage: string, isCalled: boolean) {
  const id = randomUUID()
  const { processInstanceKey, effect } = await standStill(gateway, id, errorMessage)
  const row = { id, process_id: 'prova', channel: 'online', owner: null, filed_by: 'x', filed_at: new Date() }
  await database('practice').insert({ ...row, process_instance_key: processInstanceKey })
  if (isCalled) await effects.intend(effect, 'prova.invia')
}

async function complete(clerk: Browser, protocol: string, task: string, entries: Entries): Promise<void> {
  await untilShown(clerk, `/scrivania?cerca=${encodeURIComponent(protocol)}`, new RegExp(task))
  await clerk.follow(task)
  await clerk.press('Completa', entries)
  if (clerk.path !== '/scrivania') throw new Error(`Expected ${task} to be completed, but: ${clerk.text}`)
}

async function filed(
  citizen: Browser,
  changes: Entries = {},
  service = PROCESS_ID,
): Promise<{ readonly id: string; readonly protocol: string }> {
  const id = await fileOnline(citizen, changes, service)
  const text = await untilShown(citizen, `/pratiche/${id}/ricevuta`, /\d{7}\/2027/)
  return { id, protocol: /\d{7}\/2027/.exec(text)![0] }
}

/** All of it by Mario Rossi, but for public land; what stands on whose desk follows from it. */
export async function liveIn(town: TownUnderTest): Promise<void> {
  const [mario, ugo, piero] = await Promise.all(
    ['Mario Rossi', 'Ugo Ferri', 'Piero Marini'].map((name) => town.browser().signIn(name)),
  )
  const [citizen, officer, police] = [mario!, ugo!, piero!]
  const registered = { 'registrazione.conferma': true }
  const found = (esito: string) => ({
    'accertamento.visita': '1',
    'accertamento.data': '2027-03-01',
    'accertamento.esito': esito,
  })

  const noticed = await filed(citizen)
  await complete(officer, noticed.protocol, 'Registra la dichiarazione', registered)
  await complete(police, noticed.protocol, 'Accerta la dimora abituale', found('NEGATIVO'))
  const assessed = { 'valutazione.decisione': 'PREAVVISO', 'valutazione.motivazione': 'Non trovato' }
  await complete(officer, noticed.protocol, "Valuta l'accertamento", assessed)
  await complete(officer, noticed.protocol, 'Scrivi il preavviso', { 'preavviso.motivi': 'Non risulta la dimora' })
  await untilShown(citizen, `/pratiche/${noticed.id}`, /Presenta osservazioni/)

  const confirmed = await filed(citizen)
  await complete(officer, confirmed.protocol, 'Registra la dichiarazione', registered)
  await complete(police, confirmed.protocol, 'Accerta la dimora abituale', found('POSITIVO'))

  const asked = await filed(citizen)
  await complete(officer, asked.protocol, 'Registra la dichiarazione', { 'registrazione.decisione': 'INTEGRAZIONE' })
  const wanted = {
    'integrazione.richiesta.voci[0].documento': 'Contratto',
    'integrazione.richiesta.voci[0].motivo': 'Manca',
  }
  await complete(officer, asked.protocol, 'Scrivi la richiesta', wanted)
  await untilShown(citizen, `/pratiche/${asked.id}`, /Rispondi alla richiesta di integrazione/)

  const checked = await filed(citizen)
  await complete(officer, checked.protocol, 'Registra la dichiarazione', registered)
  await filed(citizen, { 'istanza.titolo.copia': CONTRACT })
  const writing = await filed(citizen)
  await complete(officer, writing.protocol, 'Registra la dichiarazione', { 'registrazione.decisione': 'INTEGRAZIONE' })
  await filed(citizen)
  await untilShown(citizen, `/pratiche/${confirmed.id}`, /residenza confermata/)
  for (const { id } of [confirmed, checked])
    await town.accounts.book(id, `prova ${id}`, [
      {
        ...{ voce: 'Diritti', centesimi: 2000, stato: 'PAGATO', motivo: 'di prova', giorno: '2027-03-01' },
        ...{ avviso: '301000000000000144', fonte: { tipo: 'RICEVUTA', riferimento: 'r-1' } },
      },
    ])
  await town.gateway.deployResources({
    resources: [{ name: 'dovuto.bpmn', content: procedureThatCharges('prova.dovuto') }],
  })
  const owed = await owe(town, 'prova.dovuto')
  await untilShown(citizen, `/pratiche/${owed.id}`, /Paga online/)

  await asksForGround(town)
  await toBeSigned(town)
  await fillIn(citizen, { 'istanza.titolo.copia': CONTRACT })
  await citizen.open(FORM)
  await citizen.press('Salva la bozza')
  await atCounter(await town.browser().signIn('Sara Conti'))
  await town.gateway.deployResources({
    resources: [STANDING_STEP],
  })
  await fileStanding(town, 'Unavailable: no connection', false)
  await fileStanding(
    town,
    'Undecidable: Expected to know whether it was done, but no answer came. (esito ignoto).',
    true,
  )
  await until(
    async () => (await officer.open('/scrivania')).text,
    (text) => /Scrivi la richiesta/.test(text) && /Registra la dichiarazione/.test(text),
  )
}

/** Public land: one to be examined, one whose fee is to be looked at, one on which the police are asked, and what was granted. */
async function asksForGround(town: TownUnderTest): Promise<void> {
  const [citizen, officer, police] = await Promise.all(
    ['Lucia Bianchi', 'Olga Testa', 'Vera Luna'].map((name) => town.browser().signIn(name)),
  )
  const goesOn = { 'istruttoria.decisione': 'PROCEDI' }
  const charged = await filed(citizen!, {}, LAND_USE_ID)
  await complete(officer!, charged.protocol, 'Istruisci la domanda', goesOn)
  const agreed = { 'parere.esito': 'FAVOREVOLE', 'parere.motivazione': 'Nulla osta' }
  await complete(police!, charged.protocol, 'Rendi il parere', agreed)
  const examined = await filed(citizen!, {}, LAND_USE_ID)
  await complete(officer!, examined.protocol, 'Istruisci la domanda', goesOn)
  await filed(citizen!, {}, LAND_USE_ID)
  await grantGround(town, examined.id)
  await untilShown(citizen!, `/pratiche/${examined.id}`, /Chiedi una proroga/)
}

/** Acts on the manager's table: one chosen, waiting for its code; one not. */
async function toBeSigned(town: TownUnderTest): Promise<void> {
  const { processInstanceKey } = await actToSign(town, 1)
  const chosen = await openTaskOf(town, processInstanceKey, 'firma-atto')
  const head = await town.browser().signIn('Dina Greco')
  await head.open('/scrivania/firme')
  await head.press('Firma gli atti scelti', { atto: [chosen] })
  await untilShown(head, head.path, /Codice ricevuto/)
  await actToSign(town, 2)
}

/** On a paper that lacks nearly everything, by somebody who acts for another. */
async function atCounter(clerk: Browser): Promise<void> {
  await clerk.open(`/scrivania/sportello/${PROCESS_ID}`)
  await clerk.press('Presenta', {
    'delegato-titolo': 'delega',
    'delegato-nome': 'Anna Verdi',
    'delegato-cf': 'VRDNNA80A41G273Z',
    'delegato-documento': 'CI CA12345AB',
    'richiedente.nome': 'Lucia',
    'richiedente.cognome': 'Bianchi',
    'richiedente.cf': 'BNCLCU90E45G999C',
    'richiedente.email': 'lucia.bianchi@posta.example',
  })
}
