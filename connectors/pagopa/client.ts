/**
 * Client of GPD's debt positions, in the version that the body has agreed to: 3 (gpd-v3.ts) or 1 (gpd-v1.ts).
 * Invariants
 * G1 A repeat makes no second position: 409 is answered by looking at what is there and comparing it with what was asked.
 * G2 A tax code is in no message.
 */
import { Refused, UnknownOutcome } from '../effect.ts'
import { exchange, type HttpAnswer, type HttpCall } from '../http.ts'
import { askedFor, type CreditorBody, type GpdVersion, totalOf } from './gpd.ts'
import { GPD_V1 } from './gpd-v1.ts'
import { GPD_V3 } from './gpd-v3.ts'
import { ALREADY_PAID, type NewPosition, type PaymentPositions, type Position, TAKEN } from './types.ts'

export interface PagopaService {
  /** pagoPA's gateway: origin alone. */
  readonly url: string
  /** `Ocp-Apim-Subscription-Key`, bound to the body and its segregation code. */
  readonly chiave: string
  readonly ente: CreditorBody
  /** The version of GPD that positions are kept with; 3 when absent. */
  readonly gpd?: keyof typeof GPD_VERSIONS | undefined
  readonly timeoutMs?: number
}

export const GPD_VERSIONS = { v1: GPD_V1, v3: GPD_V3 } as const satisfies Record<string, GpdVersion>

export function debtPositions({ url, chiave, ente, gpd = 'v3', timeoutMs = 15_000 }: PagopaService): PaymentPositions {
  const version = GPD_VERSIONS[gpd]
  const headers = { 'Ocp-Apim-Subscription-Key': chiave, 'content-type': 'application/json' }
  const root = `${url}${version.path}/organizations/${ente.codiceFiscale}/debtpositions`
  const ask = (call: Pick<HttpCall, 'method' | 'body' | 'answers'>, path = '') =>
    exchange({ ...call, url: new URL(`${root}${path}`), headers, timeoutMs, called: 'a position of pagoPA' })
  const find = async (iupd: string): Promise<Position | null> => {
    const answer = await ask({ method: 'GET', answers: [404, 422] }, `/${encodeURIComponent(iupd)}`)
    if (answer.status === 422)
      throw new Refused('422', 'Expected a position of one plan of instalments, but GPD 1 shows none of several.')
    return answer.status === 404 ? null : understood(answer, version)
  }
  return {
    find,
    async create(asked) {
      const body = JSON.stringify(version.bodyOf(asked, ente))
      const answer = await ask({ method: 'POST', body, answers: [409] }, '?toPublish=true')
      // What a creation answers with is what was sent: state and receipt stand in what is asked for afterwards.
      const position = await find(asked.iupd)
      if (position !== null && isWhatWasAsked(position, asked)) return position
      if (answer.status === 409)
        throw new Refused(TAKEN, 'Expected a number for this position, but it stands for another.')
      throw new UnknownOutcome('pagoPA took a position and does not show it')
    },
    async cancel(iupd) {
      const { method, path } = version.withdrawal(encodeURIComponent(iupd))
      const answer = await ask({ method, answers: [404, 409] }, path)
      if (answer.status !== 409) return
      // What is invalid already is refused in the same words as what was paid.
      const position = await find(iupd)
      if (position?.stato === 'APERTA') throw new UnknownOutcome('pagoPA neither cancels a position nor says why')
      if (position === null || position.stato === 'NON_PAGABILE') return
      throw new Refused(ALREADY_PAID, 'Expected an unpaid position, but it has been paid.')
    },
  }
}

function isWhatWasAsked(position: Position, asked: NewPosition): boolean {
  const there = new Map([position, ...position.altreRate].map(({ numeroAvviso, importo }) => [numeroAvviso, importo]))
  const wanted = askedFor(asked)
  return there.size === wanted.length && wanted.every((one) => there.get(one.numeroAvviso) === totalOf(one))
}

function understood({ text }: HttpAnswer, { positionIn }: GpdVersion): Position {
  try {
    return positionIn(JSON.parse(text))
  } catch {
    throw new UnknownOutcome('pagoPA answered with something that is no position of ours')
  }
}
