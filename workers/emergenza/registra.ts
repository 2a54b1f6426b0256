/** `emergenza.registra`: a number of the emergency register, while the protocol is down (DPR 445/2000 art. 63). */
import { z } from 'zod'
import {
  AUTHORISED_HOURS_MAX,
  type EmergencyEntry,
  type EmergencyRegister,
  type NewEmergencyEntry,
} from '../../connectors/emergenza/register.ts'
import type { Connectors } from '../../connectors/index.ts'
import type { Town } from '../../processes/town.ts'
import {
  numberOf,
  preparedEntry,
  protocolSchema,
  type RegistrationInput,
  registrationSchema,
} from '../protocollo/entry.ts'
import { BpmnError, effectKey, type Worker } from '../worker.ts'

const NOT_AUTHORISED = 'EMERGENZA_NON_AUTORIZZATA'

const output = z.object({
  protocollo: protocolSchema.meta({ title: 'Protocollo', description: 'Il numero di emergenza preso.' }),
  emergenza: z
    .object({
      interruzione: z.string().meta({ title: 'Interruzione', description: 'Id dell’interruzione del protocollo.' }),
      prima: z.boolean().meta({ title: 'Prima', description: 'Se è la prima registrazione dell’interruzione.' }),
    })
    .meta({ title: 'Emergenza', description: 'A quale interruzione appartiene il numero.' }),
})

export interface EmergencyWorkerOptions extends Pick<Connectors, 'emergency' | 'documents'> {
  readonly town: Town
  /** Business time, epoch milliseconds. */
  readonly now: () => number
}

export const registerInEmergency = ({
  emergency,
  documents,
  town,
  now,
}: EmergencyWorkerOptions): Worker<RegistrationInput, z.infer<typeof output>> => ({
  type: 'emergenza.registra',
  title: 'Registra in emergenza',
  purpose: 'Prende un numero del registro di emergenza, mentre il protocollo non funziona.',
  effect: 'keyed',
  input: registrationSchema,
  output,
  errors: { [NOT_AUTHORISED]: 'Nessuno ha autorizzato l’uso del registro di emergenza, o l’autorizzazione è scaduta' },
  async handle(registration, job) {
    const riferimento = registration.riferimento ?? effectKey(registration.pratica, job)
    const prepared = await preparedEntry(documents, town, riferimento, registration)
    const entry = { pratica: registration.pratica.id, ...prepared }
    const entered = await enterOrOpen(emergency, town, entry, new Date(now()).toISOString())
    if (!entered) throw new BpmnError(NOT_AUTHORISED, 'L’uso del registro di emergenza va autorizzato')
    const { interruzione, prima } = entered
    return { protocollo: numberOf(entered), emergenza: { interruzione, prima } }
  },
})

/** Where the town's rule says so, the first to need the register opens it, for a day. */
async function enterOrOpen(
  emergency: EmergencyRegister,
  { protocollo }: Town,
  entry: NewEmergencyEntry,
  at: string,
): Promise<EmergencyEntry | null> {
  const { apertura, causa, estremi } = protocollo.emergenza
  const entered = await emergency.enter(entry, at)
  if (entered || apertura === 'RESPONSABILE') return entered
  const fino = Temporal.Instant.from(at).add({ hours: AUTHORISED_HOURS_MAX }).toString()
  await emergency.open({ causa, inizio: at }, { autorizzatoDa: 'configurazione', estremi, dal: at, fino })
  return emergency.enter(entry, at)
}
