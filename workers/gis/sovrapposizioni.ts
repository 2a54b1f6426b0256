/** `gis.verifica-sovrapposizioni`: who has the place already on those days, and the first days of the same length on which nobody has. */
import { z } from 'zod'
import type { Area } from '../../connectors/gis/geometry/plane.ts'
import { mapEffects, type Overlap, type Period } from '../../connectors/gis/types.ts'
import type { Connectors } from '../../connectors/index.ts'
import { practiceSchema, type Worker } from '../worker.ts'
import { areaOf, overlap, period, placeInput } from './place.ts'

const input = z.object({ pratica: practiceSchema, luogo: placeInput, periodo: period })

/** How far ahead free days are looked for. */
const AHEAD_DAYS = 180

export const overlapsSchema = z.object({
  conflitto: z.boolean().meta({ title: 'Conflitto', description: 'true: il posto è già preso (SOVRAPPOSIZIONE).' }),
  elenco: z.array(overlap).meta({ title: 'Elenco', description: 'Chi c’è già, prima chi ne occupa di più.' }),
  proposta: z
    .object({ dal: overlap.shape.dal, al: overlap.shape.dal })
    .nullable()
    .meta({
      title: 'Proposta',
      description: `I primi giorni liberi, altrettanti, entro ${AHEAD_DAYS} giorni; null se non serve o non ce ne sono.`,
    }),
})
const output = z.object({
  sovrapposizioni: overlapsSchema.meta({ title: 'Sovrapposizioni', description: 'Che cosa c’è già in quei giorni.' }),
})

type Overlaps = z.infer<typeof overlapsSchema>

export const verifyOverlaps = ({
  map,
}: Pick<Connectors, 'map'>): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'gis.verifica-sovrapposizioni',
  title: 'Verifica le sovrapposizioni',
  purpose: 'Cerca sulla mappa i lavori e le occupazioni che ci sono già, in quel posto e in quei giorni.',
  effect: mapEffects.overlapsWith,
  input,
  output,
  errors: {},
  async handle({ pratica, luogo, periodo: { dal, al = null } }) {
    return { sovrapposizioni: await overlapsOf(map, areaOf(luogo), { dal, al }, [pratica.id]) }
  },
})

/** But for those of these references. */
export async function overlapsOf(
  map: Connectors['map'],
  area: Area,
  wanted: Period,
  admitted: readonly string[],
): Promise<Overlaps> {
  const others = (period: Period) => map.overlapsWith(area, period).then((all) => withoutThose(all, admitted))
  const elenco = [...(await others(wanted))]
  if (elenco.length === 0) return { conflitto: false, elenco, proposta: null }
  const proposta =
    wanted.al === null ? null : firstFree(await others(yearFrom(wanted)), { dal: wanted.dal, al: wanted.al })
  return { conflitto: true, elenco, proposta }
}

const withoutThose = (all: readonly Overlap[], admitted: readonly string[]): readonly Overlap[] =>
  all.filter(({ riferimento }) => !admitted.includes(riferimento))

const daysAfter = (day: string, days: number): string => Temporal.PlainDate.from(day).add({ days }).toString()
const yearFrom = ({ dal, al }: Period): Period => ({ dal, al: daysAfter(al ?? dal, AHEAD_DAYS) })

interface Days {
  readonly dal: string
  readonly al: string
}
/** After one of those that are there, in order of their ends. */
function firstFree(taken: readonly Overlap[], { dal, al }: Days): Days | null {
  const length = Temporal.PlainDate.from(dal).until(al).days
  const starts = taken.flatMap(({ al: end }) => (end === null ? [] : [daysAfter(end, 1)])).toSorted()
  const free = starts
    .filter((start) => start > dal && start <= daysAfter(dal, AHEAD_DAYS))
    .find((start) => !taken.some((one) => one.dal <= daysAfter(start, length) && (one.al === null || one.al >= start)))
  return free === undefined ? null : { dal: free, al: daysAfter(free, length) }
}
