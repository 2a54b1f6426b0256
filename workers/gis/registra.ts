/**
 * `gis.registra`, `gis.rimuovi`: an occupation that was granted, on the town's map under its practice, so that the next request finds it;
 * and off it again. A practice has one: registered for other days, it replaces itself.
 */
import { z } from 'zod'
import { type Area, sizeOf } from '../../connectors/gis/geometry/plane.ts'
import { mapEffects, type Overlap, type Period } from '../../connectors/gis/types.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import { BpmnError, effectKey, practiceSchema, type Worker } from '../worker.ts'
import { areaOf, overlap, period, placeInput } from './place.ts'
import { overlapsOf } from './sovrapposizioni.ts'

const TAKEN = 'SOVRAPPOSIZIONE'

const input = z.object({
  pratica: practiceSchema,
  luogo: placeInput,
  periodo: period,
  descrizione: z
    .string()
    .min(1)
    .max(500)
    .meta({ title: 'Descrizione', description: 'Che cosa è; senza dati personali.', examples: ['Trasloco'] }),
  ammesse: z
    .array(overlap.shape.riferimento)
    .nullish()
    .meta({
      title: 'Ammesse',
      description: 'I riferimenti delle sovrapposizioni che chi decide ha ammesso.',
      examples: [[]],
    }),
})
const occupation = z.object({
  riferimento: z.string().meta({ title: 'Riferimento', description: 'Come la mappa la chiama: la pratica.' }),
  dal: overlap.shape.dal,
  al: overlap.shape.al,
})
const output = z.object({
  occupazione: occupation.meta({ title: 'Occupazione', description: 'Come sta sulla mappa.' }),
})

export const registerOnMap = ({
  map,
  ledger,
}: Pick<Connectors, 'map' | 'ledger'>): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'gis.registra',
  title: 'Registra l’occupazione',
  purpose: 'Scrive sulla mappa l’occupazione concessa, o la proroga; nessuno deve aver preso il posto nel frattempo.',
  effect: mapEffects.register,
  input,
  output,
  errors: { [TAKEN]: 'Nel frattempo qualcun altro ha preso il posto: la variabile sovrapposizioni dice chi' },
  async handle({ pratica, luogo, periodo: { dal, al = null }, descrizione, ammesse }, job) {
    const [area, wanted, riferimento] = [areaOf(luogo), { dal, al }, pratica.id]
    await refuseTaken(map, area, wanted, riferimento, ammesse ?? [])
    return {
      occupazione: await perform(ledger, {
        ...{ key: effectKey(pratica, job), operation: 'gis.registra', outcome: occupation, class: mapEffects.register },
        async call() {
          await map.register({ riferimento, descrizione, area, ...wanted })
          return { riferimento, ...wanted }
        },
      }),
    }
  },
})

/** Of two that find the place free at once, one is later; who stands there as asked already, from an attempt before, is not asked again. */
async function refuseTaken(
  map: Connectors['map'],
  area: Area,
  wanted: Period,
  own: string,
  admitted: readonly string[],
): Promise<void> {
  const standing = (await map.overlapsWith(area, wanted)).find(({ riferimento }) => riferimento === own)
  if (standing && isAsAsked(standing, area, wanted)) return
  const sovrapposizioni = await overlapsOf(map, area, wanted, [own, ...admitted])
  if (sovrapposizioni.conflitto) throw new BpmnError(TAKEN, 'Nel frattempo il posto è stato preso', { sovrapposizioni })
}
const isAsAsked = (standing: Overlap, area: Area, { dal, al }: Period): boolean =>
  standing.dal === dal && standing.al === al && Math.abs(standing.mq - sizeOf(area)) < 0.1

const removalInput = z.object({ pratica: practiceSchema })
const removal = z.object({ riferimento: occupation.shape.riferimento })
const removalOutput = z.object({
  rimozione: removal.meta({ title: 'Rimozione', description: 'Che cosa non sta più sulla mappa.' }),
})

export const removeFromMap = ({
  map,
  ledger,
}: Pick<Connectors, 'map' | 'ledger'>): Worker<z.infer<typeof removalInput>, z.infer<typeof removalOutput>> => ({
  type: 'gis.rimuovi',
  title: 'Rimuovi l’occupazione',
  purpose: 'Toglie dalla mappa l’occupazione della pratica, finita o venuta meno; se non c’è, nulla.',
  effect: mapEffects.remove,
  input: removalInput,
  output: removalOutput,
  errors: {},
  async handle({ pratica }, job) {
    return {
      rimozione: await perform(ledger, {
        ...{ key: effectKey(pratica, job), operation: 'gis.rimuovi', outcome: removal, class: mapEffects.remove },
        async call() {
          await map.remove(pratica.id)
          return { riferimento: pratica.id }
        },
      }),
    }
  },
})
