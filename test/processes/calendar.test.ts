/** The calendar of a town: every day as Temporal counts it, and a file that is wrong says where. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { easter, isHoliday, isWorkingDay } from '../../processes/calendar.ts'
import { loadCalendar, loadTown } from '../../processes/town.ts'

const { calendario } = await loadTown()

test('every day from 2020 to 2050 counts as the fields of the file say', () => {
  for (let day = Temporal.PlainDate.from('2020-01-01'); day.year <= 2050; day = day.add({ days: 1 })) {
    const dayOfYear = day.toString().slice(5)
    const isEasterMonday = day.subtract({ days: 1 }).equals(easter(day.year))
    const isNamed = calendario.festivita.some(({ giorno, dal = 0 }) => giorno === dayOfYear && day.year >= dal)
    const isHere = day.dayOfWeek === 7 || isEasterMonday || isNamed
    assert.equal(isHoliday(day, calendario), isHere, `holiday ${day}`)
    const works = !isHere && day.dayOfWeek < 6 && dayOfYear !== calendario.patrono.giorno
    assert.equal(isWorkingDay(day, calendario), works, `working day ${day}`)
  }
})

const folder = mkdtempSync(join(tmpdir(), 'iter-calendar-'))
after(() => rmSync(folder, { recursive: true }))
const file = (content: string): string => {
  const path = join(folder, 'calendario.json')
  writeFileSync(path, content)
  return path
}

test('a calendar in a file of its own is read', async () => {
  const path = file(JSON.stringify({ ...calendario, chiusure: ['2027-08-16'], sabatoLavorativo: true }))
  const read = await loadCalendar(path)
  assert.equal(isWorkingDay(Temporal.PlainDate.from('2027-08-16'), read), false)
  assert.equal(isWorkingDay(Temporal.PlainDate.from('2027-08-21'), read), true)
})

test('a wrong file is named with each wrong field', async () => {
  const wrong = { ...calendario, chiusure: ['16/8/2027'], patrono: { giorno: '02-30', nome: '' }, slitta: 'sì' }
  await assert.rejects(loadCalendar(file(JSON.stringify(wrong))), (error: Error) =>
    [
      /^Expected .*calendario\.json to be the calendar of a town, but:/,
      /chiusure\[0\]/,
      /patrono\.giorno/,
      /slitta/,
    ].every((part) => part.test(error.message)),
  )
  await assert.rejects(loadCalendar(file('{')), /^Error: Expected .*calendario\.json to be JSON, but /)
})
