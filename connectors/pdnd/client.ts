/** Client of the exchange: an operation of an e-service, called with its voucher and signed as its patterns ask. */
import { readFile } from 'node:fs/promises'
import type { JSONWebKeySet } from 'jose'
import { Refused, Unavailable, UnknownOutcome } from '../effect.ts'
import { exchange, type HttpAnswer } from '../http.ts'
import { evidenceDigest, integrityHeaders, trackingEvidence, verifiedIntegrity } from './modi.ts'
import { newProver, type Prover } from './proof.ts'
import { checkSettings } from './settings.ts'
import { loadSigningKey, type SigningKey } from './signing-key.ts'
import type { Eservice, EserviceCall, Pattern, Pdnd, PdndSettings } from './types.ts'
import { newVouchers, type Voucher, type VoucherNeed, type Vouchers, withSlash } from './voucher.ts'

const TIMEOUT_MS = 15_000
const JSON_TYPE = 'application/json'

interface Caller {
  readonly settings: PdndSettings
  readonly key: () => Promise<SigningKey>
  readonly vouchers: Vouchers
  readonly prove: Prover
  readonly now: () => number
}

/**
 * Opens nothing yet: the key is read at the first call. `now` is real time, epoch milliseconds. Throws an `Error` that names each
 * wrong field of the settings.
 */
export function pdnd(settings: PdndSettings, now: () => number = Date.now): Pdnd {
  checkSettings(settings)
  let loading: Promise<SigningKey> | null = null
  const key = () => {
    loading ??= loadSigningKey(settings.keyFile, settings.kid)
    return loading
  }
  const prove = newProver(now)
  const caller = { settings, key, prove, now, vouchers: newVouchers({ settings, key, prove, now }) }
  return {
    call: (eservice, call) => callEservice(caller, eservice, call),
    async voucher(purposeId) {
      const need = { purposeId, digest: null, isBound: false }
      const { voucher, isFresh } = await caller.vouchers.get(need)
      return {
        authorization: `Bearer ${voucher.token}`,
        rejected: (what) => unauthorized(caller.vouchers, need, what, isFresh),
      }
    },
  }
}

const asks = ({ patterns }: Eservice, ...any: readonly Pattern[]): boolean => any.some((one) => patterns.includes(one))

async function callEservice(caller: Caller, eservice: Eservice, call: EserviceCall): Promise<HttpAnswer> {
  const body = call.body === undefined ? '' : JSON.stringify(call.body)
  const url = urlOf(eservice, call)
  const signatures = await signaturesOf(caller, eservice, call, body)
  const evidence = signatures['agid-jwt-trackingevidence']
  const digest = asks(eservice, 'AUDIT_REST_02') && evidence !== undefined ? evidenceDigest(evidence) : null
  const need = { purposeId: eservice.purposeId, digest, isBound: asks(eservice, 'DPOP') }
  const { voucher, isFresh } = await caller.vouchers.get(need)
  const answer = await exchange({
    method: call.method,
    url,
    headers: {
      accept: JSON_TYPE,
      ...(body !== '' && { 'content-type': JSON_TYPE }),
      ...signatures,
      ...(await authorization(caller, voucher, call.method, url)),
    },
    ...(body !== '' && { body }),
    timeoutMs: TIMEOUT_MS,
    // A path may hold a tax code.
    called: eservice.url,
    answers: [401, ...(call.answers ?? [])],
  })
  if (answer.status === 401) throw unauthorized(caller.vouchers, need, eservice.url, isFresh)
  await verifyAnswer(caller, eservice, answer)
  return answer
}

function urlOf(eservice: Eservice, { path, query = {} }: EserviceCall): URL {
  const url = new URL(path.replace(/^\//, ''), withSlash(eservice.url))
  url.search = new URLSearchParams(query).toString()
  return url
}

async function signaturesOf(
  { settings, key, now }: Caller,
  eservice: Eservice,
  { userId }: EserviceCall,
  body: string,
): Promise<Readonly<Record<string, string>>> {
  const claims = { iss: settings.clientId, aud: eservice.audience }
  const evidence = { ...claims, purposeId: eservice.purposeId, userID: userId, ...settings.evidence }
  return {
    ...(asks(eservice, 'INTEGRITY_REST_02') &&
      (await integrityHeaders(await key(), now(), claims, body, body === '' ? null : JSON_TYPE))),
    ...(asks(eservice, 'AUDIT_REST_01', 'AUDIT_REST_02') && {
      'agid-jwt-trackingevidence': await trackingEvidence(await key(), now(), evidence),
    }),
  }
}

async function authorization(
  { prove }: Caller,
  { scheme, token }: Voucher,
  method: string,
  url: URL,
): Promise<Readonly<Record<string, string>>> {
  const authorized = { authorization: `${scheme} ${token}` }
  return scheme === 'Bearer' ? authorized : { ...authorized, DPoP: await prove({ method, url, voucher: token }) }
}

/** A voucher may be revoked before its time: one from the cache is worth another attempt with a new one, by whoever called. */
function unauthorized(vouchers: Vouchers, need: VoucherNeed, who: string, isFresh: boolean): Refused | Unavailable {
  vouchers.forget(need)
  const what = `${who} did not take the voucher`
  return isFresh ? new Refused('401', what) : new Unavailable(what)
}

/**
 * Where the provider signs, an answer without a signature that holds says nothing; but a door before the e-service may say no
 * unsigned, and that is all that is then believed of it.
 */
async function verifyAnswer({ settings, now }: Caller, eservice: Eservice, answer: HttpAnswer): Promise<void> {
  const { answerKeysFile, url } = eservice
  if (answerKeysFile === undefined) return
  const keys = await keysIn(answerKeysFile)
  const { headers, status, text: body } = answer
  const signature = headers.get('agid-jwt-signature')
  if (signature === null && status >= 400 && status < 500)
    throw new Refused(String(status), `${url} refused the call unsigned: ${status}`)
  const message = {
    signature,
    digest: headers.get('digest'),
    contentType: headers.get('content-type'),
    body,
  }
  try {
    await verifiedIntegrity(message, keys, settings.clientId, now())
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it is none'
    throw new UnknownOutcome(`The signature of an answer of ${url} does not hold: ${reason}`)
  }
}

/** Read each time: a provider's keys change while we run. */
async function keysIn(file: string): Promise<JSONWebKeySet> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JSONWebKeySet
  } catch {
    throw new Error(
      `Expected ${file} to hold the provider's public keys (JWKS), but it does not. Correct the configuration.`,
    )
  }
}
