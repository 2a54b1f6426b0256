/** `gis.verifica-vincoli`: which constraints an area touches, and whether it can be granted at all. */
import { z } from 'zod'
import { CONSTRAINT_KINDS, mapEffects } from '../../connectors/gis/types.ts'
import type { Connectors } from '../../connectors/index.ts'
import type { Worker } from '../worker.ts'
import { areaOf, placeInput, squareMetresOf } from './place.ts'

const input = z.object({ luogo: placeInput })

const constraint = z.object({
  tipo: z.enum(CONSTRAINT_KINDS).meta({
    title: 'Tipo',
    description: 'Di che vincolo si tratta.',
    choices: {
      PAESAGGISTICO: 'paesaggistico (D.Lgs. 42/2004, parte III)',
      MONUMENTALE: 'monumentale (D.Lgs. 42/2004, parte II)',
      NON_CONCEDIBILE: 'area che il comune non concede',
    },
  }),
  descrizione: z.string().meta({ title: 'Descrizione', description: 'Che cosa è tutelato.' }),
  norma: z.string().meta({ title: 'Norma', description: 'Da dove viene il vincolo.' }),
  mq: squareMetresOf('Metri quadrati', 'Quanta parte dell’area tocca.'),
})
const output = z.object({
  vincoli: z
    .object({
      elenco: z.array(constraint).meta({ title: 'Elenco', description: 'I vincoli che l’area tocca.' }),
      paesaggistico: z.boolean().meta({ title: 'Paesaggistico', description: 'Se ce n’è uno paesaggistico.' }),
      monumentale: z.boolean().meta({ title: 'Monumentale', description: 'Se ce n’è uno monumentale.' }),
      concedibile: z
        .boolean()
        .meta({ title: 'Concedibile', description: 'false: il comune non concede quest’area (AREA_NON_CONCEDIBILE).' }),
    })
    .meta({ title: 'Vincoli', description: 'Che cosa grava sull’area.' }),
})

export const verifyConstraints = ({
  map,
}: Pick<Connectors, 'map'>): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'gis.verifica-vincoli',
  title: 'Verifica i vincoli',
  purpose: 'Cerca sulla mappa i vincoli che gravano sull’area.',
  effect: mapEffects.constraintsOn,
  input,
  output,
  errors: {},
  async handle({ luogo }) {
    const elenco = [...(await map.constraintsOn(areaOf(luogo)))]
    const has = (kind: (typeof CONSTRAINT_KINDS)[number]) => elenco.some(({ tipo }) => tipo === kind)
    return {
      vincoli: {
        ...{ elenco, paesaggistico: has('PAESAGGISTICO'), monumentale: has('MONUMENTALE') },
        concedibile: !has('NON_CONCEDIBILE'),
      },
    }
  },
})
