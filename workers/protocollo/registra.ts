/** `protocollo.registra`: a number for what came in or goes out (DPR 445/2000 art. 53), taken once however often the job runs. */
import { z } from 'zod'
import { protocolEffects, SETTLE_MS } from '../../connectors/protocollo/types.ts'
import type { Town } from '../../processes/town.ts'
import { effectKey, type Worker } from '../worker.ts'
import { preparedEntry, protocolSchema, type RegistrationInput, registrationSchema } from './entry.ts'
import { PROTOCOL_DOWN, type ProtocolTools, protocolDownWhen, takeNumber, unlessDown } from './number.ts'

const output = z.object({ protocollo: protocolSchema.meta({ title: 'Protocollo', description: 'Il numero preso.' }) })

export const registerInProtocol = (
  tools: ProtocolTools,
  town: Town,
  settleMs = SETTLE_MS,
): Worker<RegistrationInput, z.infer<typeof output>> => ({
  type: 'protocollo.registra',
  title: 'Registra al protocollo',
  purpose: 'Prende un numero di protocollo per ciò che è arrivato o parte.',
  effect: protocolEffects.register,
  input: registrationSchema,
  output,
  errors: { [PROTOCOL_DOWN]: protocolDownWhen },
  async handle(registration, job) {
    // The same through every attempt at one registration, be it by other jobs: an attempt without answer may have been done.
    const riferimento = registration.riferimento ?? effectKey(registration.pratica, job)
    const entry = await preparedEntry(tools.documents, town, riferimento, registration)
    return unlessDown(job, { riferimento }, async () => ({ protocollo: await takeNumber(tools, entry, settleMs) }))
  },
})
