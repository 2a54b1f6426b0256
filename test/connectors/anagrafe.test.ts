/** The port to a town's population register, client ⇄ sandbox. The port is ours: no official description to compare it with. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { populationRegister } from '../../connectors/anagrafe/client.ts'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { openPlatforms } from './platforms.ts'

const opened = await openPlatforms({ now: () => Date.parse('2027-03-02T09:00:00Z') })
const { platforms, plan, journal, calls } = opened
const { population } = opened.connectors
after(() => opened[Symbol.asyncDispose]())

const change = { riferimento: 'p/1', persone: ['RSSMRA85C01G273I', 'RSSGLI18P54G999I'], decorrenza: '2027-03-01' }

test('a registration says its number, from when it holds and when it was made', async () => {
  const receipt = await population.register(change)
  assert.deepEqual(receipt, { idOperazione: '1', decorrenza: '2027-03-01', data: '2027-03-02T09:00:00.000Z' })
})

test('changes are keyed: a repeat gets the first answer, and each call is counted', async () => {
  const before = (await calls('anagrafe')).length
  assert.deepEqual(await population.register(change), await population.register(change))
  assert.equal((await journal('anagrafe')).length, 1)
  assert.equal((await calls('anagrafe')).length, before + 2)
})

for (const operation of ['register', 'restore'] as const) {
  const platformCalls = { register: 'registra', restore: 'ripristina' }[operation]
  test(`${operation} is keyed: a lost answer is resolved by the repeat, without a second change`, async () => {
    for (const kind of ['drop-after', 'error-after']) {
      const lost = { ...change, riferimento: `${operation}/${kind}` }
      const made = (await journal('anagrafe')).length
      await plan('anagrafe', platformCalls, kind)
      await assert.rejects(population[operation](lost), UnknownOutcome)
      assert.equal((await population[operation](lost)).decorrenza, '2027-03-01')
      assert.equal((await journal('anagrafe')).length, made + 1)
    }
  })
  test(`${operation}: what fails before has no effect`, async () => {
    const made = (await journal('anagrafe')).length
    await plan('anagrafe', platformCalls, 'error-before')
    await assert.rejects(population[operation]({ ...change, riferimento: `${operation}/early` }), Unavailable)
    assert.equal((await journal('anagrafe')).length, made)
  })
}

test('who cannot be registered is refused, and nothing is changed', async () => {
  const made = (await journal('anagrafe')).length
  await assert.rejects(population.register({ ...change, riferimento: 'p/2', persone: ['X'] }), Refused)
  await assert.rejects(population.register({ ...change, riferimento: 'p/3', decorrenza: '2027-02-30' }), Refused)
  assert.equal((await journal('anagrafe')).length, made)
})

test('nobody is named when a call fails', async () => {
  const gone = populationRegister({ ...platforms.anagrafe, url: 'http://127.0.0.1:4' })
  await assert.rejects(gone.register(change), (error: Error) => !/RSSMRA|RSSGLI/.test(error.message))
})
