/** Client of the protocol register's REST port. */
import { z } from 'zod'
import { Refused, Unavailable, UnknownOutcome } from '../effect.ts'
import { exchange, type HttpCall } from '../http.ts'
import type { Contents, Entry, ProtocolRegister } from './types.ts'

const numberSchema = z.object({
  numero: z.string(),
  anno: z.int(),
  registro: z.string().max(16),
  data: z.iso.datetime({ offset: true }),
})
const documentSchema = z.object({ nome: z.string(), tipo: z.string(), byte: z.int(), impronta: z.string() })
const registrationSchema = numberSchema.extend({
  riferimento: z.string(),
  verso: z.enum(['IN', 'OUT', 'INTERNO']),
  oggetto: z.string(),
  corrispondente: z.object({ nome: z.string(), codiceFiscale: z.string().optional(), email: z.string().optional() }),
  documenti: z.tuple([documentSchema], documentSchema),
  classifica: z.string().optional(),
  fascicolo: z.string().optional(),
  emergenza: numberSchema.optional(),
  numero: z.string().regex(/^\d{7,}$/),
  annullamento: z.object({ data: z.string(), motivo: z.string() }).optional(),
})
const fileSchema = z.object({
  riferimento: z.string(),
  classifica: z.string(),
  oggetto: z.string(),
  codice: z.string(),
  anno: z.int(),
  aperto: z.string(),
  chiuso: z.string().nullable(),
  registrazioni: z.array(z.object({ numero: z.string(), anno: z.int() })),
})
const foundSchema = z.object({ registrazioni: z.array(registrationSchema) })
const foundFilesSchema = z.object({ fascicoli: z.array(fileSchema) })
const refusalSchema = z.object({ codice: z.string() })

export interface ProtocolAddress {
  readonly url: string
  readonly timeoutMs?: number
}

export function protocolRegister({ url, timeoutMs = 20_000 }: ProtocolAddress): ProtocolRegister {
  const call = async <T>(method: HttpCall['method'], path: string, schema: z.ZodType<T>, body?: FormData | object) => {
    const { status, text } = await exchange({
      ...{ method, url: new URL(path, url), timeoutMs, answers: REFUSALS },
      ...(body instanceof FormData ? { body } : { headers: JSON_BODY, body: body && JSON.stringify(body) }),
    })
    if (status >= 400) throw refused(status, text)
    return understood(text, schema)
  }
  const find = async (riferimento: string) =>
    (await call('GET', `/registrazioni?${new URLSearchParams({ riferimento })}`, foundSchema)).registrazioni
  const fileAt = (codice: string) => `/fascicoli/${encodeURIComponent(codice)}`
  return {
    register: (entry, contents) => call('POST', '/registrazioni', registrationSchema, parts(entry, contents)),
    find,
    annul: (anno, numero, motivo) =>
      call('POST', `/registrazioni/${anno}/${encodeURIComponent(numero)}/annullamento`, registrationSchema, { motivo }),
    openFile: (opening) => call('POST', '/fascicoli', fileSchema, opening),
    async findFile(riferimento) {
      const query = new URLSearchParams({ riferimento })
      return (await call('GET', `/fascicoli?${query}`, foundFilesSchema)).fascicoli[0] ?? null
    },
    addToFile: (codice, { numero, anno }) =>
      call('POST', `${fileAt(codice)}/registrazioni`, fileSchema, { numero, anno }),
    closeFile: (codice) => call('POST', `${fileAt(codice)}/chiusura`, fileSchema, {}),
  }
}

const JSON_BODY = { 'content-type': 'application/json' }

/** The entry first, then each content under its digest. */
function parts(entry: Entry, contents: Contents): FormData {
  const form = new FormData()
  form.set('registrazione', JSON.stringify(entry))
  for (const { impronta, nome, tipo } of entry.documenti) {
    const content = contents.get(impronta)
    if (content) form.set(impronta, new Blob([content], { type: tipo }), nome)
  }
  return form
}

/** What it says in a body of its own. */
const REFUSALS = [400, 404, 409, 422, 423]

/** A closed register has done nothing, and opens again. */
function refused(status: number, text: string): Refused | Unavailable {
  const { data } = refusalSchema.safeParse(jsonIn(text))
  if (data?.codice === 'REGISTRO_CHIUSO') return new Unavailable('The protocol register is closed')
  return new Refused(data?.codice ?? String(status), `The protocol register refused: ${data?.codice ?? status}`)
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An answer we cannot read says nothing about what was done. */
function understood<T>(text: string, schema: z.ZodType<T>): T {
  const answer = schema.safeParse(jsonIn(text))
  if (answer.success) return answer.data
  throw new UnknownOutcome('The protocol register answered with something that is not what was asked for')
}
