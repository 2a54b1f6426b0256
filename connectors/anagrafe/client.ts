/** Client of the port to the town's population register. */
import { z } from 'zod'
import { UnknownOutcome } from '../effect.ts'
import { exchange } from '../http.ts'
import type { ChangeReceipt, PopulationChange, PopulationRegister } from './types.ts'

const receiptSchema = z.object({ idOperazione: z.string(), decorrenza: z.iso.date(), data: z.iso.datetime() })

export interface PopulationAddress {
  readonly url: string
  readonly timeoutMs?: number
}

export function populationRegister({ url, timeoutMs = 10_000 }: PopulationAddress): PopulationRegister {
  const call = async (path: string, change: PopulationChange): Promise<ChangeReceipt> => {
    const { text } = await exchange({
      method: 'POST',
      url: new URL(path, url),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(change),
      timeoutMs,
    })
    return receiptIn(text)
  }
  return {
    register: (change) => call('/registra', change),
    restore: (change) => call('/ripristina', change),
  }
}

function receiptIn(text: string): ChangeReceipt {
  try {
    return receiptSchema.parse(JSON.parse(text))
  } catch {
    throw new UnknownOutcome('The population register answered with something that is no receipt')
  }
}
