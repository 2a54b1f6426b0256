/** The decisions on public land, by the cases of the office and against sums made another way. What they give is in suolo.scenari too. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadTown } from '../../processes/town.ts'
import { legalDay, type TermRule, term } from '../../workers/termini/terms.ts'
import { decide, refusalOf } from './decided.ts'

interface Line {
  readonly voce: string
  readonly importo: number
  readonly centesimi: number
  readonly motivo: string
}
interface Bill {
  readonly voci: readonly Line[]
  readonly totale: number
  readonly centesimi: number
}
const bill = (occupazione: object, more: object = {}): Bill => decide('dmn-canone', { occupazione, ...more }) as Bill

const oneDay = { durata: 'TEMPORANEA', dal: '2027-05-19', al: '2027-05-19', zona: 'A' }
const removal = { ...oneDay, tipo: 'TRASLOCO', mq: 20 }
const works = { ...oneDay, tipo: 'CANTIERE', mq: 20, dal: '2027-06-01', al: '2027-06-30' }
const kiosk = { tipo: 'CHIOSCO', durata: 'PERMANENTE', mq: 10, zona: 'B' }

for (const [name, occupazione, richiedente, canone, total] of [
  ['O1: a removal', removal, {}, 2_600, 7_800],
  [
    'O2: tables outside',
    { ...removal, tipo: 'DEHORS', mq: 24, dal: '2027-05-01', al: '2027-09-27' },
    {},
    374_400,
    379_600,
  ],
  ['O3: a kiosk', kiosk, {}, 28_800, 34_000],
  ['O3: a kiosk, the next year', { ...kiosk, annualita: 2 }, {}, 28_800, 28_800],
  ['O8: works', works, {}, 85_800, 91_000],
  ['O8: ten days more', { ...works, dal: '2027-07-01', al: '2027-07-10' }, {}, 28_600, 33_800],
  [
    'O10: an association',
    { ...removal, tipo: 'EVENTO', mq: 50, dal: '2027-06-05', al: '2027-06-06' },
    { natura: 'ETS' },
    2_600,
    4_600,
  ],
  ['O11: works with a deposit', { ...works, al: '2027-06-10', cauzione: 500 }, {}, 28_600, 83_800],
  ['O12: a removal on a state road', { ...removal, dal: '2027-06-30', al: '2027-06-30' }, {}, 2_600, 7_800],
] as const) {
  test(`${name}: ${total} cents`, () => {
    const { voci, centesimi } = bill(occupazione, { richiedente })
    assert.deepEqual([voci[0]!.centesimi, centesimi], [canone, total])
  })
}

test('half a cent is rounded up: 2.925 is 2.93', () => {
  const { voci } = bill({ ...oneDay, tipo: 'PASSO_CARRABILE', mq: 2.5, al: '2027-05-21', zona: 'C' })
  assert.deepEqual([voci[0]!.importo, voci[0]!.centesimi], [2.93, 293])
})

test('a line says how its amount came about, in Italian', () => {
  assert.equal(
    bill({ ...kiosk, mq: 2.5, sottosuolo: true }).voci[0]!.motivo,
    "60,00 euro all'anno (100-500 mila abitanti) x 0,25 (sottosuolo, L. 160/2019 c. 829) x 2,5 mq x zona B 0,8 x chiosco 0,6",
  )
})

/** The same numbers every time. */
function chance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}
const ZONES = { A: 10n, B: 8n, C: 6n } as const
const ACTIVITIES = {
  TRASLOCO: 10n,
  PONTEGGIO: 11n,
  CANTIERE: 11n,
  DEHORS: 8n,
  EVENTO: 10n,
  SPETTACOLO: 10n,
  RACCOLTA_FIRME: 2n,
  CHIOSCO: 6n,
  PASSO_CARRABILE: 5n,
} as const
const TARIFFS = [
  { abitanti: 500_001, annua: 7_000n, giornaliera: 200n },
  { abitanti: 500_000, annua: 6_000n, giornaliera: 130n },
  { abitanti: 100_000, annua: 5_000n, giornaliera: 120n },
  { abitanti: 30_000, annua: 4_000n, giornaliera: 70n },
  { abitanti: 10_000, annua: 3_000n, giornaliera: 60n },
] as const
const halfUp = (numerator: bigint, denominator: bigint): bigint => (2n * numerator + denominator) / (2n * denominator)
const dayAfter = (days: number): string => Temporal.PlainDate.from('2027-01-01').add({ days }).toString()

test('whatever is occupied: the amount is the exact product rounded once, the total the sum of the lines', () => {
  const random = chance(20_270_503)
  const pick = <T>(of: readonly T[]): T => of[random(of.length)]!
  for (let turn = 0; turn < 1_000; turn++) {
    const tipo = pick(Object.keys(ACTIVITIES) as (keyof typeof ACTIVITIES)[])
    const zona = pick(Object.keys(ZONES) as (keyof typeof ZONES)[])
    const { abitanti, annua, giornaliera } = pick(TARIFFS)
    const durata = pick(['TEMPORANEA', 'PERMANENTE'] as const)
    const hundredths = 1 + random(300_000)
    const days = 1 + random(364)
    const from = random(700)
    const depositCents = random(2) * random(100_000)
    const occupazione = {
      tipo,
      zona,
      durata,
      mq: hundredths / 100,
      ...(durata === 'TEMPORANEA' && { dal: dayAfter(from), al: dayAfter(from + days - 1) }),
      cauzione: depositCents / 100,
    }
    const { voci, totale, centesimi } = bill(occupazione, { ente: { abitanti } })
    const tariff = durata === 'TEMPORANEA' ? giornaliera * BigInt(days) : annua
    const tenthsLeft = tipo === 'SPETTACOLO' ? 5n : 10n
    const product = tariff * BigInt(hundredths) * ZONES[zona] * ACTIVITIES[tipo] * tenthsLeft
    const expected = [halfUp(product, 100_000n), 1_600n, 1_600n, 2_000n, ...(depositCents > 0 ? [depositCents] : [])]
    assert.deepEqual(
      voci.map((line) => line.centesimi),
      expected.map(Number),
      JSON.stringify(occupazione),
    )
    assert.equal(centesimi, Number(expected.reduce<bigint>((sum, cents) => sum + BigInt(cents), 0n)))
    assert.equal(Math.round(totale * 100), centesimi)
    for (const line of voci) assert.equal(Math.round(line.importo * 100), line.centesimi)
  }
})

for (const [what, occupazione] of [
  ['nothing', {}],
  ['no area', { ...removal, mq: null }],
  ['no area at all', { ...removal, mq: 0 }],
  ['an area below zero', { ...removal, mq: -20 }],
  ['an area in words', { ...removal, mq: 'venti' }],
  ['an unknown zone', { ...removal, zona: 'D' }],
  ['an unknown kind', { ...removal, tipo: 'GITA' }],
  ['an unknown duration', { ...removal, durata: 'ETERNA' }],
  ['no last day', { ...removal, al: null }],
  ['a last day before the first', { ...removal, al: '2027-05-18' }],
  ['no users of a network', { tipo: 'RETI', durata: 'PERMANENTE' }],
  ['a deposit below zero is none', null],
] as const) {
  test(`${what}: no amount is made up`, () => {
    if (occupazione === null) assert.equal(bill({ ...removal, cauzione: -1 }).centesimi, 7_800)
    else assert.match(refusalOf('dmn-canone', { occupazione }), /il canone non si può calcolare: servono/)
  })
}

test('a province has no tariff for networks here, and none is made up', () => {
  const variables = { occupazione: { tipo: 'RETI', durata: 'PERMANENTE', utenze: 10 }, ente: { tipo: 'PROVINCIA' } }
  assert.match(refusalOf('dmn-canone', variables), /non si può calcolare/)
})

interface Penalty extends Bill {
  readonly sanzione: { readonly centesimiMinima: number; readonly centesimiMassima: number }
}
test('O9: 30 square metres instead of 20 cost half as much again for thirty days, and a fine of one to two times that', () => {
  const abuso = { accertatoIl: '2027-07-15', mqConcessi: 20, stabile: false }
  const occupazione = { ...works, mq: 30, al: '2027-07-30', abuso }
  const { voci, sanzione } = decide('dmn-indennita', { occupazione }) as Penalty
  assert.deepEqual(
    voci.map(({ centesimi }) => centesimi),
    [64_350, 64_350],
  )
  assert.deepEqual([sanzione.centesimiMinima, sanzione.centesimiMassima], [64_350, 128_700])
  assert.equal(bill(occupazione).voci[0]!.centesimi, 42_900)
})

test('the indemnity is rounded once: half as much again of 2.925 is 4.39, not of 2.93', () => {
  const abuso = { accertatoIl: '2027-07-15', mqConcessi: 0, stabile: false }
  const occupazione = { ...oneDay, tipo: 'PASSO_CARRABILE', mq: 0.25, zona: 'C', abuso }
  const { voci } = decide('dmn-indennita', { occupazione }) as Penalty
  assert.equal(voci[0]!.centesimi, 439)
})

test('without an abuse there is no indemnity', () => {
  assert.match(refusalOf('dmn-indennita', { occupazione: removal }), /l'indennità non si può calcolare: servono/)
  const abuso = { accertatoIl: '2027-07-15', mqConcessi: 20, stabile: false }
  assert.match(refusalOf('dmn-indennita', { occupazione: { ...removal, abuso } }), /l'indennità non si può calcolare/)
})

for (const [damage, kept, back, credit] of [
  [0, 0, 50_000, 0],
  [320, 32_000, 18_000, 0],
  [500, 50_000, 0, 0],
  [700, 50_000, 0, 20_000],
  [0.005, 1, 49_999, 0],
] as const) {
  test(`O11: of a deposit of 500.00 and a damage of ${damage}: ${kept} cents stay, ${back} go back, ${credit} are owed`, () => {
    const variables = { occupazione: { cauzione: 500 }, ripristino: { importo: damage } }
    const { trattenuto, centesimiRestituiti, centesimiCredito, voci, centesimi } = decide(
      'dmn-cauzione',
      variables,
    ) as {
      readonly trattenuto: number
      readonly centesimiRestituiti: number
      readonly centesimiCredito: number
    } & Bill
    assert.deepEqual([Math.round(trattenuto * 100), centesimiRestituiti, centesimiCredito], [kept, back, credit])
    assert.equal(
      centesimi,
      voci.reduce((sum, line) => sum + line.centesimi, 0),
    )
  })
}

test('a damage that nobody has put a number to gives nothing back', () => {
  assert.match(
    refusalOf('dmn-cauzione', { occupazione: { cauzione: 500 }, ripristino: {} }),
    /serve ripristino\.importo/,
  )
})

interface Route {
  readonly giorni: number
  readonly pareri: readonly { readonly ente: string; readonly ufficio: string | null; readonly giorni: number }[]
  readonly cauzione: number
  readonly bollo: { readonly dovuto: boolean }
}
const route = (occupazione: object, luogo: object = {}, richiedente: object = {}): Route =>
  decide('dmn-tipo-osp', { istanza: { occupazione }, luogo, richiedente }) as Route

test('O12: the owner of a state road is asked in a centre of less than 10,000, not in a larger one', () => {
  const asked = (abitanti: number | null) =>
    route(removal, { strada: { categoria: 'STATALE', gestore: 'ANAS', abitanti } }).pareri.map(({ ente }) => ente)
  assert.deepEqual(asked(9_999), ['ANAS'])
  assert.deepEqual(asked(10_000), [])
  assert.deepEqual(asked(null), [])
})

test('an office is asked once, whatever it is asked for', () => {
  const { pareri } = route({ ...works, manomissione: true, viabilita: 'CHIUSURA' })
  assert.deepEqual(
    pareri.map(({ ufficio }) => ufficio),
    ['pm.viabilita', 'strade.tecnici'],
  )
})

test('who pays stamp duty is said alike before and in the bill', () => {
  for (const natura of [undefined, 'ETS', 'PA', 'ENTE_PUBBLICO', 'CULTO']) {
    const paid = bill(removal, { richiedente: { natura } }).voci.filter(({ voce }) =>
      voce.startsWith('Imposta di bollo'),
    )
    const { dovuto } = route(removal, {}, { natura }).bollo
    assert.deepEqual(
      paid.map(({ centesimi }) => centesimi),
      dovuto ? [1_600, 1_600] : [0, 0],
    )
  }
})

test('the terms are counted as those of any procedure: filed on 3 May, thirty days end after the holiday of 2 June', async () => {
  const { calendario } = await loadTown()
  const rules = decide('dmn-termini-osp', { istanza: { occupazione: removal } }) as (TermRule & { nome: string })[]
  const receipt = legalDay('2027-05-03T09:00:00+02:00')
  const days = rules.map(({ nome, ...rule }) => [nome, term(receipt, rule, calendario).giorno] as const)
  assert.deepEqual(Object.fromEntries(days), {
    termine: '2027-06-03',
    avvisoMeta: '2027-05-18',
    avvisoResponsabile: '2027-05-28',
    avvisoDirigente: '2027-05-31',
  })
})

test('signs of a parking ban stand 48 true hours before, over the change of the hour too', () => {
  const until = (dal: string) =>
    (decide('dmn-ordinanza', { occupazione: { viabilita: 'DIVIETO_SOSTA', dal } }) as { readonly segnaliEntro: string })
      .segnaliEntro
  assert.equal(until('2027-05-19'), '2027-05-16T22:00:00Z')
  assert.equal(until('2027-03-29'), '2027-03-26T22:00:00Z')
  assert.match(refusalOf('dmn-ordinanza', { occupazione: { viabilita: 'DIVIETO_SOSTA' } }), /serve occupazione\.dal/)
})
