/** The legal clock stops and goes on: every suspension of the cases of the law, to the day. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadTown } from '../../processes/town.ts'
import { type RunningTerm, resumed, suspended } from '../../workers/termini/suspension.ts'
import { term } from '../../workers/termini/terms.ts'

const { calendario } = await loadTown()
const day = (text: string) => Temporal.PlainDate.from(text)

function running(receipt: string, giorni: number, allarmi: RunningTerm['allarmi'] = []): RunningTerm {
  const { giorno, istante, contato } = term(
    day(receipt),
    { giorni, computo: 'calendario', slitta: true, momento: 'fine' },
    calendario,
  )
  const counted = { inizio: receipt, giorni, tipo: 'calendario' as const }
  return { ...counted, scadenza: giorno, effetto: istante, contato, sospensioni: [], sospeso: null, allarmi }
}

/** Received, days, then for each stop: from, days left, until; the last useful day in the end. */
const cases: readonly [
  string,
  string,
  number,
  readonly (readonly [from: string, left: number, until: string])[],
  string,
][] = [
  ['R3: the ten days for observations pass', '2027-03-01', 45, [['2027-04-08', 7, '2027-04-19']], '2027-04-26'],
  ['R4: ten days after the observations', '2027-03-01', 45, [['2027-04-08', 7, '2027-04-23']], '2027-04-30'],
  ['S4: one request for all', '2027-05-03', 60, [['2027-05-28', 35, '2027-06-09']], '2027-07-14'],
  ['O1: a notice is open for a day', '2027-05-03', 30, [['2027-05-06', 27, '2027-05-07']], '2027-06-03'],
  ['O5: a Saturday does not roll', '2027-05-03', 30, [['2027-05-14', 19, '2027-05-24']], '2027-06-12'],
  [
    'O7: two stops in a row',
    '2027-05-03',
    30,
    [
      ['2027-05-10', 23, '2027-06-09'],
      ['2027-06-10', 22, '2027-06-21'],
    ],
    '2027-07-13',
  ],
  ['A1: a notice is open for a week', '2027-02-01', 60, [['2027-03-01', 32, '2027-03-08']], '2027-04-09'],
  ['A5: the wait rolled over Easter Monday', '2027-02-01', 60, [['2027-03-19', 14, '2027-03-30']], '2027-04-13'],
  [
    'A11: integration, then notice',
    '2027-02-01',
    60,
    [
      ['2027-02-15', 46, '2027-03-17'],
      ['2027-03-18', 45, '2027-03-30'],
    ],
    '2027-05-14',
  ],
  ['what comes on the last day has none left', '2027-03-01', 45, [['2027-04-15', 0, '2027-04-20']], '2027-04-20'],
]
for (const [name, receipt, giorni, stops, end] of cases) {
  test(name, () => {
    let clock = running(receipt, giorni)
    for (const [from, left, until] of stops) {
      const stopped = suspended(clock, day(from), 'PREAVVISO')
      assert.deepEqual(stopped.sospeso, { dal: from, restano: left, causa: 'PREAVVISO' })
      clock = resumed(stopped, day(until), calendario)
    }
    assert.equal(clock.scadenza, end)
    assert.equal(clock.sospeso, null)
    assert.deepEqual(
      clock.sospensioni,
      stops.map(([dal, , al]) => ({ dal, al, causa: 'PREAVVISO' })),
    )
  })
}

test('alarms that have sounded are gone, the others move with the end and keep the hour of the town', () => {
  const at = (istante: string, gruppo: string) => ({ istante, gruppo })
  const clock = running('2027-03-01', 45, [
    at('2027-03-25T23:00:00Z', 'day 25'),
    at('2027-04-07T22:00:00Z', 'the day it stops'),
    at('2027-04-09T22:00:00Z', 'day 40'),
  ])
  const { allarmi } = resumed(suspended(clock, day('2027-04-08'), 'PREAVVISO'), day('2027-04-23'), calendario)
  assert.deepEqual(allarmi, [at('2027-04-24T22:00:00Z', 'day 40')])
})

test('what was left ends on a Sunday that is a holiday: the end rolls, the day as counted and the alarms do not', () => {
  const day43 = [{ istante: '2027-04-12T22:00:00Z' }]
  const asked = suspended(running('2027-03-01', 45, day43), day('2027-03-02'), 'INTEGRAZIONE')
  const { scadenza, contato, ...rolled } = resumed(asked, day('2027-03-12'), calendario)
  assert.deepEqual([scadenza, contato], ['2027-04-26', { giorno: '2027-04-25', istante: '2027-04-25T22:00:00Z' }])
  assert.deepEqual(rolled.allarmi, [{ istante: '2027-04-22T22:00:00Z' }])
  // From a day that rolled to one that does not.
  const again = resumed(
    suspended({ ...rolled, scadenza, contato }, day('2027-04-20'), 'PREAVVISO'),
    day('2027-04-30'),
    calendario,
  )
  assert.deepEqual([again.scadenza, again.contato.giorno], ['2027-05-05', '2027-05-05'])
  assert.deepEqual(again.allarmi, [{ istante: '2027-05-02T22:00:00Z' }])
})

test('a clock that stands is not stopped, one that runs does not resume, and what the term knows besides stays', () => {
  const clock = { ...running('2027-03-01', 45), preavvisoInviato: true }
  const stopped = suspended(clock, day('2027-04-08'), 'PREAVVISO')
  assert.equal(stopped.preavvisoInviato, true)
  assert.throws(() => suspended(stopped, day('2027-04-09'), 'PREAVVISO'), /stood still since 2027-04-08/)
  assert.throws(() => resumed(clock, day('2027-04-09'), calendario), /Expected a suspended term/)
  assert.throws(() => suspended({ ...clock, tipo: 'lavorativi' }, day('2027-04-08'), 'PREAVVISO'), /working days/)
})
