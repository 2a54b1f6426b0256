/** Client of the port to the town's map: which collections are asked for what, and what of the answers lies where. */
import { z } from 'zod'
import { area, type FeatureServer, type Features, featuresAt, line, point } from './features.ts'
import { bandAlong, boxAround, distanceTo, planeOf, sharedSize, sizeOf, squareAround } from './geometry/plane.ts'
import { numberSpelling, spellingOf } from './street-name.ts'
import {
  type Address,
  type Area,
  CONSTRAINT_KINDS,
  type Located,
  type MapSheet,
  OCCUPATION_KINDS,
  type Overlap,
  type Period,
  type Position,
  ROAD_CLASSES,
  type Road,
  type TownMap,
} from './types.ts'

const streetSchema = z.object({
  nome: z.string(),
  larghezza: z.number().positive(),
  categoria: z.enum(ROAD_CLASSES),
  sigla: z.string().nullish(),
  gestore: z.string(),
  centroAbitato: z.string().nullish(),
  abitanti: z.int().min(0).nullish(),
})
const numberSchema = z.object({ via: z.string(), civico: z.string() })
const zoneSchema = z.object({ zona: z.string() })
const constraintSchema = z.object({ tipo: z.enum(CONSTRAINT_KINDS), descrizione: z.string(), norma: z.string() })
const occupationSchema = z.object({
  tipo: z.enum(OCCUPATION_KINDS),
  descrizione: z.string(),
  dal: z.iso.date(),
  al: z.iso.date().nullable(),
})
const townSchema = z.object({})

/** Metres from the axis of the widest square to its edge: an area beside an axis lies on the street all the same. */
const STREET_REACH = 100
/** Square metres below which areas only touch: coordinates are written to the centimetre. */
const TOUCH = 0.05

export function townMap(server: FeatureServer): TownMap {
  const features = featuresAt(server)
  return {
    locate: (address) => locate(features, address),
    async describe(shape) {
      const box = boxQuery(shape)
      const [town, zones, streets] = await Promise.all([
        features.read('confini', box, area, townSchema),
        features.read('zone', box, area, zoneSchema),
        features.read('strade', boxQuery(shape, STREET_REACH), line, streetSchema),
      ])
      const inside = town.reduce((sum, { geometry }) => sum + sharedSize(shape, geometry), 0)
      return {
        nelComune: inside >= sizeOf(shape) - TOUCH,
        zone: mostFirst(zones.map(({ geometry, properties }) => ({ ...properties, mq: sharedSize(shape, geometry) }))),
        strade: mostFirst(
          streets.map(({ geometry, properties }) => ({
            road: roadOf(properties),
            mq: sharedSize(shape, bandAlong(geometry, properties.larghezza)),
          })),
        ).map(({ road }) => road),
      }
    },
    async constraintsOn(shape) {
      const found = await features.read('vincoli', boxQuery(shape), area, constraintSchema)
      return mostFirst(found.map(({ geometry, properties }) => ({ ...properties, mq: sharedSize(shape, geometry) })))
    },
    overlapsWith: (shape, period) => overlaps(features, shape, period),
    register: ({ riferimento, area: shape, descrizione, dal, al }) =>
      features.put('occupazioni', riferimento, shape, { tipo: 'OCCUPAZIONE', descrizione, dal, al }),
    remove: (riferimento) => features.delete('occupazioni', riferimento),
    async sheet(around, reach) {
      const centre = 'punto' in around ? around.punto : (await locate(features, around))?.punto
      return centre ? sheet(features, centre, reach) : null
    },
  }
}

async function locate(features: Features, { via, civico }: Address): Promise<Located | null> {
  const streets = await features.read('strade', {}, line, streetSchema)
  const named = streets.filter(({ properties }) => spellingOf(properties.nome) === spellingOf(via))
  const first = named[0]
  if (!first) return null
  const numbers = await features.read('civici', { via: first.properties.nome }, point, numberSchema)
  const wanted = numberSpelling(civico ?? '')
  const found = numbers.find(({ properties }) => numberSpelling(properties.civico) === wanted)
  if (!found) return { punto: middleOf(first.geometry), haCivico: false, strada: roadOf(first.properties) }
  // A street of one name may be several stretches of different owners.
  const nearest = named.reduce((best, one) =>
    distanceTo(one.geometry, found.geometry) < distanceTo(best.geometry, found.geometry) ? one : best,
  )
  return { punto: found.geometry, haCivico: true, strada: roadOf(nearest.properties) }
}

function middleOf(axis: readonly Position[]): Position {
  const [[ax, ay], [bx, by]] = [axis[0]!, axis.at(-1)!]
  const corner = axis[Math.floor(axis.length / 2)]!
  return axis.length > 2 ? corner : [(ax + bx) / 2, (ay + by) / 2]
}

const roadOf = ({ nome, categoria, sigla, gestore, centroAbitato, abitanti }: z.infer<typeof streetSchema>): Road => ({
  ...{ nome, categoria, sigla: sigla ?? null, gestore },
  centroAbitato: centroAbitato ? { nome: centroAbitato, abitanti: abitanti ?? 0 } : null,
})

async function overlaps(features: Features, shape: Area, period: Period): Promise<readonly Overlap[]> {
  const query = { ...boxQuery(shape), datetime: spanOf(period) }
  const found = await features.read('occupazioni', query, area, occupationSchema)
  return mostFirst(
    found
      .filter(({ properties }) => coincide(properties, period))
      .map(({ id, geometry, properties }) => ({ riferimento: id, ...properties, mq: sharedSize(shape, geometry) })),
  )
}

/** A day wider than meant, whatever hour the server takes a day to begin at; the days themselves are compared here. */
function spanOf({ dal, al }: Period): string {
  const from = Temporal.PlainDate.from(dal).subtract({ days: 1 })
  const to = al === null ? '..' : `${Temporal.PlainDate.from(al).add({ days: 1 })}T23:59:59Z`
  return `${from}T00:00:00Z/${to}`
}
const coincide = (one: Period, other: Period): boolean =>
  (one.al === null || other.dal <= one.al) && (other.al === null || one.dal <= other.al)

const within = (degrees: number, most: number): number => Math.max(-most, Math.min(degrees, most))

/** With so many metres around it, as far as there is land: near a pole, or of a size that nobody means, they are more degrees than there are. */
function boxQuery(shape: Area, margin = 0): { readonly bbox: string } {
  const { flat, round } = planeOf(shape)
  const [west, south, east, north] = boxAround(shape.flat().map(flat))
  const corners = [round([west - margin, south - margin]), round([east + margin, north + margin])]
  return { bbox: corners.flatMap(([lon, lat]) => [within(lon, 180), within(lat, 90)]).join(',') }
}

/** What only touches is left out. */
const mostFirst = <T extends { readonly mq: number }>(found: readonly T[]): readonly T[] =>
  found
    .filter(({ mq }) => mq > TOUCH)
    .map((one) => ({ ...one, mq: Math.round(one.mq * 100) / 100 }))
    .toSorted((one, other) => other.mq - one.mq)

async function sheet(features: Features, centro: Position, reach: number): Promise<MapSheet> {
  const around = squareAround(centro, (2 * reach) ** 2)
  const box = boxQuery(around)
  const isThere = ({ geometry }: { readonly geometry: Area }) => sharedSize(around, geometry) > TOUCH
  const [streets, numbers, zones, constraints] = await Promise.all([
    features.read('strade', box, line, streetSchema),
    features.read('civici', box, point, numberSchema),
    features.read('zone', box, area, zoneSchema),
    features.read('vincoli', box, area, constraintSchema),
  ])
  return {
    centro,
    strade: streets.map(({ geometry, properties: { nome, larghezza } }) => ({ nome, asse: geometry, larghezza })),
    civici: numbers.map(({ geometry, properties: { civico } }) => ({ civico, punto: geometry })),
    zone: zones.filter(isThere).map(({ geometry, properties: { zona } }) => ({ zona, area: geometry })),
    vincoli: constraints
      .filter(isThere)
      .map(({ geometry, properties: { descrizione } }) => ({ descrizione, area: geometry })),
  }
}
