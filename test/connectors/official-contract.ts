/**
 * Each exchange with a sandbox against the platform's own file: what was asked, where the sandbox took it, and what it answered, whatever
 * that was. Owns which file describes which address, and what those files leave out. Does not own the comparing (open-api.ts,
 * xml-schema.ts).
 */
import { ARSS_PATH } from '../../connectors/firma/sandbox/arss.ts'
import { bodyOf } from '../../connectors/firma/soap.ts'
import { CHECKOUT_PATH } from '../../connectors/pagopa/checkout.ts'
import { FLOWS_PATH } from '../../connectors/pagopa/flows.ts'
import { GPD_V1 } from '../../connectors/pagopa/gpd-v1.ts'
import { GPD_V3 } from '../../connectors/pagopa/gpd-v3.ts'
import { NOTICES_PATH } from '../../connectors/pagopa/notices.ts'
import { BIZ_EVENTS_PATH, RECEIPTS_PATH } from '../../connectors/pagopa/receipts.ts'
import type { Platforms } from '../../connectors/platforms.ts'
import { contentTypeOf, type PlatformAnswer, type PlatformCall } from '../../connectors/sandbox.ts'
import { parseXml } from '../../connectors/xml.ts'
import { officialApi } from './official-api.ts'
import { schemaOf } from './official-schema.ts'
import type { Exchange } from './open-api.ts'

type Platform = keyof Platforms
interface Description {
  /** Begins the addresses that the file is about. */
  readonly root: string
  /** What the file does not say so. */
  faultsOfRequest(exchange: Exchange): readonly string[]
  faultsOfAnswer(exchange: Exchange): readonly string[]
}

/** `root` is left out of the addresses in the file. */
function described(root: string, file: string): Description {
  const api = once(() => officialApi(file))
  const below = (exchange: Exchange): Exchange => ({ ...exchange, path: exchange.path.slice(root.length) })
  return {
    root,
    faultsOfRequest: (exchange) => api().faultsOfRequest(below(exchange)),
    faultsOfAnswer: (exchange) => api().faultsOfAnswer(below(exchange)),
  }
}

/** Receipts are XML, whose file names no schema: the station's, to which pagoPA sends them. */
function receipts(root: string, file: string): Description {
  const description = described(root, file)
  const schema = once(() => schemaOf('pagopa/soap/wsdl/xsd/paForNode.xsd'))
  return {
    ...description,
    faultsOfAnswer(exchange) {
      const { status, headers, body } = exchange.answer
      const isReceipt = status === 200 && headers['content-type']?.startsWith('application/xml')
      const inside = isReceipt ? schema().faults({ ...parseXml(body), name: 'paSendRTV2Request' }) : []
      return [...description.faultsOfAnswer(exchange), ...inside]
    },
  }
}

/** Trouble with the envelope is SOAP's own: a fault, with status 500. */
function arss(root: string): Description {
  const schema = once(() => schemaOf('firma/aruba-arss/ArubaSignService.xsd'))
  return {
    root,
    faultsOfRequest: ({ body }) => schema().faults(bodyOf(body)),
    faultsOfAnswer({ body, answer: { status, body: told } }) {
      const asked = bodyOf(body).name
      if (status !== 200 && status !== 500) return [`${asked} ${status}: not described`]
      const answer = bodyOf(told)
      const isExpected = answer.name === (status === 500 ? 'Fault' : `${asked}Response`)
      if (!isExpected) return [`${asked} ${status}: ${answer.name} is no answer to it`]
      return status === 500 ? [] : schema().faults(answer)
    },
  }
}

const once = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** Nearest first: one root may begin with another. */
const DESCRIPTIONS: Readonly<Partial<Record<Platform, readonly Description[]>>> = {
  pagopa: [
    described(GPD_V1.path, 'pagopa/gpd_v1.json'),
    described(GPD_V3.path, 'pagopa/gpd_v3.json'),
    described(CHECKOUT_PATH, 'pagopa/checkout_ec_v1.json'),
    described(FLOWS_PATH, 'pagopa/fdr_organization.json'),
    receipts(RECEIPTS_PATH, 'pagopa/gpd_payments_receipts.json'),
    described(BIZ_EVENTS_PATH, 'pagopa/biz_events_receipts.json'),
    described(NOTICES_PATH, 'pagopa/print_payment_notice.json'),
  ],
  send: [described('', 'send/api-external-b2b-pa-bundle.yaml')],
  firma: [described('/csc/v1', 'firma/csc/csc_openapi_v1.0.3.0.json'), arss(ARSS_PATH)],
}

/** Addresses that no file is about: pages for testers, files, what has no machine-readable description. */
const UNDESCRIBED: Readonly<Partial<Record<Platform, RegExp>>> = {
  pagopa: /^\/(?:$|avvisi\/|carrelli\/|pagamenti\/|flussi(?:$|\/))/,
  send: /^\/(?:$|notifiche\/|atti\/|documenti\/)/,
  firma: /^\/(?:$|tsa$|csc\/v2\/)/,
}

/**
 * What the platforms answer although their files leave it out, with why it is right here. Statuses of gateways, which stand before any
 * service: too many calls, out of order; and 422, whose bodies nobody describes (`unprocessable` of faults.ts).
 */
export const LEFT_OUT: readonly (readonly [fault: RegExp, why: string])[] = [
  [/ (?:429|503): (?:not described|a body)/, 'the gateway answers, not the service'],
  [/ 422: not described$/, 'GPD 1 and Checkout answer so, undeclared'],
  [/^GET \/payments\/\{organizationfiscalcode\}\/receipts 400: not described$/, 'a range of days that is none'],
  [
    /^(?:POST \/carts|GET \/organizations\/\S+\/(?:fdrs|receipts)\S*) (?:401|403): not described$/,
    'the gateway looks at the key',
  ],
  [/^(?:GET|POST|PUT) \/delivery\S* (?:401|403): (?:not described|a body)/, 'the gateway looks at key and voucher'],
  [/^GET \/delivery\/v2\.9\/notifications\/sent\/\{iun\} 404: not described$/, 'a notification that is none'],
  [/^POST \/credentials\/sendOTP 204: not described$/, 'what its text answers with'],
  [/^POST \/(?:credentials|signatures)\/\w+ 400: a body$/, 'error and error_description are in its text'],
  [
    /^POST \/(?:credentials|signatures)\/\w+ (?:401|500): (?:not described|a body)$/,
    'the token, and trouble: in its text',
  ],
]

export interface Compared {
  /** What differs from the platform's file, each with its place. */
  readonly faults: readonly string[]
  /** What else does, and may: as `LEFT_OUT` says why. */
  readonly leftOut: readonly string[]
}

/** Nothing differs where the platform has no file. */
export function contractFaults(platform: Platform, call: PlatformCall, answer: PlatformAnswer): Compared {
  const descriptions = DESCRIPTIONS[platform]
  const { pathname } = call.url
  if (descriptions === undefined || UNDESCRIBED[platform]?.test(pathname)) return { faults: [], leftOut: [] }
  const description = descriptions.find(({ root }) => root === pathname || pathname.startsWith(`${root}/`))
  if (!description) return { faults: [`${call.method} ${pathname}: no file is about this address`], leftOut: [] }
  const exchange = exchangeOf(call, answer)
  // Wrong requests are made on purpose, and refused: what was taken must have been right.
  const ofRequest = answer.status < 400 ? description.faultsOfRequest(exchange) : []
  const all = [...ofRequest, ...description.faultsOfAnswer(exchange)]
  const whyOf = (fault: string) => LEFT_OUT.find(([pattern]) => pattern.test(fault))?.[1]
  return {
    faults: all.filter((fault) => whyOf(fault) === undefined).map((fault) => `${platform}: ${fault}`),
    leftOut: all.flatMap((fault) => whyOf(fault) ?? []),
  }
}

function exchangeOf({ method, url, headers, body }: PlatformCall, answer: PlatformAnswer): Exchange {
  const named = Object.entries(headers).map(([name, value]) => [name, String(value)] as const)
  const told = Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const)
  return {
    ...{
      method,
      path: `${url.pathname}${url.search}`,
      headers: Object.fromEntries(named),
      body: body.toString('utf8'),
    },
    answer: {
      status: answer.status,
      headers: { ...Object.fromEntries(told), 'content-type': contentTypeOf(answer) },
      body: answer.file === undefined ? answer.body : Buffer.from(answer.file).toString('latin1'),
    },
  }
}
