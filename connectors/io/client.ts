/**
 * Submits messages to App IO (IO API for Public Administration Services: `/profiles`, `/messages`).
 * Invariants
 * I1 No message leaves without a profile that says yes, asked in the same call.
 * I2 A tax code is in no path of `send`; where one must be (`status`) no error names the path.
 */
import { z } from 'zod'
import { Refused, Unavailable, UnknownOutcome } from '../effect.ts'
import { exchange, type HttpAnswer } from '../http.ts'
import { type AppIo, IO_STATUSES, type IoPayment, NOT_ON_IO, SWITCHED_OFF } from './types.ts'

export interface AppIoService {
  /** Up to and without the slash before `profiles`. */
  readonly url: string
  /** `Ocp-Apim-Subscription-Key` of the town's service. */
  readonly chiave: string
  readonly timeoutMs?: number
}

const profileSchema = z.object({ sender_allowed: z.boolean().default(false) })
const createdSchema = z.object({ id: z.string().min(1) })
const statusSchema = z.object({ status: z.enum(IO_STATUSES) })

export function appIo({ url, chiave, timeoutMs = 15_000 }: AppIoService): AppIo {
  const headers = { 'Ocp-Apim-Subscription-Key': chiave }
  const post = (path: string, body: object, answers: readonly number[] = []) =>
    exchange({
      ...{ method: 'POST', url: new URL(`${url}${path}`), timeoutMs, answers },
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  return {
    async send({ codiceFiscale, subject, markdown, dueDate, payment }) {
      const fiscal_code = codiceFiscale.toUpperCase()
      await admitted(() => post('/profiles', { fiscal_code }, [404]))
      const due_date = dueDate === undefined ? undefined : new Date(dueDate).toISOString()
      const payment_data = payment && paymentDataOf(payment, due_date !== undefined)
      const content = { subject, markdown, ...(due_date && { due_date }), ...(payment_data && { payment_data }) }
      return { messageId: understood(await post('/messages', { fiscal_code, content }), createdSchema).id }
    },
    async status({ codiceFiscale, messageId }) {
      const [code, id] = [codiceFiscale.toUpperCase(), messageId].map(encodeURIComponent)
      const answer = await exchange({
        ...{ method: 'GET', url: new URL(`${url}/messages/${code}/${id}`), headers, timeoutMs },
        called: 'the status of a message of App IO',
      })
      return understood(answer, statusSchema).status
    },
  }
}

const paymentDataOf = ({ numeroAvviso, centesimi, ente }: IoPayment, isUntilDue: boolean) => ({
  ...{ amount: centesimi, notice_number: numeroAvviso, invalid_after_due_date: isUntilDue },
  payee: { fiscal_code: ente },
})

/** Throws unless the person takes messages from this service. Nothing has been sent yet, whatever became of the question. */
async function admitted(ask: () => Promise<HttpAnswer>): Promise<void> {
  const answer = await ask().catch(notSent)
  if (answer.status === 404)
    throw new Refused(NOT_ON_IO, 'Expected the person to be on App IO, but there is no such profile.')
  const { sender_allowed } = await Promise.resolve(answer)
    .then((found) => understood(found, profileSchema))
    .catch(notSent)
  if (!sender_allowed)
    throw new Refused(SWITCHED_OFF, "Expected the person to take the town's messages, but the service is switched off.")
}

function notSent(error: unknown): never {
  if (error instanceof UnknownOutcome) throw new Unavailable(`Before a message was sent: ${error.message}`)
  throw error
}

function understood<Shape>({ text }: HttpAnswer, schema: z.ZodType<Shape>): Shape {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    throw new UnknownOutcome('App IO answered with something of another shape')
  }
}
