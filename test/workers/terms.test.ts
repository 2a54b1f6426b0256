import assert from 'node:assert/strict'
import { test } from 'node:test'
import { easter, isHoliday, isWorkingDay } from '../../processes/calendar.ts'
import { loadTown, type TownCalendar } from '../../processes/town.ts'
import { legalDay, type TermRule, term } from '../../workers/termini/terms.ts'

const { calendario } = await loadTown()
const day = (text: string) => Temporal.PlainDate.from(text)

const calendarDays = (giorni: number): TermRule => ({ giorni, computo: 'calendario', slitta: true, momento: 'fine' })
const workingDays = (giorni: number): TermRule => ({ giorni, computo: 'lavorativi', slitta: false, momento: 'fine' })
const alarm = (giorni: number): TermRule => ({ giorni, computo: 'calendario', slitta: false, momento: 'inizio' })
const noRoll: TownCalendar = { ...calendario, slitta: false }

/** received, rule, last day, instant in UTC. Summer time begins on 28/3/2027: the hour before midnight changes. */
const terms: readonly [
  name: string,
  receipt: string,
  rule: TermRule,
  lastDay: string,
  instant: string,
  calendar?: TownCalendar,
][] = [
  ['R1 register within 2 working days', '2027-03-01', workingDays(2), '2027-03-03', '2027-03-03T23:00:00Z'],
  ['R8 alert after 1 working day', '2027-03-01', workingDays(1), '2027-03-02', '2027-03-02T23:00:00Z'],
  ['R2 silence on day 45, in summer time', '2027-03-01', calendarDays(45), '2027-04-15', '2027-04-15T22:00:00Z'],
  ['R2 alarm of day 25', '2027-03-01', alarm(25), '2027-03-26', '2027-03-25T23:00:00Z'],
  ['R2 alarm of day 35', '2027-03-01', alarm(35), '2027-04-05', '2027-04-04T22:00:00Z'],
  ['R2 alarm of day 40', '2027-03-01', alarm(40), '2027-04-10', '2027-04-09T22:00:00Z'],
  ['R2 alarm of day 43', '2027-03-01', alarm(43), '2027-04-13', '2027-04-12T22:00:00Z'],
  ['R9 working days over Easter', '2027-03-25', workingDays(2), '2027-03-30', '2027-03-30T22:00:00Z'],
  ['R9 alert over Easter', '2027-03-25', workingDays(1), '2027-03-26', '2027-03-26T23:00:00Z'],
  ['R9 day 45 is a Sunday and rolls', '2027-03-25', calendarDays(45), '2027-05-10', '2027-05-10T22:00:00Z'],
  [
    'R9 day 45 where the town does not roll',
    '2027-03-25',
    calendarDays(45),
    '2027-05-09',
    '2027-05-09T22:00:00Z',
    noRoll,
  ],
  ['R9 alarm of day 25', '2027-03-25', alarm(25), '2027-04-19', '2027-04-18T22:00:00Z'],
  ['R9 alarm of day 40 falls on a weekday', '2027-03-25', alarm(40), '2027-05-04', '2027-05-03T22:00:00Z'],
  ['R9 alarm of day 45 would not roll', '2027-03-25', alarm(45), '2027-05-09', '2027-05-08T22:00:00Z'],
  ['O1 a holiday rolls: 2 June', '2027-05-03', calendarDays(30), '2027-06-03', '2027-06-03T22:00:00Z'],
  ['S2 60 days end on a Sunday', '2027-05-05', calendarDays(60), '2027-07-05', '2027-07-05T22:00:00Z'],
  ['S1 a Friday stays', '2027-05-03', calendarDays(60), '2027-07-02', '2027-07-02T22:00:00Z'],
  ['a Saturday never rolls', '2027-03-01', calendarDays(5), '2027-03-06', '2027-03-06T23:00:00Z'],
  ['Easter Sunday rolls over Easter Monday', '2027-03-18', calendarDays(10), '2027-03-30', '2027-03-30T22:00:00Z'],
  ['the patron saint rolls nothing', '2027-07-05', calendarDays(10), '2027-07-15', '2027-07-15T22:00:00Z'],
  ['the patron saint is no working day', '2027-07-14', workingDays(1), '2027-07-16', '2027-07-16T22:00:00Z'],
  [
    'a closure is no working day',
    '2027-03-01',
    workingDays(1),
    '2027-03-03',
    '2027-03-03T23:00:00Z',
    { ...calendario, chiusure: ['2027-03-02'] },
  ],
  [
    'a town that works on Saturdays',
    '2027-03-05',
    workingDays(1),
    '2027-03-06',
    '2027-03-06T23:00:00Z',
    { ...calendario, sabatoLavorativo: true },
  ],
]

for (const [name, receipt, rule, giorno, istante, calendar = calendario] of terms) {
  test(`term: ${name}`, () => {
    const { contato, ...ends } = term(day(receipt), rule, calendar)
    assert.deepEqual(ends, { giorno, istante })
    assert.deepEqual(contato, term(day(receipt), { ...rule, slitta: false }, calendar).contato)
    if (!(rule.slitta && calendar.slitta)) assert.deepEqual(contato, ends)
  })
}

/** received, days, the last day that is safe whether or not the term rolls. */
for (const [name, receipt, giorni, giorno, istante] of [
  ['R2 a day that does not roll', '2027-03-01', 45, '2027-04-15', '2027-04-15T22:00:00Z'],
  ['R9 Sunday 9 May', '2027-03-25', 45, '2027-05-09', '2027-05-09T22:00:00Z'],
  ['O1 a holiday, 2 June', '2027-05-03', 30, '2027-06-02', '2027-06-02T22:00:00Z'],
  ['Easter Sunday, two days before its end rolls to', '2027-03-18', 10, '2027-03-28', '2027-03-28T22:00:00Z'],
] as const) {
  test(`as counted: ${name}`, () =>
    assert.deepEqual(term(day(receipt), calendarDays(giorni), calendario).contato, { giorno, istante }))
}

for (const [instant, expected] of [
  ['2027-03-01T09:00:00Z', '2027-03-01'],
  ['2027-03-01T23:30:00+01:00', '2027-03-01'],
  ['2027-02-28T23:00:00Z', '2027-03-01'],
  ['2027-04-15T21:59:59Z', '2027-04-15'],
  ['2027-04-15T22:00:00Z', '2027-04-16'],
] as const) {
  test(`an instant falls on the day of Rome: ${instant} is ${expected}`, () =>
    assert.equal(legalDay(instant).toString(), expected))
}

for (const [year, expected] of [
  [1954, '1954-04-18'],
  [2000, '2000-04-23'],
  [2024, '2024-03-31'],
  [2026, '2026-04-05'],
  [2027, '2027-03-28'],
  [2038, '2038-04-25'],
] as const) {
  test(`Easter of ${year}`, () => assert.equal(Temporal.PlainDate.from(easter(year)).toString(), expected))
}

test('the holidays of 2027 that are not Sundays are those of the law', () => {
  const weekdays: string[] = []
  for (let date = day('2027-01-01'); date.year === 2027; date = date.add({ days: 1 })) {
    if (date.dayOfWeek < 7 && isHoliday(date, calendario)) weekdays.push(date.toString().slice(5))
  }
  assert.deepEqual(weekdays, ['01-01', '01-06', '03-29', '05-01', '06-02', '10-04', '11-01', '12-08', '12-25'])
})

test('4 October is a holiday from 2026 on', () => {
  assert.equal(isWorkingDay(day('2024-10-04'), calendario), true)
  assert.equal(isWorkingDay(day('2027-10-04'), calendario), false)
})

test('a town without working days is refused, not searched for ever', () => {
  const closed: TownCalendar = {
    ...calendario,
    chiusure: Array.from({ length: 5000 }, (_, n) => day('2027-01-01').add({ days: n }).toString()),
  }
  assert.throws(() => term(day('2027-01-01'), workingDays(1), closed), RangeError)
})

test('a term beyond ten years is refused', () => {
  assert.throws(() => term(day('2027-01-01'), calendarDays(5000), calendario), RangeError)
})
