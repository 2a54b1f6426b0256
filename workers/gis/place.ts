/** What the jobs of the map read and write of a place: the schemas that they share. */
import { z } from 'zod'
import type { Area } from '../../connectors/gis/geometry/plane.ts'
import { polygonIn } from '../../connectors/gis/geometry/polygon.ts'
import { OCCUPATION_KINDS } from '../../connectors/gis/types.ts'

const EXAMPLE =
  'POLYGON((11.0999000 43.8800400, 11.1000200 43.8800400, 11.1000200 43.8800600, 11.0999000 43.8800600, 11.0999000 43.8800400))'

export const polygonText = z.string().meta({
  title: 'Poligono',
  description:
    'L’area come well-known text: POLYGON((longitudine latitudine, …)), il primo vertice ripetuto alla fine.',
  examples: [EXAMPLE],
})
export const squareMetresOf = (title: string, description: string) =>
  z.number().meta({ title, description, examples: [20] })

export const placeInput = z
  .object({ poligono: polygonText })
  .meta({ title: 'Luogo', description: 'Il luogo come lo ha trovato gis.localizza.', feel: 'luogo' })

const day = (title: string, description: string, example: string) =>
  z.iso.date().meta({ title, description, examples: [example] })
export const period = z
  .object({
    dal: day('Dal', 'Il primo giorno.', '2027-05-19'),
    al: day('Al', 'L’ultimo giorno, compreso; null se non ha termine.', '2027-05-19').nullish(),
  })
  .refine(({ dal, al }) => al === null || al === undefined || dal <= al, 'l’ultimo giorno precede il primo')
  .meta({ title: 'Periodo', description: 'I giorni dell’occupazione.' })

export const overlap = z.object({
  riferimento: z.string().meta({ title: 'Riferimento', description: 'Come la mappa la chiama.' }),
  tipo: z.enum(OCCUPATION_KINDS).meta({
    title: 'Tipo',
    description: 'Che cosa c’è già.',
    choices: { LAVORI: 'lavori stradali', OCCUPAZIONE: 'un’occupazione concessa' },
  }),
  descrizione: z.string().meta({ title: 'Descrizione', description: 'Di che cosa si tratta.' }),
  dal: day('Dal', 'Il primo giorno.', '2027-06-14'),
  al: day('Al', 'L’ultimo giorno; null se non ha termine.', '2027-06-18').nullable(),
  mq: squareMetresOf('Metri quadrati', 'Quanta area vogliono entrambe.'),
})

/** The polygon of a place that was found. Throws an `Error` that says what is wrong with it. */
export function areaOf({ poligono }: z.infer<typeof placeInput>): Area {
  const read = polygonIn(poligono)
  if (read.fault === null) return read.polygon
  throw new Error(`Expected the place to be a polygon, but it is not (${read.fault}). Locate it again.`)
}
