/**
 * Sends text messages through Twilio. Its library writes the call and reads the answer; the call itself goes through our `exchange`, which
 * bounds it and tells failures apart. The library is large, so it is loaded with the first message.
 * Errors carry Twilio's code alone: its words repeat the number.
 */
import { z } from 'zod'
import { Refused, UnknownOutcome } from '../effect.ts'
import { exchange } from '../http.ts'
import type { SmsSender } from './types.ts'

export interface SmsProvider {
  /** `https://api.twilio.com`. */
  readonly url: string
  readonly accountSid: string
  readonly authToken: string
  /** A number, or a sender name registered with AGCOM. */
  readonly mittente: string
  readonly timeoutMs?: number
}

/** By these Twilio says no, with a code in the body. */
const REFUSALS = [400, 401, 403, 404]
const refusalSchema = z.object({ status: z.number(), code: z.number().optional() })

export function smsSender(provider: SmsProvider): SmsSender {
  let opening: ReturnType<typeof open> | undefined
  return {
    async send({ to, text }) {
      opening ??= open(provider)
      const { messages } = await opening
      try {
        const { sid } = await messages.create({ to, from: provider.mittente, body: text })
        return { messageId: z.string().min(1).parse(sid) }
      } catch (error) {
        throw failureOf(error)
      }
    },
  }
}

async function open({ url, accountSid, authToken, timeoutMs = 15_000 }: SmsProvider) {
  const { default: twilio } = await import('twilio')
  class Carrier extends twilio.RequestClient {
    override async request<Data>({
      uri,
      headers,
      data,
    }: Parameters<InstanceType<typeof twilio.RequestClient>['request']>[0]) {
      const credentials = Buffer.from(`${accountSid}:${authToken}`).toString('base64')
      const answer = await exchange({
        ...{ method: 'POST', url: new URL(new URL(uri).pathname, url), timeoutMs, answers: REFUSALS },
        headers: { ...z.record(z.string(), z.string()).parse(headers), authorization: `Basic ${credentials}` },
        body: new URLSearchParams(z.record(z.string(), z.string()).parse(data)).toString(),
        called: 'the text messages of Twilio',
      })
      return { statusCode: answer.status, body: answer.text as Data, headers: Object.fromEntries(answer.headers) }
    }
  }
  return twilio(accountSid, authToken, { httpClient: new Carrier() })
}

/** A refusal is an error of the library; what is no error of ours was an answer it could not read. */
function failureOf(error: unknown): unknown {
  const refusal = refusalSchema.safeParse(error)
  if (refusal.success) {
    const code = String(refusal.data.code ?? refusal.data.status)
    return new Refused(code, `Expected Twilio to take a text message, but it refused with ${code}.`)
  }
  if (error instanceof SyntaxError || error instanceof z.ZodError)
    return new UnknownOutcome('Twilio answered with something of another shape')
  return error
}
