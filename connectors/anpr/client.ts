/** Client of the port to ANPR. */
import { z } from 'zod'
import { UnknownOutcome } from '../effect.ts'
import { exchange } from '../http.ts'
import type { PopulationChange, PopulationRegister } from './types.ts'

const checksSchema = z.array(z.object({ cf: z.string(), esito: z.enum(['PRESENTE', 'NON_TROVATO']) }))
const receiptSchema = z.object({ idOperazione: z.string(), decorrenza: z.iso.date(), data: z.string() })

export interface PopulationAddress {
  readonly url: string
  readonly timeoutMs?: number
}

export function populationRegister({ url, timeoutMs = 10_000 }: PopulationAddress): PopulationRegister {
  const call = async <T>(path: string, schema: z.ZodType<T>, body: unknown): Promise<T> => {
    const { text } = await exchange({
      method: 'POST',
      url: new URL(path, url),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      timeoutMs,
    })
    return understood(text, schema)
  }
  return {
    check: (persone) => call('/verifica', checksSchema, { persone }),
    register: (change: PopulationChange) => call('/registra', receiptSchema, change),
    restore: (change: PopulationChange) => call('/ripristina', receiptSchema, change),
  }
}

function understood<T>(text: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    throw new UnknownOutcome('ANPR answered with something that is no receipt')
  }
}
