/** The jobs of the map: where an area is, what counts of drawing and declaration, who has the place already, and its place on the map. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { planeAt } from '../../connectors/gis/geometry/plane.ts'
import { textOf } from '../../connectors/gis/geometry/polygon.ts'
import { loadTown } from '../../processes/town.ts'
import { memoryLedger } from '../connectors/memory-ledger.ts'
import { openPlatforms } from '../connectors/platforms.ts'
import { openWorkbench } from './workbench.ts'

const now = () => Date.parse('2027-05-05T08:00:00Z')
const opened = await openPlatforms({ now, ledger: memoryLedger() })
const { connectors, journal, plan } = opened
after(() => opened[Symbol.asyncDispose]())
const { work, jobOf, completed } = openWorkbench({ town: await loadTown(), connectors, now })

const plane = planeAt([11.097, 43.88])
/** By its corners in metres from the centre of the sample town. */
const drawn = (...corners: readonly (readonly [number, number])[]) =>
  textOf([[...corners, corners[0]!].map(plane.round)])
const CORSO_ITALIA = { via: 'corso Italia', civico: '20', mq: 20 }
const located = async (area: object) => (await completed(jobOf('gis.localizza', { area }))).luogo

describe('gis.localizza', () => {
  test('without a drawing the area is a square of the declared size at the address', async () => {
    const { poligono, ...luogo } = await located(CORSO_ITALIA)
    assert.match(poligono, /^POLYGON\(\(/)
    assert.deepEqual(luogo, {
      ...{ esito: 'TROVATO', indirizzo: 'CIVICO', disegnato: false, mq: 20, mqDichiarati: 20, zona: 'A' },
      ...{ distanza: null, messaggio: '' },
      strada: {
        ...{ nome: 'corso Italia', categoria: 'COMUNALE', sigla: null, gestore: 'Comune di Esempio' },
        ...{ centroAbitato: 'Esempio', abitanti: 190_000 },
      },
    })
  })

  test('what was drawn counts, and what differs is said', async () => {
    const poligono = drawn([240, 2], [250, 2], [250, 6], [240, 6])
    const luogo = await located({ ...CORSO_ITALIA, poligono })
    assert.equal(luogo.disegnato, true)
    assert.ok(Math.abs(luogo.mq - 40) < 0.05)
    assert.equal(luogo.mqDichiarati, 20)
    assert.equal(luogo.distanza, 0)
    assert.match(luogo.messaggio, /^Disegnati (?:39|40),?\d* mq, dichiarati 20\.$/)
    const same = await located({ via: 'corso Italia', civico: '20', mq: null, poligono })
    assert.deepEqual([same.mq, same.messaggio], [luogo.mq, ''])
    const far = await located({ ...CORSO_ITALIA, mq: 40, poligono: drawn([0, 2], [10, 2], [10, 6], [0, 6]) })
    assert.match(far.messaggio, /^Il disegno è a 2\d\d m dall’indirizzo\.$/)
  })

  test('the road says whose it is and how large the town around it', async () => {
    const { strada, zona } = await located({ via: 'via Bolognese', civico: '5', mq: 20 })
    assert.equal(zona, 'A')
    assert.deepEqual(strada, {
      ...{ nome: 'via Bolognese', categoria: 'STATALE', sigla: 'SS 999', gestore: 'ANAS S.p.A.' },
      ...{ centroAbitato: 'Borgo San Martino', abitanti: 4_200 },
    })
    assert.equal((await located({ via: 'via Pistoiese', civico: '5', mq: 20 })).strada.abitanti, 190_000)
  })

  const outcomes: readonly (readonly [
    what: string,
    area: object,
    esito: string,
    indirizzo: string,
    message: RegExp,
  ])[] = [
    [
      'a street that is none',
      { via: 'via che non c’è', civico: '1', mq: 20 },
      'NON_TROVATO',
      'SCONOSCIUTO',
      /non conosce la via/,
    ],
    ['a number that is none', { ...CORSO_ITALIA, civico: '999' }, 'TROVATO', 'VIA', /non ha questo civico/],
    ['no number', { via: 'corso Italia', mq: 20 }, 'TROVATO', 'VIA', /non ha questo civico/],
    [
      'a drawing alone',
      { via: '?', poligono: drawn([240, 2], [250, 2], [250, 4], [240, 4]) },
      'TROVATO',
      'SCONOSCIUTO',
      /non conosce/,
    ],
    [
      'a drawing elsewhere',
      { ...CORSO_ITALIA, poligono: drawn([9000, 2], [9010, 2], [9010, 4], [9000, 4]) },
      'FUORI_COMUNE',
      'CIVICO',
      /non sta tutta/,
    ],
    [
      'a drawing across the border',
      { ...CORSO_ITALIA, poligono: drawn([1795, 2], [1805, 2], [1805, 4], [1795, 4]) },
      'FUORI_COMUNE',
      'CIVICO',
      /non sta tutta/,
    ],
    [
      'a bow',
      { ...CORSO_ITALIA, poligono: drawn([0, 0], [10, 10], [10, 0], [0, 10]) },
      'POLIGONO_ERRATO',
      'CIVICO',
      /non delimita/,
    ],
  ]
  for (const mq of [0.01, 60_000, 1e12, 1e300])
    test(`who cannot draw may write any size, and the map is asked all the same: ${mq}`, async () => {
      const luogo = await located({ ...CORSO_ITALIA, mq })
      assert.deepEqual([luogo.mq, luogo.disegnato], [mq, false])
      assert.equal(/più di quanti la mappa ne tenga/.test(luogo.messaggio), mq > 1)
      await completed(jobOf('gis.verifica-vincoli', { luogo }))
    })

  test('a drawing at the end of the world is not in the town', async () => {
    for (const [west, south] of [
      [0, 89.9999],
      [179.9999, -89.9999],
      [179.9999, 0],
    ] as const) {
      const [east, north] = [west + 0.0001, south + 0.00005]
      const poligono = textOf([
        [
          [west, south],
          [east, south],
          [east, north],
          [west, north],
          [west, south],
        ],
      ])
      const { esito } = await located({ ...CORSO_ITALIA, poligono })
      assert.ok(esito === 'FUORI_COMUNE' || esito === 'POLIGONO_ERRATO', `${poligono} ${esito}`)
    }
  })

  const HOSTILE: readonly (readonly [what: string, poligono: string])[] = [
    ['no number', 'POLYGON((NaN 43.88, 11.1 43.88, 11.1 43.9, NaN 43.88))'],
    ['no end', 'POLYGON((Infinity 43.88, 11.1 43.88, 11.1 43.9, Infinity 43.88))'],
    ['another world', 'POLYGON((999 43.88, 11.1 43.88, 11.1 43.9, 999 43.88))'],
    ['a thousand corners', drawn(...Array.from({ length: 1000 }, (_, index) => [index, index * index] as const))],
    ['a megabyte', `POLYGON((${'11.1 43.88, '.repeat(90_000)}11.1 43.88))`],
    ['a megabyte of nothing', `POLYGON((${' '.repeat(1_000_000)}`],
    ['GeoJSON', '{"type":"Polygon","coordinates":[[[11.1,43.88],[11.2,43.88],[11.2,43.9],[11.1,43.88]]]}'],
    ['a hole', 'POLYGON((11 43, 12 43, 12 44, 11 43), (11.1 43.1, 11.2 43.1, 11.2 43.2, 11.1 43.1))'],
    ['one point over and over', 'POLYGON((11.1 43.88, 11.1 43.88, 11.1 43.88, 11.1 43.88))'],
    ['a line back and forth', drawn([0, 0], [10, 0], [0, 0], [10, 0])],
    ['an eight', drawn([0, 0], [10, 10], [20, 0], [20, 10], [10, 0], [0, 10])],
    ['a corner on an edge', drawn([0, 0], [10, 0], [10, 10], [5, 0], [0, 10])],
  ]
  for (const [what, poligono] of HOSTILE)
    test(`no area, and no trouble: ${what}`, async () => {
      const luogo = await located({ ...CORSO_ITALIA, poligono })
      assert.deepEqual([luogo.esito, luogo.poligono], ['POLIGONO_ERRATO', null])
    })

  for (const [what, area, esito, indirizzo, message] of outcomes)
    test(`it is no error: ${what}`, async () => {
      const luogo = await located(area)
      assert.deepEqual([luogo.esito, luogo.indirizzo], [esito, indirizzo])
      assert.match(luogo.messaggio, message)
      assert.equal(luogo.poligono === null, esito === 'NON_TROVATO' || esito === 'POLIGONO_ERRATO')
    })

  test('an area of no size at all is for a person', async () => {
    const outcome = await work(jobOf('gis.localizza', { area: { via: 'corso Italia' } }))
    assert.equal(outcome.kind, 'failed')
    assert.match(outcome.kind === 'failed' ? outcome.errorMessage : '', /mq o poligono/)
  })
})

test('gis.verifica-vincoli says what lies on the area, and whether it can be granted', async () => {
  const constraints = async (area: object) =>
    (await completed(jobOf('gis.verifica-vincoli', { luogo: await located(area) }))).vincoli
  const none = { elenco: [], paesaggistico: false, monumentale: false, concedibile: true }
  assert.deepEqual(await constraints(CORSO_ITALIA), none)
  const square = await constraints({ via: 'piazza del Duomo', civico: '2', mq: 24 })
  assert.deepEqual({ ...square, elenco: [] }, { ...none, monumentale: true })
  assert.match(square.elenco[0].norma, /42\/2004/)
  const river = await constraints({ via: 'strada statale 999', mq: 24 })
  assert.deepEqual({ ...river, elenco: [] }, { ...none, paesaggistico: true })
  const brigade = await constraints({
    via: 'viale della Stazione',
    poligono: drawn([290, -245], [300, -245], [300, -242], [290, -242]),
  })
  assert.deepEqual({ ...brigade, elenco: [] }, { ...none, concedibile: false })
})

const pratica = { id: 'p-1' }
const onDays = (dal: string, al: string | null = dal) => ({ periodo: { dal, al } })
const overlaps = async (luogo: object, days: object, practice: object = pratica) =>
  (await completed(jobOf('gis.verifica-sovrapposizioni', { pratica: practice, luogo, ...days }))).sovrapposizioni

describe('gis.verifica-sovrapposizioni', () => {
  test('road works are found, and the first days after them on which the place is free', async () => {
    const luogo = await located(CORSO_ITALIA)
    const { elenco, ...found } = await overlaps(luogo, onDays('2027-06-16'))
    assert.deepEqual(found, { conflitto: true, proposta: { dal: '2027-06-19', al: '2027-06-19' } })
    assert.deepEqual(
      elenco.map(({ riferimento, tipo }: { riferimento: string; tipo: string }) => [riferimento, tipo]),
      [['lavori-2027-014', 'LAVORI']],
    )
    assert.deepEqual((await overlaps(luogo, onDays('2027-06-10', '2027-06-15'))).proposta, {
      dal: '2027-06-19',
      al: '2027-06-24',
    })
    for (const day of ['2027-05-19', '2027-06-23', '2027-06-30', '2027-07-30'])
      assert.deepEqual(await overlaps(luogo, onDays(day)), { conflitto: false, elenco: [], proposta: null }, day)
  })

  test('nothing is free where somebody stays for good', async () => {
    const luogo = await located({
      via: 'piazza del Mercato',
      poligono: drawn([-44, 56], [-40, 56], [-40, 60], [-44, 60]),
    })
    assert.deepEqual((await overlaps(luogo, onDays('2027-06-16'))).proposta, null)
    assert.equal((await overlaps(luogo, onDays('2027-06-16', null))).conflitto, true)
  })

  test('days in the wrong order are for a person', async () => {
    const luogo = await located(CORSO_ITALIA)
    const outcome = await work(
      jobOf('gis.verifica-sovrapposizioni', { pratica, luogo, ...onDays('2027-06-16', '2027-06-15') }),
    )
    assert.equal(outcome.kind, 'failed')
  })
})

const registration = (practice: object, luogo: object, days: object, more: object = {}) =>
  jobOf('gis.registra', { pratica: practice, luogo, ...days, descrizione: 'Trasloco', ...more })
const written = async () => (await journal('gis')).length

describe('gis.registra, gis.rimuovi', () => {
  test('what is granted is found by the next practice, not by its own; a longer period takes its place; removed, it is gone', async () => {
    const luogo = await located({ via: 'corso Italia', civico: '4', mq: 20 })
    const { occupazione } = await completed(registration(pratica, luogo, onDays('2027-05-19')))
    assert.deepEqual(occupazione, { riferimento: 'p-1', dal: '2027-05-19', al: '2027-05-19' })
    assert.equal((await overlaps(luogo, onDays('2027-05-19'), { id: 'p-2' })).elenco[0].riferimento, 'p-1')
    assert.equal((await overlaps(luogo, onDays('2027-05-19'))).conflitto, false)
    await completed(registration(pratica, luogo, onDays('2027-05-19', '2027-05-29')))
    assert.equal((await overlaps(luogo, onDays('2027-05-29'), { id: 'p-2' })).elenco.length, 1)
    assert.deepEqual(await completed(jobOf('gis.rimuovi', { pratica })), { rimozione: { riferimento: 'p-1' } })
    assert.equal((await overlaps(luogo, onDays('2027-05-19'), { id: 'p-2' })).conflitto, false)
    await completed(jobOf('gis.rimuovi', { pratica }))
  })

  test('who took the place meanwhile is told; the one who decides may admit both', async () => {
    const luogo = await located({ via: 'corso Italia', civico: '6', mq: 20 })
    await completed(registration({ id: 'p-3' }, luogo, onDays('2027-05-19', '2027-05-21')))
    const late = registration({ id: 'p-4' }, luogo, onDays('2027-05-20'))
    const before = await written()
    const outcome = await work(late)
    assert.equal(outcome.kind === 'error' && outcome.errorCode, 'SOVRAPPOSIZIONE')
    const { sovrapposizioni } = JSON.parse((outcome.kind === 'error' && outcome.variables) || '{}')
    assert.equal(sovrapposizioni.elenco[0].riferimento, 'p-3')
    assert.deepEqual(sovrapposizioni.proposta, { dal: '2027-05-22', al: '2027-05-22' })
    assert.equal(await written(), before)
    await completed(registration({ id: 'p-4' }, luogo, onDays('2027-05-20'), { ammesse: ['p-3'] }))
    assert.equal(await written(), before + 1)
  })

  for (const kind of ['drop-after', 'error-after'])
    test(`an answer that was lost is resolved by the next attempt, even if somebody came between: ${kind}`, async () => {
      const luogo = await located({ via: 'corso Italia', civico: kind === 'drop-after' ? '8' : '10', mq: 20 })
      const practice = { id: `lost-${kind}` }
      const before = await written()
      const job = registration(practice, luogo, onDays('2027-05-19'))
      await plan('gis', 'registra', kind)
      assert.equal((await work(job)).kind, 'failed')
      await completed(registration({ id: `next-${kind}` }, luogo, onDays('2027-05-19'), { ammesse: [practice.id] }))
      await completed(job)
      assert.equal(await written(), before + 2)
      const removal = jobOf('gis.rimuovi', { pratica: practice })
      await plan('gis', 'rimuovi', kind)
      assert.equal((await work(removal)).kind, 'failed')
      await completed(removal)
      assert.equal(await written(), before + 3)
    })
})
