/**
 * A call to SEND: key, voucher where the key wants one, and what its answers have in common. Files come and go at other addresses, which the
 * platform names: there neither key nor voucher is shown.
 */
import type { ZodType } from 'zod'
import { Refused, UnknownOutcome } from '../effect.ts'
import { exchange, type HttpAnswer, type HttpCall } from '../http.ts'
import type { Pdnd } from '../pdnd/types.ts'
import type { SendService } from './types.ts'

export interface SendOptions extends SendService {
  readonly exchange: Pdnd
  readonly timeoutMs?: number
}
export interface SendCall extends Pick<HttpCall, 'answers'> {
  readonly method: HttpCall['method']
  /** Already encoded. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: unknown
}
export type AskSend = (call: SendCall) => Promise<HttpAnswer>

/** Names no address: it may hold what only the recipient is to know. */
export const CALLED = 'SEND'
export const TIMEOUT_MS = 20_000

export function callsTo({ url, chiave, finalita, exchange: pdnd, timeoutMs = TIMEOUT_MS }: SendOptions): AskSend {
  return async ({ method, path, query = {}, body, answers = [] }) => {
    const address = new URL(path, url)
    address.search = new URLSearchParams(query).toString()
    const voucher = finalita === null ? null : await pdnd.voucher(finalita)
    const answer = await exchange({
      ...{ method, url: address, timeoutMs, called: CALLED },
      headers: {
        ...{ accept: 'application/json', 'x-api-key': chiave },
        ...(voucher && { authorization: voucher.authorization }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      answers: [401, 403, ...answers],
    })
    const { status } = answer
    if (status !== 401 && status !== 403) return answer
    if (voucher !== null) throw voucher.rejected(CALLED)
    throw new Refused(
      String(status),
      `${CALLED} answered ${status}. Check the key, and whether it was given without PDND.`,
    )
  }
}

/** The answer's body in that shape. */
export function understood<Shape>({ text }: HttpAnswer, schema: ZodType<Shape>): Shape {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    throw new UnknownOutcome(`${CALLED} answered with something that is not described`)
  }
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])

/** Where a file comes or goes. Throws `UnknownOutcome` for an address that would show it to others. */
export function fileAddress(text: string): URL {
  const address = URL.canParse(text) ? new URL(text) : null
  const isGuarded = address?.protocol === 'https:' || (address?.protocol === 'http:' && LOOPBACK.has(address.hostname))
  if (address === null || !isGuarded)
    throw new UnknownOutcome(`${CALLED} named an address for a file that is not https`)
  return address
}
