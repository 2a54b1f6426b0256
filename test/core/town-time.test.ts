/** Timers in a town: its zone and its calendar are the engine's configuration, and what is due stays due when they change. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locality } from '../../engine/feel/index.ts'
import { feelCalendar } from '../../processes/calendar.ts'
import { loadTown, type TownCalendar } from '../../processes/town.ts'
import { diagram, extended, flow, START } from '../model/diagrams.ts'
import { hotRows, replayed, rowsOf, STARTED_AT, World } from '../simulation/world.ts'
import { documented } from './documented.ts'

const ROME = 'Europe/Rome'
const { calendario } = await loadTown()
const town = (calendar: TownCalendar = calendario): Locality => ({ zone: ROME, calendar: feelCalendar(calendar) })
const rome = (text: string): number => Temporal.PlainDateTime.from(text).toZonedDateTime(ROME).epochMilliseconds
const inRome = (at: number | undefined): string =>
  Temporal.Instant.fromEpochMilliseconds(at ?? Number.NaN)
    .toZonedDateTimeISO(ROME)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })

const END = '<bpmn:endEvent id="e"/>'
const waiting = (timer: string): Buffer =>
  Buffer.from(
    diagram(
      `${START}${flow('s', 'w')}<bpmn:intermediateCatchEvent id="w"><bpmn:timerEventDefinition id="t">${timer}</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>${flow('w', 'e')}${END}`,
    ),
  )

/** At that time in Rome. */
async function at(now: string, locality: Locality = town()): Promise<World> {
  const world = await World.opened({ locality })
  await world.advance(rome(now) - STARTED_AT)
  return world
}
async function start(world: World, content: Buffer, bpmnProcessId = 'p'): Promise<void> {
  await world.deploy(content)
  await world.client.createProcessInstance({ bpmnProcessId, variables: '{}' })
}
const dueDates = async (world: World): Promise<readonly string[]> =>
  (await world.events()).flatMap((event) =>
    event.valueType === 'TIMER' && event.intent === 'CREATED' ? [inRome(event.value.dueDate)] : [],
  )

const timers: readonly (readonly [now: string, timer: string, due: string])[] = [
  ['2027-03-20T09:00', '<bpmn:timeDuration>P10D</bpmn:timeDuration>', '2027-03-30T09:00'],
  ['2027-03-20T09:00', '<bpmn:timeDuration>=duration("P10D")</bpmn:timeDuration>', '2027-03-30T09:00'],
  ['2027-03-20T09:00', '<bpmn:timeDuration>PT240H</bpmn:timeDuration>', '2027-03-30T10:00'],
  ['2027-10-30T09:00', '<bpmn:timeDuration>=@"P2D"</bpmn:timeDuration>', '2027-11-01T09:00'],
  ['2027-10-30T09:00', '<bpmn:timeDate>2027-11-01T08:30</bpmn:timeDate>', '2027-11-01T08:30'],
  ['2027-10-30T09:00', '<bpmn:timeDate>=date("2027-11-01")</bpmn:timeDate>', '2027-11-01T00:00'],
  ['2027-10-30T09:00', '<bpmn:timeDate>=date and time("2027-11-01T08:30:00")</bpmn:timeDate>', '2027-11-01T08:30'],
  ['2027-12-30T00:30', '<bpmn:timeDate>=today() + duration("P1D")</bpmn:timeDate>', '2027-12-31T00:00'],
  ['2026-12-23T15:00', '<bpmn:timeDate>=add working days(now(), 3)</bpmn:timeDate>', '2026-12-29T15:00'],
  ['2026-12-23T23:30', '<bpmn:timeDate>=next working day(today())</bpmn:timeDate>', '2026-12-24T00:00'],
  ['2027-03-25T09:00', '<bpmn:timeDate>=add working days(today(), 2)</bpmn:timeDate>', '2027-03-30T00:00'],
  ['2028-02-28T09:00', '<bpmn:timeDate>=add working days(now(), 1)</bpmn:timeDate>', '2028-02-29T09:00'],
]
for (const [now, timer, due] of timers)
  test(`at ${now} in Rome ${timer.replace(/<\/?bpmn:/g, '').replace(/>.*/, '')} ${timer.replace(/<[^>]*>/g, '')} is due at ${due}`, async () => {
    await using world = await at(now)
    await start(world, waiting(timer))
    assert.deepEqual(await dueDates(world), [due])
  })

test('the documented timer waits until the third working day at nine, through a crash, and leaves nothing', async () => {
  await using world = await at('2026-12-23T15:00')
  await start(world, documented('docs/beyond-zeebe.md', 'Working days'), 'tre-giorni-lavorativi')
  await world.open()
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
  await world.advance(rome('2026-12-29T08:59') - world.now)
  assert.equal((await world.trace()).includes('fine ELEMENT_COMPLETED'), false)
  await world.advance(60_000)
  assert.equal((await world.trace()).includes('fine ELEMENT_COMPLETED'), true)
  assert.deepEqual(hotRows(world.store), [])
})

/** A process that starts by a timer. */
const starting = (timer: string): Buffer =>
  Buffer.from(
    diagram(
      `<bpmn:startEvent id="s"><bpmn:timerEventDefinition id="t">${timer}</bpmn:timerEventDefinition></bpmn:startEvent>${flow('s', 'e')}${END}`,
    ),
  )

test('a cycle starts a process each morning at eight over both changes of the hour', async () => {
  await using world = await at('2027-03-26T12:00')
  await world.deploy(starting('<bpmn:timeCycle>R/2027-03-27T08:00+01:00[Europe/Rome]/P1D</bpmn:timeCycle>'))
  for (let day = 0; day < 3; day++) await world.advance(86_400_000)
  assert.deepEqual(await dueDates(world), [
    '2027-03-27T08:00',
    '2027-03-28T08:00',
    '2027-03-29T08:00',
    '2027-03-30T08:00',
  ])
  await world.advance(rome('2027-10-30T12:00') - world.now)
  await world.advance(rome('2027-11-01T12:00') - world.now)
  assert.deepEqual((await dueDates(world)).slice(-2), ['2027-10-31T08:00', '2027-11-02T08:00'])
})

test('a cron expression of office hours goes by the clock of the town', async () => {
  await using world = await at('2027-03-26T16:30')
  await world.deploy(starting('<bpmn:timeCycle>0 0 9-17 * * MON-FRI</bpmn:timeCycle>'))
  await world.advance(rome('2027-03-26T17:00') - world.now)
  await world.advance(rome('2027-03-29T09:00') - world.now)
  assert.deepEqual(await dueDates(world), ['2027-03-26T17:00', '2027-03-29T09:00', '2027-03-29T10:00'])
})

for (const [timer, due] of [
  ['=date and time(add working days(date("2026-12-23"), 3), time("09:00:00"))', '2026-12-29T09:00'],
  ['=date("2027-11-01")', '2027-11-01T00:00'],
  ['2027-11-01T08:30', '2027-11-01T08:30'],
] as const)
  test(`a process may start at ${timer}, which is known at deployment`, async () => {
    await using world = await at('2026-12-01T12:00')
    await world.deploy(starting(`<bpmn:timeDate>${timer}</bpmn:timeDate>`))
    assert.deepEqual(await dueDates(world), [due])
  })

test('a script task knows the calendar', async () => {
  await using world = await at('2026-12-25T10:00')
  const script = '<zeebe:script expression="=is working day(today())" resultVariable="aperto"/>'
  await start(
    world,
    Buffer.from(
      diagram(
        `${START}${flow('s', 'c')}<bpmn:scriptTask id="c">${extended(script)}</bpmn:scriptTask>${flow('c', 'e')}${END}`,
      ),
    ),
  )
  const set = (await world.events()).findLast(({ valueType }) => valueType === 'VARIABLE')
  assert.ok(set?.valueType === 'VARIABLE')
  assert.deepEqual([set.value.name, set.value.value], ['aperto', 'false'])
})

const openDays = `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="t">
  <decision id="aperto" name="aperto"><variable name="aperto"/><literalExpression><text>working days between(date(dal), date(al))</text></literalExpression></decision>
</definitions>`

test('a decision knows the calendar', async () => {
  await using world = await at('2026-12-25T10:00')
  await world.client.deployResources({ resources: [{ name: 'aperto.dmn', content: Buffer.from(openDays) }] })
  const variables = JSON.stringify({ dal: '2026-12-23', al: '2026-12-29' })
  const { decisionOutput } = await world.client.evaluateDecision({ decisionId: 'aperto', variables })
  assert.equal(decisionOutput, '3')
})

test('a timer that is set keeps its due date when the calendar changes; one that is set later has the new one', async () => {
  const timer = waiting('<bpmn:timeDate>=add working days(now(), 1)</bpmn:timeDate>')
  await using world = await at('2026-12-23T15:00')
  await start(world, timer)
  world.locality = town({ ...calendario, chiusure: ['2026-12-24'] })
  await world.open()
  await world.client.createProcessInstance({ bpmnProcessId: 'p', variables: '{}' })
  assert.deepEqual(await dueDates(world), ['2026-12-24T15:00', '2026-12-28T15:00'])
  await world.advance(rome('2026-12-24T15:00') - world.now)
  assert.equal((await world.trace()).filter((line) => line === 'e ELEMENT_COMPLETED').length, 1)
})

test('without zone and calendar an engine is as Zeebe: UTC, no date without offset, no working days', async () => {
  await using world = await at('2027-03-20T09:00', {})
  await start(world, waiting('<bpmn:timeDuration>P10D</bpmn:timeDuration>'))
  assert.deepEqual(await dueDates(world), ['2027-03-30T10:00'])
  await assert.rejects(world.deploy(waiting('<bpmn:timeDate>2027-11-01T08:30</bpmn:timeDate>')), /Invalid timer date/)
  const failure = async (): Promise<string> => {
    const raised = (await world.events()).findLast(({ valueType }) => valueType === 'INCIDENT')
    assert.ok(raised?.valueType === 'INCIDENT')
    return raised.value.errorMessage ?? ''
  }
  await start(world, waiting('<bpmn:timeDate>=date("2027-11-01")</bpmn:timeDate>'))
  assert.equal(
    await failure(),
    `Expected result of the expression 'date("2027-11-01")' to be one of '[DATE_TIME, STRING]', but was 'DATE'.`,
  )
  await start(world, waiting('<bpmn:timeDate>=add working days(now(), 1)</bpmn:timeDate>'))
  assert.match(
    await failure(),
    /Failed to invoke function 'add working days': no calendar of working days is configured/,
  )
})
