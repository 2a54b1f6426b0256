/** Client of the notice board's REST port. */
import { z } from 'zod'
import { Refused, UnknownOutcome } from '../effect.ts'
import { exchange, type HttpAnswer, type HttpCall } from '../http.ts'
import type { NoticeBoard } from './types.ts'

const documentSchema = z.object({ nome: z.string(), tipo: z.string(), byte: z.int(), impronta: z.string() })
const postedSchema = z.object({
  riferimento: z.string(),
  oggetto: z.string(),
  ufficio: z.string(),
  dal: z.iso.date(),
  al: z.iso.date(),
  documenti: z.tuple([documentSchema], documentSchema),
  numero: z.string().regex(/^\d{7,}$/),
  anno: z.int(),
  registrata: z.iso.datetime(),
  stato: z.enum(['ATTESA', 'AFFISSA', 'DEFISSA']),
})
const foundSchema = z.object({ pubblicazioni: z.array(postedSchema) })
const refusalSchema = z.object({ codice: z.string() })

/** What it says in a body of its own. */
const REFUSALS = [400, 404, 409, 422]

export interface BoardAddress {
  readonly url: string
  readonly timeoutMs?: number
}

export function noticeBoard({ url, timeoutMs = 20_000 }: BoardAddress): NoticeBoard {
  const call = async (method: HttpCall['method'], path: string, body?: FormData): Promise<HttpAnswer> => {
    const answer = await exchange({ method, url: new URL(path, url), body, timeoutMs, answers: REFUSALS })
    if (answer.status < 400) return answer
    const code = refusalSchema.safeParse(jsonIn(answer.text)).data?.codice ?? String(answer.status)
    throw new Refused(code, `The notice board refused: ${code}`)
  }
  return {
    async post(posting, contents) {
      const form = new FormData()
      form.set('pubblicazione', JSON.stringify(posting))
      for (const { impronta, nome, tipo } of posting.documenti)
        form.set(impronta, new Blob([contents.get(impronta) ?? new Uint8Array()], { type: tipo }), nome)
      return understood(await call('POST', '/pubblicazioni', form), postedSchema)
    },
    async find(riferimento) {
      const query = new URLSearchParams({ riferimento })
      return understood(await call('GET', `/pubblicazioni?${query}`), foundSchema).pubblicazioni
    },
    async certificate(anno, numero) {
      const { text } = await call('GET', `/pubblicazioni/${anno}/${encodeURIComponent(numero)}/certificato`)
      const nome = `relata-di-pubblicazione-${numero}-${anno}.html`
      return { nome, tipo: 'text/html', contenuto: new TextEncoder().encode(text) }
    },
    addressOf: ({ numero, anno }) => new URL(`/atti/${anno}/${numero}`, url).href,
  }
}

function understood<T>({ text }: HttpAnswer, schema: z.ZodType<T>): T {
  const answer = schema.safeParse(jsonIn(text))
  if (answer.success) return answer.data
  throw new UnknownOutcome('The notice board answered with something that is not what was asked for')
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
