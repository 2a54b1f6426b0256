/** What both versions of the CSC's API have alike: the calls, the refusals, what makes a credential usable. */
import { z } from 'zod'
import { Refused, Unavailable, UnknownOutcome } from '../effect.ts'
import { exchange } from '../http.ts'
import { SIGNATURE_OID } from './cms.ts'
import { type Credential, type CscAddress, HASHES_MAX, type HashOutcome, type KeyAlgorithm } from './types.ts'

/** Resolves with what the method answers (200, 202 or 204). */
export type CscCall = <T>(method: string, body: object, schema: z.ZodType<T>) => Promise<T>

export const cscCall =
  ({ url, token, timeoutMs = 15_000 }: CscAddress, version: 'v1' | 'v2'): CscCall =>
  async (method, body, schema) => {
    const { status, text } = await exchange({
      method: 'POST',
      url: new URL(`/csc/${version}/${method}`, url),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      timeoutMs,
      answers: [400],
    })
    if (status === 400) throw refusal(read(text, errorSchema, method))
    return read(text, schema, method)
  }

const errorSchema = z.object({ error: z.string(), error_description: z.string().default('') })

function read<T>(text: string, schema: z.ZodType<T>, method: string): T {
  try {
    return schema.parse(text === '' ? undefined : JSON.parse(text))
  } catch {
    throw new UnknownOutcome(
      `The signing service answered ${method} with something that is not what it says it answers.`,
    )
  }
}

/** What a version says of a key and its certificate. */
export const keySchemas = {
  key: z.object({ status: z.string(), algo: z.array(z.string()) }),
  cert: z.object({ status: z.string().optional(), certificates: z.array(z.base64()).min(1).max(10) }),
}
interface Described {
  readonly key: z.infer<typeof keySchemas.key>
  readonly cert: z.infer<typeof keySchemas.cert>
}

/** As `key.algo` names them: with the digest, or plain RSA, whose digest is said beside. */
const ALGORITHMS: Readonly<Record<string, KeyAlgorithm>> = {
  [SIGNATURE_OID.RSA]: 'RSA',
  [SIGNATURE_OID.ECDSA]: 'ECDSA',
  '1.2.840.113549.1.1.1': 'RSA',
}

export interface UsableKey extends Pick<Credential, 'id' | 'algorithm' | 'certificates'> {
  /** OID by which signatures are asked for. */
  readonly signAlgo: string
}

/** Refused where nobody can sign with it. */
export function usableKey(id: string, { key, cert }: Described): UsableKey {
  if (key.status !== 'enabled')
    throw new Refused('CREDENZIALE_BLOCCATA', `Expected credential ${id} to be enabled, but it is not.`)
  if (cert.status !== undefined && cert.status !== 'valid')
    throw new Refused(
      'CERTIFICATO_SCADUTO',
      `Expected the certificate of credential ${id} to be valid, but it is ${cert.status}.`,
    )
  const signAlgo = Object.keys(ALGORITHMS).find((oid) => key.algo.includes(oid))
  const algorithm = signAlgo && ALGORITHMS[signAlgo]
  if (!signAlgo || !algorithm)
    throw new Refused('ALGORITMO_IGNOTO', `Expected credential ${id} to sign with RSA or ECDSA, but it does not.`)
  return { id, algorithm, signAlgo, certificates: cert.certificates.map((each) => Buffer.from(each, 'base64')) }
}

/** What `credentialOf` learned of a credential that its signing needs. `get` throws where nobody looked. */
export function lookedUp<Known>() {
  const known = new Map<string, Known>()
  return {
    set: (id: string, learned: Known) => void known.set(id, learned),
    get(id: string): Known {
      const found = known.get(id)
      if (found) return found
      throw new RangeError(`Expected credential ${id} to be looked up before it signs, but it was not.`)
    },
  }
}

export const noCredential = (holder: string): Refused =>
  new Refused('CREDENZIALE_ASSENTE', `Expected a credential of ${holder}, but there is none.`)

export const base64 = (hash: Uint8Array): string => Buffer.from(hash).toString('base64')

export const signaturesSchema = z.object({ signatures: z.array(z.base64()).max(HASHES_MAX) })

export function outcomesIn({ signatures }: z.infer<typeof signaturesSchema>, asked: number): readonly HashOutcome[] {
  if (signatures.length !== asked)
    throw new UnknownOutcome(`Expected ${asked} signatures, but the service answered ${signatures.length}.`)
  return signatures.map((each) => ({ kind: 'signed', signature: Buffer.from(each, 'base64') }))
}

/** What follows an authorisation by a code: the code was taken, so that the call cannot simply be made again. */
export const afterCode = <T>(otp: string | undefined, signing: Promise<T>): Promise<T> =>
  otp === undefined ? signing : signing.catch(codeTaken)

function codeTaken(error: unknown): never {
  if (error instanceof Unavailable) throw new UnknownOutcome(`${error.message}, after the code was taken.`)
  throw error
}

const WRONG_CODE: ReadonlySet<string> = new Set(['invalid_otp', 'invalid_authentication_data'])

function refusal({ error, error_description }: z.infer<typeof errorSchema>): Refused {
  if (WRONG_CODE.has(error))
    return new Refused('OTP_ERRATO', 'Expected the code sent to the signer, but it is another or too old.')
  if (/locked|disabled/i.test(error_description))
    return new Refused('CREDENZIALE_BLOCCATA', 'Expected the credential to be open, but it is locked.')
  if (/certificate is expired/i.test(error_description))
    return new Refused('CERTIFICATO_SCADUTO', 'Expected the certificate to be valid, but it is expired.')
  return new Refused(error, `The signing service refused: ${error}.`)
}
