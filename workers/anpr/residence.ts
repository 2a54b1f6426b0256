/**
 * `anpr.registra`, `anpr.ripristina`: the residence change in the town's population register, whose software reports it to ANPR.
 */
import { z } from 'zod'
import { type ChangeReceipt, type PopulationChange, populationEffects } from '../../connectors/anagrafe/types.ts'
import { Refused } from '../../connectors/effect.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import type { ActivatedJob } from '../../engine/protocol/gateway.ts'
import { BpmnError, effectKey, practiceSchema, type Worker } from '../worker.ts'

type Population = Pick<Connectors, 'population' | 'ledger'>

const REFUSED = 'ANPR_RIFIUTO'

const cf = z.string().meta({ title: 'Codice fiscale', description: 'Codice fiscale.', examples: ['RSSMRA85C01G273I'] })
const personSchema = z.object({ cf })
const peopleSchema = z.object({
  richiedente: personSchema.meta({ title: 'Richiedente', description: 'Chi dichiara.' }),
  istanza: z
    .object({
      nucleo: z
        .array(personSchema)
        .nullish()
        .meta({ title: 'Nucleo', description: 'Le persone che si spostano con chi dichiara.' }),
    })
    .meta({ title: 'Istanza', description: 'La dichiarazione.' }),
})
const taxCodes = ({ richiedente, istanza }: z.infer<typeof peopleSchema>): readonly string[] => [
  ...new Set([richiedente, ...(istanza.nucleo ?? [])].map(({ cf }) => cf.toUpperCase())),
]

const decorrenza = z.iso.date().meta({ title: 'Decorrenza', description: 'Il giorno da cui la variazione ha effetto.' })
const changeInput = peopleSchema.extend({ pratica: practiceSchema, decorrenza })
type ChangeInput = z.infer<typeof changeInput>
const receiptSchema = z.object({
  idOperazione: z.string().meta({ title: 'Operazione', description: 'Identificativo dell’operazione in ANPR.' }),
  decorrenza,
  data: z.string().meta({ title: 'Data', description: 'L’istante in cui ANPR l’ha accolta.' }),
})
const registered = z.object({
  anpr: receiptSchema.meta({ title: 'Ricevuta di ANPR', description: 'La registrazione accolta.' }),
})
const restored = z.object({
  ripristino: receiptSchema.meta({ title: 'Ricevuta di ANPR', description: 'Il ripristino accolto.' }),
})

export const registerInPopulation = ({
  population,
  ledger,
}: Population): Worker<ChangeInput, z.infer<typeof registered>> => ({
  type: 'anpr.registra',
  title: 'Registra la variazione',
  purpose: 'Registra il cambio di residenza in anagrafe.',
  effect: populationEffects.register,
  input: changeInput,
  output: registered,
  errors: { [REFUSED]: 'L’anagrafe ha rifiutato la variazione' },
  async handle(variables, job) {
    const change = changeOf(variables, job)
    return { anpr: await changed(ledger, 'anpr.registra', change, () => population.register(change)) }
  },
})

export const restoreInPopulation = ({
  population,
  ledger,
}: Population): Worker<ChangeInput, z.infer<typeof restored>> => ({
  type: 'anpr.ripristina',
  title: 'Ripristina la posizione',
  purpose: 'Annulla il cambio di residenza con effetto dalla dichiarazione.',
  effect: populationEffects.restore,
  input: changeInput,
  output: restored,
  errors: { [REFUSED]: 'L’anagrafe ha rifiutato la variazione' },
  async handle(variables, job) {
    const change = changeOf(variables, job)
    return { ripristino: await changed(ledger, 'anpr.ripristina', change, () => population.restore(change)) }
  },
})

const changeOf = ({ pratica, decorrenza, ...people }: ChangeInput, job: ActivatedJob): PopulationChange => ({
  riferimento: effectKey(pratica, job),
  persone: taxCodes(people),
  decorrenza,
})

async function changed(
  ledger: Connectors['ledger'],
  operation: string,
  { riferimento: key }: PopulationChange,
  call: () => Promise<ChangeReceipt>,
): Promise<z.infer<typeof receiptSchema>> {
  try {
    return await perform(ledger, { key, operation, outcome: receiptSchema, class: populationEffects.register, call })
  } catch (error) {
    throw error instanceof Refused ? new BpmnError(REFUSED, 'ANPR ha rifiutato la variazione') : error
  }
}
