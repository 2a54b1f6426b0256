/** `anpr.verifica`, `anpr.registra`, `anpr.ripristina`: the residence change in the national population register. */
import { z } from 'zod'
import { type ChangeReceipt, type PopulationChange, populationEffects } from '../../connectors/anpr/types.ts'
import { Refused } from '../../connectors/effect.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import type { ActivatedJob } from '../../engine/protocol/gateway.ts'
import { BpmnError, effectKey, practiceSchema, type Worker } from '../worker.ts'

type Population = Pick<Connectors, 'population' | 'ledger'>

const REFUSED = 'ANPR_RIFIUTO'

const personSchema = z.object({ cf: z.string() })
const peopleSchema = z.object({
  richiedente: personSchema,
  istanza: z.object({ nucleo: z.array(personSchema).nullish() }),
})
const taxCodes = ({ richiedente, istanza }: z.infer<typeof peopleSchema>): readonly string[] => [
  ...new Set([richiedente, ...(istanza.nucleo ?? [])].map(({ cf }) => cf.toUpperCase())),
]

const checks = z.object({ verificaAnpr: z.array(z.object({ cf: z.string(), esito: z.string() })) })

export const verifyInPopulation = ({
  population,
}: Population): Worker<z.infer<typeof peopleSchema>, z.infer<typeof checks>> => ({
  type: 'anpr.verifica',
  title: 'Verifica in ANPR',
  purpose: 'Verifica le persone nell’Anagrafe nazionale.',
  effect: 'none',
  input: peopleSchema,
  output: checks,
  errors: {},
  handle: async (people) => ({ verificaAnpr: [...(await population.check(taxCodes(people)))] }),
})

const changeInput = peopleSchema.extend({ pratica: practiceSchema, decorrenza: z.iso.date() })
type ChangeInput = z.infer<typeof changeInput>
const receiptSchema = z.object({ idOperazione: z.string(), decorrenza: z.iso.date(), data: z.string() })
const registered = z.object({ anpr: receiptSchema })
const restored = z.object({ ripristino: receiptSchema })

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
  effect: populationEffects.register,
  input: changeInput,
  output: restored,
  errors: { [REFUSED]: 'L’anagrafe ha rifiutato la variazione' },
  async handle(variables, job) {
    const change = changeOf(variables, job)
    return { ripristino: await changed(ledger, 'anpr.ripristina', change, () => population.restore(change)) }
  },
})

const changeOf = ({ pratica, decorrenza, ...people }: ChangeInput, job: ActivatedJob): PopulationChange => ({
  idOperazioneClient: effectKey(pratica, job),
  persone: taxCodes(people),
  decorrenza,
})

async function changed(
  ledger: Connectors['ledger'],
  operation: string,
  { idOperazioneClient: key }: PopulationChange,
  call: () => Promise<ChangeReceipt>,
): Promise<z.infer<typeof receiptSchema>> {
  try {
    return await perform(ledger, { key, operation, outcome: receiptSchema, class: populationEffects.register, call })
  } catch (error) {
    throw error instanceof Refused ? new BpmnError(REFUSED, 'ANPR ha rifiutato la variazione') : error
  }
}
