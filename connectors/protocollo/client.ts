/** Client of the protocol register's REST port. */
import { z } from 'zod'
import { UnknownOutcome } from '../effect.ts'
import { exchange } from '../http.ts'
import type { Entry, ProtocolRegister, Registration } from './types.ts'

const registrationSchema = z.object({
  riferimento: z.string(),
  verso: z.enum(['IN', 'OUT', 'INTERNO']),
  oggetto: z.string(),
  corrispondente: z.object({ nome: z.string(), codiceFiscale: z.string().optional(), email: z.string().optional() }),
  impronta: z.string(),
  numero: z.string().regex(/^\d{7,}$/),
  anno: z.int(),
  registro: z.string().max(16),
  data: z.iso.datetime({ offset: true }),
  annullamento: z.object({ data: z.string(), motivo: z.string() }).optional(),
})
const foundSchema = z.object({ registrazioni: z.array(registrationSchema) })

export interface ProtocolAddress {
  readonly url: string
  readonly timeoutMs?: number
}

export function protocolRegister({ url, timeoutMs = 10_000 }: ProtocolAddress): ProtocolRegister {
  const call = async <T>(method: 'GET' | 'POST', path: string, schema: z.ZodType<T>, body?: unknown): Promise<T> => {
    const { text } = await exchange({
      method,
      url: new URL(path, url),
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      timeoutMs,
    })
    return understood(text, schema)
  }
  const register = (entry: Entry): Promise<Registration> => call('POST', '/registrazioni', registrationSchema, entry)
  const find = async (riferimento: string): Promise<readonly Registration[]> =>
    (await call('GET', `/registrazioni?${new URLSearchParams({ riferimento })}`, foundSchema)).registrazioni
  return {
    register,
    find,
    registerOnce: async (entry) => (await find(entry.riferimento))[0] ?? (await register(entry)),
    annul: (anno, numero, motivo) =>
      call('POST', `/registrazioni/${anno}/${encodeURIComponent(numero)}/annullamento`, registrationSchema, { motivo }),
  }
}

/** An answer we cannot read says nothing about what was done. */
function understood<T>(text: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    throw new UnknownOutcome('The protocol register answered with something that is not an entry')
  }
}
