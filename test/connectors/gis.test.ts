/**
 * The town's map, client ⇄ sandbox: geometry exact enough, what lies where, what overlaps what and when, and the shapes of OGC API -
 * Features (Part 1, 17-069r4; the standard's own file is not among our specifications, so its GeoJSON schemas are written out here).
 */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { z } from 'zod'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { townMap } from '../../connectors/gis/client.ts'
import { type Area, planeAt, sharedSize, sizeOf, squareAround } from '../../connectors/gis/geometry/plane.ts'
import { type PolygonFault, polygonIn, squareMetres, textOf } from '../../connectors/gis/geometry/polygon.ts'
import { openPlatforms } from './platforms.ts'

const opened = await openPlatforms({ now: () => Date.parse('2027-05-05T09:00:00Z') })
const { platforms, plan, journal } = opened
const { map } = opened.connectors
after(() => opened[Symbol.asyncDispose]())

const HERE = [11.097, 43.88] as const
const plane = planeAt(HERE)
/** By its corners in metres east and north of `HERE`. */
const ring = (...corners: readonly (readonly [number, number])[]) => [...corners, corners[0]!].map(plane.round)
const box = (west: number, south: number, east: number, north: number): Area => [
  ring([west, south], [east, south], [east, north], [west, north]),
]
const close = (found: number, expected: number, within = 0.01) =>
  assert.ok(Math.abs(found - expected) <= within, `${found} is not ${expected}`)

describe('geometry', () => {
  test('a size is that on the ellipsoid', () => {
    // The area between two parallels and two meridians of the ellipsoid has a closed form (Snyder, Map Projections, 3-12).
    const [e2, a] = [0.00669437999014, 6_378_137]
    const e = Math.sqrt(e2)
    const q = (degrees: number) => {
      const s = Math.sin((degrees * Math.PI) / 180)
      return (1 - e2) * (s / (1 - e2 * s * s) + Math.atanh(e * s) / e)
    }
    const [south, north] = [43.88, 43.8805]
    const exact = ((a * a) / 2) * (q(north) - q(south)) * ((0.0005 * Math.PI) / 180)
    const drawn: Area = [
      [
        [11.097, south],
        [11.0975, south],
        [11.0975, north],
        [11.097, north],
        [11.097, south],
      ],
    ]
    close(sizeOf(drawn) / exact, 1, 1e-4)
  })

  const shared: readonly (readonly [what: string, one: Area, other: Area, size: number])[] = [
    ['apart', box(0, 0, 10, 10), box(20, 0, 30, 10), 0],
    ['side by side', box(0, 0, 10, 10), box(10, 0, 20, 10), 0],
    ['one inside the other', box(0, 0, 10, 10), box(2, 2, 5, 6), 12],
    ['partly', box(0, 0, 10, 10), box(5, 5, 20, 20), 25],
    ['the same', box(0, 0, 10, 10), box(0, 0, 10, 10), 100],
    [
      'a square in the bay of a U',
      [ring([0, 0], [30, 0], [30, 20], [20, 20], [20, 10], [10, 10], [10, 20], [0, 20])],
      box(11, 11, 19, 19),
      0,
    ],
    [
      'a bar across a U',
      [ring([0, 0], [30, 0], [30, 20], [20, 20], [20, 10], [10, 10], [10, 20], [0, 20])],
      box(-5, 12, 35, 14),
      40,
    ],
    [
      'over a hole',
      [ring([0, 0], [30, 0], [30, 30], [0, 30]), ring([10, 10], [10, 20], [20, 20], [20, 10])],
      box(5, 5, 25, 25),
      300,
    ],
  ]
  for (const [what, one, other, size] of shared)
    test(`what two areas share: ${what}`, () => {
      close(sharedSize(one, other), size, 0.001)
      close(sharedSize(other, one), size, 0.001)
    })

  const written = (...corners: readonly (readonly [number, number])[]) => textOf([ring(...corners)])
  const many = Array.from({ length: 41 }, (_, n): readonly [number, number] => {
    const turn = (n / 41) * 2 * Math.PI
    return [20 * Math.cos(turn), 20 * Math.sin(turn)]
  })
  const faulty: readonly (readonly [what: string, text: string, fault: PolygonFault])[] = [
    ['no polygon', 'POINT(11.097 43.88)', 'form'],
    ['a hole', 'POLYGON((0 0, 9 0, 9 9, 0 0), (1 1, 2 1, 2 2, 1 1))', 'form'],
    ['no number', 'POLYGON((a b, c d, e f, a b))', 'form'],
    ['nowhere', 'POLYGON((200 43, 201 43, 201 44, 200 43))', 'form'],
    ['too long', `POLYGON((${'11.0970000 43.8800000, '.repeat(100)}11 43))`, 'form'],
    ['left open', 'POLYGON((11.097 43.88, 11.0971 43.88, 11.0971 43.8801, 11.097 43.8801))', 'open'],
    ['two corners', 'POLYGON((11.097 43.88, 11.0971 43.88, 11.097 43.88))', 'fewCorners'],
    ['41 corners', written(...many), 'manyCorners'],
    ['a bow', written([0, 0], [10, 10], [10, 0], [0, 10]), 'crossing'],
    ['a corner twice', written([0, 0], [10, 0], [10, 10], [5, 5], [0, 10], [5, 5]), 'crossing'],
    ['there and back', written([0, 0], [10, 0], [5, 0], [0, 10]), 'crossing'],
    ['flat', written([0, 0], [10, 0], [20, 0]), 'crossing'],
    ['a slip of the hand', written([0, 0], [0.3, 0], [0.3, 0.3], [0, 0.3]), 'small'],
    ['half a town', written([0, 0], [300, 0], [300, 300], [0, 300]), 'large'],
  ]
  for (const [what, text, fault] of faulty)
    test(`a polygon is refused: ${what}`, () => assert.equal(polygonIn(text).fault, fault))

  test('a polygon is read, whichever way it was drawn, and written again', () => {
    for (const corners of [
      [
        [0, 0],
        [10, 0],
        [10, 2],
        [0, 2],
      ],
      [
        [0, 2],
        [10, 2],
        [10, 0],
        [0, 0],
      ],
    ] as const) {
      const found = polygonIn(written(...corners))
      assert.equal(found.fault, null)
      close(squareMetres(found.fault === null ? found.polygon : []), 20, 0.02)
    }
  })
})

describe('places', () => {
  test('an address is found however it is abbreviated, with the road and the built-up area it passes through', async () => {
    for (const via of ['corso Italia', 'C.so  ITALIA', 'corso italia']) {
      const found = await map.locate({ via, civico: '20' })
      assert.equal(found?.haCivico, true)
      assert.deepEqual(found?.strada, {
        ...{ nome: 'corso Italia', categoria: 'COMUNALE', sigla: null, gestore: 'Comune di Esempio' },
        centroAbitato: { nome: 'Esempio', abitanti: 190_000 },
      })
    }
    const state = await map.locate({ via: 'via Bolognese', civico: '5' })
    assert.equal(state?.strada.categoria, 'STATALE')
    assert.deepEqual(state?.strada.centroAbitato, { nome: 'Borgo San Martino', abitanti: 4_200 })
  })

  test('without a number that exists the street is meant; a street that does not exist is nowhere', async () => {
    for (const civico of [null, '99']) assert.equal((await map.locate({ via: 'via Libertà', civico }))?.haCivico, false)
    assert.equal(await map.locate({ via: 'via che non c’è', civico: '1' }), null)
  })

  const at = async (via: string, civico: string) => squareAround((await map.locate({ via, civico }))!.punto, 20)
  test('an area lies in zones, on streets, in the town or not', async () => {
    const inA = await map.describe(await at('corso Italia', '20'))
    assert.equal(inA.nelComune, true)
    assert.deepEqual(
      inA.zone.map(({ zona }) => zona),
      ['A'],
    )
    assert.deepEqual(
      inA.strade.map(({ nome }) => nome),
      ['corso Italia'],
    )
    assert.equal((await map.describe(await at('via dei Tigli', '4'))).zone[0]?.zona, 'B')
    assert.equal((await map.describe(await at('via dei Campi', '2'))).zone[0]?.zona, 'C')
    // Across the line between A and B, which lies 420 m east.
    const across = await map.describe(box(412, 20, 422, 30))
    assert.deepEqual(
      across.zone.map(({ zona, mq }) => [zona, Math.round(mq)]),
      [
        ['A', 80],
        ['B', 20],
      ],
    )
    assert.equal((await map.describe(box(1795, 0, 1805, 10))).nelComune, false)
    assert.deepEqual(await map.describe(box(9000, 0, 9010, 10)), { nelComune: false, zone: [], strade: [] })
  })

  test('constraints say what they are, by which rule, and how much they touch', async () => {
    assert.deepEqual(await map.constraintsOn(await at('corso Italia', '20')), [])
    const [monument] = await map.constraintsOn(await at('piazza del Duomo', '2'))
    assert.equal(monument?.tipo, 'MONUMENTALE')
    close(monument?.mq ?? 0, 20, 0.02)
    assert.equal((await map.constraintsOn(box(635, 0, 645, 2)))[0]?.tipo, 'PAESAGGISTICO')
    assert.equal((await map.constraintsOn(box(300, -246, 310, -242)))[0]?.tipo, 'NON_CONCEDIBILE')
  })

  test('the sheet of a place has what lies around it', async () => {
    const { punto } = (await map.locate({ via: 'corso Italia', civico: '20' }))!
    const sheet = (await map.sheet({ via: 'corso Italia', civico: '20' }, 100))!
    assert.deepEqual(sheet, await map.sheet({ punto }, 100))
    assert.deepEqual(sheet.centro, punto)
    assert.equal(await map.sheet({ via: 'via che non c’è', civico: null }, 100), null)
    assert.deepEqual(sheet.strade.map(({ nome }) => nome).sort(), ['corso Italia', 'via Libertà'])
    assert.ok(sheet.civici.some(({ civico }) => civico === '20'))
    assert.deepEqual(
      sheet.zone.map(({ zona }) => zona),
      ['A'],
    )
  })

  test('overlaps are of place and of days', async () => {
    const here = await at('corso Italia', '20')
    const overlaps = (dal: string, al: string | null) => map.overlapsWith(here, { dal, al })
    const [works, ...others] = await overlaps('2027-06-16', '2027-06-16')
    assert.deepEqual(
      { ...works, mq: 0 },
      {
        ...{ riferimento: 'lavori-2027-014', tipo: 'LAVORI', descrizione: 'Rifacimento della fognatura' },
        ...{ dal: '2027-06-14', al: '2027-06-18', mq: 0 },
      },
    )
    assert.deepEqual(others, [])
    for (const day of ['2027-05-19', '2027-06-13', '2027-06-19', '2027-06-23', '2027-06-30'])
      assert.deepEqual(await overlaps(day, day), [], day)
    for (const [dal, al] of [
      ['2027-06-01', '2027-06-14'],
      ['2027-06-18', null],
    ] as const)
      assert.equal((await overlaps(dal, al)).length, 1, dal)
    assert.equal((await map.overlapsWith(box(-45, 55, -40, 60), { dal: '2040-01-01', al: null })).length, 1, 'no end')
  })
})

const occupation = (riferimento: string, area: Area = box(100, 0, 110, 2)) => ({
  ...{ riferimento, descrizione: 'Trasloco', dal: '2027-05-19', al: '2027-05-19', area },
})
const refusedOrBroken = ['drop-after', 'error-after'] as const

describe('occupations', () => {
  test('what is registered is found by the next, until it is removed', async () => {
    const day = { dal: '2027-05-19', al: '2027-05-19' }
    await map.register(occupation('pratica/1'))
    const [found] = await map.overlapsWith(box(105, 1, 120, 3), day)
    assert.deepEqual(found, { riferimento: 'pratica/1', tipo: 'OCCUPAZIONE', descrizione: 'Trasloco', ...day, mq: 5 })
    await map.remove('pratica/1')
    assert.deepEqual(await map.overlapsWith(box(105, 1, 120, 3), day), [])
  })

  test('registered again for other days, it is in one place', async () => {
    await map.register(occupation('pratica-2', box(0, 100, 10, 102)))
    await map.register({ ...occupation('pratica-2', box(0, 100, 10, 102)), al: '2027-05-29' })
    const found = await map.overlapsWith(box(0, 100, 10, 102), { dal: '2027-05-25', al: '2027-05-25' })
    assert.deepEqual(
      found.map(({ riferimento }) => riferimento),
      ['pratica-2'],
    )
  })

  for (const operation of ['register', 'remove'] as const) {
    const called = { register: 'registra', remove: 'rimuovi' }[operation]
    test(`${operation} is keyed: a lost answer is resolved by the repeat, without a second effect`, async () => {
      for (const kind of refusedOrBroken) {
        const lost = `${operation}-${kind}`
        if (operation === 'remove') await map.register(occupation(lost))
        const act = () => (operation === 'register' ? map.register(occupation(lost)) : map.remove(lost))
        const made = (await journal('gis')).length
        await plan('gis', called, kind)
        await assert.rejects(act(), UnknownOutcome)
        await act()
        assert.equal((await journal('gis')).length, made + 1)
      }
    })
    test(`${operation}: what fails before has no effect`, async () => {
      const early = `${operation}-early`
      if (operation === 'remove') await map.register(occupation(early))
      const made = (await journal('gis')).length
      await plan('gis', called, 'error-before')
      await assert.rejects(operation === 'register' ? map.register(occupation(early)) : map.remove(early), Unavailable)
      assert.equal((await journal('gis')).length, made)
    })
  }

  test('nobody writes without the token, and no shape that is none; a failure names no practice', async () => {
    const stranger = townMap({ ...platforms.gis, gettone: 'altro' })
    const named = (error: Error) => error instanceof Refused && !error.message.includes('pratica-9')
    await assert.rejects(stranger.register(occupation('pratica-9')), named)
    await assert.rejects(stranger.remove('pratica-9'), named)
    const bow: Area = [ring([0, 0], [10, 10], [10, 0], [0, 10])]
    await assert.rejects(map.register(occupation('pratica-9', bow)), named)
  })
})

const link = z.object({ href: z.string(), rel: z.string(), type: z.string() })
const pagesSchema = z.object({
  type: z.literal('FeatureCollection'),
  features: z.array(
    z.object({
      type: z.literal('Feature'),
      id: z.string(),
      geometry: z.object({ type: z.string(), coordinates: z.array(z.json()) }),
      properties: z.record(z.string(), z.json()),
    }),
  ),
  links: z.array(link),
  timeStamp: z.iso.datetime(),
  numberMatched: z.int(),
  numberReturned: z.int(),
})

describe('OGC API - Features', () => {
  const get = (path: string) => fetch(new URL(path, platforms.gis.url), { headers: { accept: 'application/json' } })
  test('landing page, conformance and collections lead to the features', async () => {
    const { links } = z.object({ links: z.array(link) }).parse(await (await get('/')).json())
    assert.deepEqual(
      links.map(({ rel }) => rel),
      ['self', 'conformance', 'data'],
    )
    const { collections } = z
      .object({ collections: z.array(z.object({ id: z.string(), links: z.array(link) })) })
      .parse(await (await get('/collections')).json())
    for (const { links: own } of collections) {
      const answer = await get(own.find(({ rel }) => rel === 'items')!.href)
      assert.equal(answer.headers.get('content-type'), 'application/geo+json; charset=utf-8')
      pagesSchema.parse(await answer.json())
    }
  })

  test('a collection comes in pages, each leading to the next', async () => {
    const seen = new Set<string>()
    let next: string | undefined = '/collections/civici/items?limit=50'
    while (next !== undefined) {
      const page: z.infer<typeof pagesSchema> = pagesSchema.parse(await (await get(next)).json())
      assert.equal(page.numberReturned, page.features.length)
      for (const { id } of page.features) seen.add(id)
      next = page.links.find(({ rel }) => rel === 'next')?.href
      assert.equal(next === undefined, seen.size === page.numberMatched)
    }
    assert.ok(seen.size > 100)
  })

  test('what a server does not know is refused', async () => {
    for (const query of [
      'colore=rosso',
      'limit=0',
      'limit=10001',
      'bbox=1,2,3',
      'bbox=a,b,c,d',
      'datetime=ieri',
      'datetime=..',
    ])
      assert.equal((await get(`/collections/strade/items?${query}`)).status, 400, query)
    assert.equal((await get('/collections/fiumi/items')).status, 404)
    assert.equal((await get('/collections/strade/items/nessuna')).status, 404)
  })

  test('a server that answers anything else is not believed', async () => {
    const board = townMap({ url: platforms.albo.url, gettone: 'x' })
    await assert.rejects(board.describe(box(0, 0, 10, 10)))
    const gone = townMap({ url: 'http://127.0.0.1:4', gettone: 'x' })
    await assert.rejects(gone.locate({ via: 'corso Italia', civico: null }), Unavailable)
  })
})
