/**
 * `gis.localizza`: where an area is and how large. What was drawn counts before what was typed; without a drawing the area is taken to be
 * a square of the declared size at the address. Nothing here is an error: a gateway reads the outcome.
 */
import { z } from 'zod'
import { type Area, distanceTo, holds, type Position, squareAround } from '../../connectors/gis/geometry/plane.ts'
import { polygonIn, SIZE_MAX, SIZE_MIN, squareMetres, textOf } from '../../connectors/gis/geometry/polygon.ts'
import { type Located, mapEffects, ROAD_CLASSES, type Road, type Whereabouts } from '../../connectors/gis/types.ts'
import type { Connectors } from '../../connectors/index.ts'
import type { Worker } from '../worker.ts'
import { polygonText, squareMetresOf } from './place.ts'

const input = z.object({
  area: z
    .object({
      via: z.string().meta({ title: 'Via', description: 'Via o piazza.', examples: ['corso Italia'] }),
      civico: z
        .string()
        .nullish()
        .meta({ title: 'Civico', description: 'Il numero civico davanti all’area.', examples: ['20'] }),
      mq: z
        .number()
        .positive()
        .nullish()
        .meta({ title: 'Metri quadrati', description: 'Quanti ne sono dichiarati.', examples: [20] }),
      poligono: polygonText.nullish(),
    })
    .refine(({ mq, poligono }) => typeof mq === 'number' || !!poligono, 'mq o poligono')
    .meta({ title: 'Area', description: 'L’area come è stata scritta o disegnata: mq, o poligono, o entrambi.' }),
})
type Input = z.infer<typeof input>
type Asked = Input['area']

const OUTCOMES = {
  TROVATO: 'si sa dove sta',
  NON_TROVATO: 'né la via né un disegno dicono dove sta',
  FUORI_COMUNE: 'non sta tutta nel comune',
  POLIGONO_ERRATO: 'il disegno non delimita un’area',
} as const
const ADDRESSES = {
  CIVICO: 'la via ha questo civico',
  VIA: 'la via esiste, il civico no: vale la metà della via',
  SCONOSCIUTO: 'nessuna via si chiama così',
} as const
type Outcome = keyof typeof OUTCOMES

const road = z.object({
  nome: z.string().meta({ title: 'Nome', description: 'Il nome della via.', examples: ['via Bolognese'] }),
  categoria: z.enum(ROAD_CLASSES).meta({
    title: 'Categoria',
    description:
      'Come la classifica il catasto delle strade: di chi sia nei centri abitati lo dice la legge (CdS art. 2 c. 7).',
  }),
  sigla: z
    .string()
    .nullable()
    .meta({ title: 'Sigla', description: 'La sigla della strada.', examples: ['SS 999'] }),
  gestore: z.string().meta({ title: 'Gestore', description: 'Chi la gestisce.', examples: ['ANAS S.p.A.'] }),
  centroAbitato: z
    .string()
    .nullable()
    .meta({ title: 'Centro abitato', description: 'Il centro che attraversa; null fuori dai centri.' }),
  abitanti: z
    .int()
    .nullable()
    .meta({ title: 'Abitanti', description: 'Del centro abitato.', examples: [4200] }),
})
const placeSchema = z.object({
  esito: z
    .enum(['TROVATO', 'NON_TROVATO', 'FUORI_COMUNE', 'POLIGONO_ERRATO'])
    .meta({ title: 'Esito', description: 'Se si sa dove sta.', choices: OUTCOMES }),
  indirizzo: z
    .enum(['CIVICO', 'VIA', 'SCONOSCIUTO'])
    .meta({ title: 'Indirizzo', description: 'Che cosa la mappa sa dell’indirizzo.', choices: ADDRESSES }),
  disegnato: z.boolean().meta({ title: 'Disegnato', description: 'false: il poligono è un quadrato presunto.' }),
  poligono: polygonText.nullable(),
  mq: squareMetresOf('Metri quadrati', 'Quelli che contano: del disegno, altrimenti i dichiarati.').nullable(),
  mqDichiarati: squareMetresOf('Metri quadrati dichiarati', 'Null se non dichiarati.').nullable(),
  zona: z
    .string()
    .nullable()
    .meta({ title: 'Zona', description: 'La zona tariffaria in cui sta per la maggior parte.', examples: ['A'] }),
  strada: road.nullable().meta({ title: 'Strada', description: 'La strada su cui sta.' }),
  distanza: z
    .number()
    .nullable()
    .meta({ title: 'Distanza', description: 'Metri dall’indirizzo al disegno; null se manca uno dei due.' }),
  messaggio: z.string().meta({
    title: 'Messaggio',
    description: 'Che cosa chi istruisce deve sapere: differenze fra disegno e dichiarazione; vuoto se nulla.',
  }),
})
type Place = z.infer<typeof placeSchema>
const output = z.object({
  luogo: placeSchema.meta({ title: 'Luogo', description: 'Dove sta l’area, quanto è grande, su quale strada.' }),
})

export const locateArea = ({ map }: Pick<Connectors, 'map'>): Worker<Input, z.infer<typeof output>> => ({
  type: 'gis.localizza',
  title: 'Localizza l’area',
  purpose: 'Trova sulla mappa l’area scritta o disegnata: metri quadrati, zona, strada e chi la gestisce.',
  effect: mapEffects.locate,
  input,
  output,
  errors: {},
  async handle({ area }) {
    const located = await map.locate({ via: area.via, civico: area.civico ?? null })
    const drawn = area.poligono ? polygonIn(area.poligono) : null
    if (drawn && drawn.fault !== null) return { luogo: nowhere('POLIGONO_ERRATO', area, located) }
    const polygon = drawn?.polygon ?? (located && assumedAt(located.punto, area))
    if (!polygon) return { luogo: nowhere('NON_TROVATO', area, located) }
    return { luogo: placed(area, polygon, located, await map.describe(polygon), drawn !== null) }
  },
})

/** So much more and less than a map takes that the rounding of its corners does not matter. */
const ASSUMED = { least: SIZE_MIN * 2, most: SIZE_MAX * 0.99 } as const
/** The declared size counts; what the map cannot hold is drawn as far as it can. */
const assumedAt = (punto: Position, { mq }: Asked): Area =>
  squareAround(punto, Math.min(Math.max(mq ?? 1, ASSUMED.least), ASSUMED.most))

function nowhere(esito: Outcome, area: Asked, located: Located | null): Place {
  return {
    ...{ esito, indirizzo: addressOf(located), disegnato: false, poligono: null },
    ...{ mq: area.mq ?? null, mqDichiarati: area.mq ?? null, zona: null, distanza: null },
    strada: located && roadOf(located.strada),
    messaggio: sentence([esito === 'POLIGONO_ERRATO' && 'il disegno non delimita un’area', unknownIn(located)]),
  }
}

/** Farther from the number, somebody should look. */
const FAR_M = 30
/** Of the declared size; less is the hand that draws. */
const DIFFERENCE_SHARE = 0.05

function placed(area: Asked, polygon: Area, located: Located | null, where: Whereabouts, disegnato: boolean): Place {
  const declared = area.mq ?? null
  const mq = disegnato || declared === null ? squareMetres(polygon) : declared
  const distanza = disegnato && located?.haCivico ? Math.round(distanceBetween(located.punto, polygon)) : null
  const strada = where.strade[0] ?? located?.strada ?? null
  return {
    ...{ esito: where.nelComune ? 'TROVATO' : 'FUORI_COMUNE', indirizzo: addressOf(located), disegnato },
    ...{ poligono: textOf(polygon), mq, mqDichiarati: declared, zona: where.zone[0]?.zona ?? null, distanza },
    strada: strada && roadOf(strada),
    messaggio: sentence([
      !where.nelComune && 'l’area non sta tutta nel comune',
      unknownIn(located),
      !disegnato && mq > ASSUMED.most && `${shown(mq)} mq sono più di quanti la mappa ne tenga: va disegnata a mano`,
      declared !== null &&
        Math.abs(mq - declared) > declared * DIFFERENCE_SHARE &&
        `disegnati ${shown(mq)} mq, dichiarati ${shown(declared)}`,
      distanza !== null && distanza > FAR_M && `il disegno è a ${distanza} m dall’indirizzo`,
      where.zone.length > 1 && `l’area sta in più zone (${where.zone.map(({ zona }) => zona).join(', ')})`,
    ]),
  }
}

function addressOf(located: Located | null): Place['indirizzo'] {
  if (located === null) return 'SCONOSCIUTO'
  return located.haCivico ? 'CIVICO' : 'VIA'
}
const unknownIn = (located: Located | null): string | false => {
  if (located === null) return 'la mappa non conosce la via'
  return !located.haCivico && 'la via non ha questo civico'
}
const roadOf = ({ centroAbitato, ...rest }: Road): z.infer<typeof road> => ({
  ...rest,
  ...{ centroAbitato: centroAbitato?.nome ?? null, abitanti: centroAbitato?.abitanti ?? null },
})
const distanceBetween = (punto: Position, polygon: Area): number =>
  holds(polygon, punto) ? 0 : Math.min(...polygon.map((ring) => distanceTo(ring, punto)))

const shown = (mq: number): string => String(mq).replace('.', ',')
function sentence(parts: readonly (string | false)[]): string {
  const text = parts.filter((part) => part !== false).join('; ')
  return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}.`
}
