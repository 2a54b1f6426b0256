/** `protocollo.registra`: a number for what came in or goes out (DPR 445/2000 art. 53), taken once however often the job runs. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import { protocolEffects, type Registration, SETTLE_MS } from '../../connectors/protocollo/types.ts'
import { effectKey, practiceSchema, type Worker } from '../worker.ts'

const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined)

const input = z.object({
  pratica: practiceSchema,
  verso: z.enum(['IN', 'OUT', 'INTERNO']),
  oggetto: z.string().min(1),
  corrispondente: z.object({ nome: z.string(), codiceFiscale: optionalText, email: optionalText }),
  /** What is registered: its digest goes into the register. */
  documento: z.unknown(),
})
const protocolSchema = z.object({ numero: z.string(), anno: z.int(), registro: z.string(), data: z.string() })
const output = z.object({ protocollo: protocolSchema })

const numberOf = ({ numero, anno, registro, data }: Registration): z.infer<typeof protocolSchema> => ({
  numero,
  anno,
  registro,
  data,
})

export const registerInProtocol = (
  { protocol, ledger }: Pick<Connectors, 'protocol' | 'ledger'>,
  settleMs = SETTLE_MS,
): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'protocollo.registra',
  title: 'Registra al protocollo',
  purpose: 'Prende un numero di protocollo per ciò che è arrivato o parte.',
  effect: protocolEffects.register,
  input,
  output,
  errors: {},
  async handle({ pratica, documento, ...entry }, job) {
    const riferimento = effectKey(pratica, job)
    const impronta = createHash('sha256')
      .update(JSON.stringify(documento ?? null))
      .digest('base64')
    const protocollo = await perform(ledger, {
      key: riferimento,
      operation: 'protocollo.registra',
      outcome: protocolSchema,
      class: protocolEffects.register,
      settleMs,
      find: async () => {
        const [found] = await protocol.find(riferimento)
        return found ? numberOf(found) : null
      },
      call: async () => numberOf(await protocol.register({ ...entry, riferimento, impronta })),
    })
    return { protocollo }
  },
})
