/** The account of a practice: whose it is sees each amount and what it rests on, and takes it along; others see nothing of it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { AccountEntry } from '../../connectors/contabilita/accounts.ts'
import { fileOnline } from './declaration.ts'
import { openTown, type TownUnderTest, untilShown } from './town.ts'

let town: TownUnderTest
before(async () => {
  town = await openTown({ at: '2027-03-01T09:00:00Z' })
})
after(() => town.close())

const paid: AccountEntry = {
  ...{ voce: 'Canone', centesimi: 2605, stato: 'PAGATO', motivo: '1,30 euro al giorno x 20 mq', giorno: '2027-05-07' },
  ...{ avviso: '301000000000000144', fonte: { tipo: 'RICEVUTA', riferimento: 'c110729d' } },
}
const exempt: AccountEntry = {
  ...{ voce: '=1+1 <b>Bollo</b>; "atto"', centesimi: 0, stato: 'ESENTE', motivo: null, giorno: '2027-05-06' },
  ...{ avviso: null, fonte: { tipo: 'DECISIONE', riferimento: 'dmn-canone' } },
}
const twice: AccountEntry = { ...paid, voce: 'Pagamento non dovuto', stato: 'ECCEDENTE', motivo: null }
/** As Italian spreadsheets open it; what looks like a formula is text. */
const FILE = [
  'progressivo;giorno;voce;importo;stato;avviso;fonte;riferimento;motivo',
  '1;2027-05-07;Canone;26,05;PAGATO;301000000000000144;RICEVUTA;c110729d;1,30 euro al giorno x 20 mq',
  `2;2027-05-06;"'=1+1 <b>Bollo</b>; ""atto""";0,00;ESENTE;;DECISIONE;dmn-canone;`,
  '3;2027-05-07;Pagamento non dovuto;26,05;ECCEDENTE;301000000000000144;RICEVUTA;c110729d;',
  '',
].join('\r\n')

test('nothing is shown of an account that is empty; then each row, with why and what it rests on, to citizen and office alike', async () => {
  const citizen = await town.browser().signIn('Mario Rossi')
  const id = await fileOnline(citizen)
  const clerk = await town.browser().signIn('Ugo Ferri')
  await untilShown(citizen, `/pratiche/${id}`, /Registrata in anagrafe/)
  assert.doesNotMatch(citizen.text, /Conto della pratica/)
  await town.accounts.book(id, 'j-1', [paid, exempt, twice])
  const row =
    /Pagati in tutto 26,05 € .*Canone 1,30 euro al giorno x 20 mq 26,05 € pagato 07\/05\/2027 ricevuta c110729d Avviso 301000000000000144/
  await citizen.open(`/pratiche/${id}`)
  assert.match(citizen.text, row)
  assert.match(citizen.text, /=1\+1 <b>Bollo<\/b>; "atto" 0,00 € esente 06\/05\/2027 tabella dmn-canone/)
  assert.match(citizen.text, /Pagamento non dovuto 26,05 € pagato senza essere dovuto 07\/05\/2027 ricevuta c110729d/)
  const { process_instance_key: key } = await town.database('practice').where({ id }).first()
  await clerk.open(`/scrivania/pratiche/${key}`)
  assert.match(clerk.text, row)
  for (const browser of [citizen, clerk]) {
    await browser.follow('Scarica il conto (CSV)')
    assert.match(browser.headers.get('content-disposition') ?? '', new RegExp(`conto-${id}\\.csv`))
    assert.match(browser.headers.get('content-type') ?? '', /^text\/csv/)
    assert.equal(browser.markup.replace(/^﻿/, ''), FILE)
  }
})

test('what was paid, with its receipts, is the payer’s to keep; while nothing is there is no receipt', async () => {
  const citizen = await town.browser().signIn('Mario Rossi')
  const id = await fileOnline(citizen)
  await untilShown(citizen, `/pratiche/${id}`, /Protocollata Fatto/)
  assert.equal((await citizen.twin().open(`/pratiche/${id}/ricevuta-pagamento.txt`)).status, 404)
  await town.accounts.book(id, 'j-3', [paid, { ...paid, voce: 'Bollo', centesimi: 1600, motivo: null }, exempt])
  const other = { ...paid, avviso: '301000000000000245', voce: 'Differenza', centesimi: 100, motivo: null }
  await town.accounts.book(id, 'j-4', [{ ...other, fonte: { tipo: 'RICEVUTA', riferimento: 'd2' } }])
  await citizen.open(`/pratiche/${id}`)
  await citizen.follow('Scarica la ricevuta di pagamento (testo)')
  const [head, lines] = [citizen.markup.split('\n').slice(0, 5), citizen.markup.split('\n').slice(5)]
  assert.deepEqual(head.slice(0, 4), [
    'Comune di Esempio',
    'Ricevuta di pagamento',
    'Cambio di residenza',
    'Mario Rossi, RSSMRA85C01G273I',
  ])
  assert.match(head[4]!, /^Numero di protocollo: \d{7}\/2027$/)
  assert.deepEqual(lines, [
    ...['', 'Avviso 301000000000000144', 'ricevuta c110729d', 'Giorno: 07/05/2027'],
    ...['- Canone: 26,05 € (1,30 euro al giorno x 20 mq)', '- Bollo: 16,00 €', 'Totale: 42,05 €'],
    ...['', 'Avviso 301000000000000245', 'ricevuta d2', 'Giorno: 07/05/2027', '- Differenza: 1,00 €', 'Totale: 1,00 €'],
    '',
  ])
  const lucia = await town.browser().signIn('Lucia Bianchi')
  assert.equal((await lucia.open(`/pratiche/${id}/ricevuta-pagamento.txt`)).status, 404)
})

test('an account is nobody else’s', async () => {
  const citizen = await town.browser().signIn('Mario Rossi')
  const id = await fileOnline(citizen)
  await town.accounts.book(id, 'j-2', [paid])
  const { process_instance_key: key } = await town.database('practice').where({ id }).first()
  const lucia = await town.browser().signIn('Lucia Bianchi')
  assert.equal((await lucia.open(`/pratiche/${id}/conto.csv`)).status, 404)
  assert.equal((await lucia.open(`/scrivania/pratiche/${key}/conto.csv`)).status, 403)
  const school = await town.browser().signIn('Sofia Amato')
  assert.equal((await school.open(`/scrivania/pratiche/${key}/conto.csv`)).status, 403)
})
