/** The town's other services behind its configured calls: the class each call declares, proven by the sandbox; what a service refuses. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { EffectClass } from '../../connectors/effect.ts'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { loadTown } from '../../processes/town.ts'
import { connectorsTo, openPlatforms } from './platforms.ts'

const opened = await openPlatforms({ now: () => Date.parse('2027-03-01T09:00:00Z') })
const { journal, plan, platforms } = opened
const { rest } = opened.connectors
after(() => opened[Symbol.asyncDispose]())
const town = await loadTown()

const values = {
  pratica: { id: 'p-1' },
  richiedente: { cf: 'RSSMRA85C01G273I', nome: 'Mario', cognome: 'Rossi' },
  istanza: { indirizzo: { via: 'via Libertà', civico: '12' }, nucleo: null },
  decorrenza: '2027-03-01',
}
const entries = async (servizio: string) =>
  (await journal('uffici')).filter((entry) => entry.servizio === servizio && entry.operazione === 'registra')
const REGISTRATIONS: Readonly<Record<string, EffectClass>> = {
  'tari.registra': 'keyed',
  'scuola.notifica': 'findable',
  'sociale.notifica': 'keyed',
  'utenze.inoltra': 'neither',
  'motorizzazione.comunica': 'keyed',
}
const serviceOf = (call: string): string => town.chiamate[call]!.servizio

test('each call has the class it declares: a repeat is recognised, can be found, or is done twice', async () => {
  for (const [call, effect] of Object.entries(REGISTRATIONS)) {
    assert.equal(rest.effectOf(call), effect, call)
    const servizio = serviceOf(call)
    const before = (await entries(servizio)).length
    await plan('uffici', `${servizio}.registra`, 'drop-after')
    await assert.rejects(rest.call(call, values, `p-1/${call}/1`), UnknownOutcome)
    assert.equal((await entries(servizio)).length, before + 1, call)
    if (effect === 'findable') {
      const found = await rest.find(call, values, `p-1/${call}/1`)
      assert.equal(found?.riferimento, (await entries(servizio)).at(-1)?.riferimento)
      assert.equal(await rest.find(call, values, `p-1/${call}/2`), null)
    }
    await rest.call(call, values, `p-1/${call}/1`)
    assert.equal((await entries(servizio)).length, before + (effect === 'keyed' ? 1 : 2), call)
  }
})

test('failures say what may have been done', async () => {
  for (const call of Object.keys(REGISTRATIONS)) {
    const operation = `${serviceOf(call)}.registra`
    await plan('uffici', operation, 'error-before')
    await assert.rejects(rest.call(call, values, `p-2/${call}/1`), Unavailable, call)
    await plan('uffici', operation, 'error-after')
    await assert.rejects(rest.call(call, values, `p-2/${call}/1`), UnknownOutcome, call)
    await assert.rejects(rest.call(call, { ...values, decorrenza: null }, `p-3/${call}/1`), Refused, call)
  }
})

test('a key that is of another request is refused', async () => {
  await rest.call('tari.registra', values, 'p-4/x/1')
  const other = { ...values, decorrenza: '2027-04-01' }
  await assert.rejects(rest.call('tari.registra', other, 'p-4/x/1'), { name: 'Refused', code: '409' })
})

test('an annulment is kept beside what it annuls, of this practice alone, and a repeat changes nothing', async () => {
  const mine = { ...values, pratica: { id: 'p-mia' } }
  const { riferimento } = await rest.call('tari.registra', mine, 'p-mia/x/1')
  await assert.rejects(rest.call('tari.annulla', { pratica: { id: 'p-altra' }, riferimento }, 'p-altra/x/1'), {
    name: 'Refused',
    code: '404',
  })
  const before = (await journal('uffici')).length
  for (const attempt of [1, 2]) {
    const annulled = await rest.call('tari.annulla', { ...mine, riferimento }, `p-mia/y/${attempt}`)
    assert.deepEqual(annulled, { riferimento })
  }
  assert.equal((await journal('uffici')).length, before + 1)
  const none = await rest.call('scuola.annulla', { pratica: { id: 'p-mai' }, riferimento: null }, 'p-mai/x/1')
  assert.deepEqual(none, { riferimento: null })
})

test('a service takes no field more than it may know', async () => {
  const chiamate = {
    ...town.chiamate,
    'tari.registra': { ...town.chiamate['tari.registra']!, corpo: { pratica: '=pratica.id', consensi: '=istanza' } },
  }
  const curious = await connectorsTo(platforms, { body: { ...town, chiamate } })
  await assert.rejects(curious.rest.call('tari.registra', values, 'p-5/x/1'), { name: 'Refused', code: '422' })
  curious.close()
})

test('without the secret nothing is entered', async () => {
  const { tributi } = platforms.uffici.servizi
  const uffici = {
    ...platforms.uffici,
    servizi: { ...platforms.uffici.servizi, tributi: { ...tributi!, segreti: { gettone: 'x' } } },
  }
  const stranger = await connectorsTo({ ...platforms, uffici })
  const before = (await entries('tributi')).length
  await assert.rejects(stranger.rest.call('tari.registra', values, 'p-6/x/1'), { name: 'Refused', code: '401' })
  assert.equal((await entries('tributi')).length, before)
  stranger.close()
})
