/** Client of a remote signing service that speaks the Cloud Signature Consortium's API, version 1.0.4 (the OpenAPI file is of 1.0.3.0). */
import { z } from 'zod'
import { Refused, Unavailable, UnknownOutcome } from '../effect.ts'
import { exchange } from '../http.ts'
import { OID, SIGNATURE_OID } from './cms.ts'
import { type Credential, HASHES_MAX, type KeyAlgorithm, type SigningService, type SigningSettings } from './types.ts'

const listSchema = z.object({ credentialIDs: z.array(z.string()).max(100) })
const infoSchema = z.object({
  key: z.object({ status: z.string(), algo: z.array(z.string()) }),
  cert: z.object({ status: z.string().optional(), certificates: z.array(z.base64()).min(1).max(10) }),
  OTP: z.object({ presence: z.string().optional() }).optional(),
  multisign: z.boolean(),
})
const sadSchema = z.object({ SAD: z.string() })
const signaturesSchema = z.object({ signatures: z.array(z.base64()).max(HASHES_MAX) })
const errorSchema = z.object({ error: z.string(), error_description: z.string().default('') })

export interface SigningAddress extends Omit<SigningSettings, 'autorita'> {
  readonly timeoutMs?: number
}

export function signingService({ url, token, pins, timeoutMs = 15_000 }: SigningAddress): SigningService {
  const pinOf = new Map<string, string>()
  const call = async <T>(path: string, body: object, schema: z.ZodType<T>): Promise<T> => {
    const { status, text } = await exchange({
      method: 'POST',
      url: new URL(`/csc/v1/${path}`, url),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      timeoutMs,
      answers: [400],
    })
    if (status === 400) throw refusal(read(text, errorSchema, path))
    return read(text, schema, path)
  }
  return {
    async credentialOf(holder) {
      const { credentialIDs } = await call('credentials/list', { userID: holder }, listSchema)
      const [id] = credentialIDs
      if (id === undefined)
        throw new Refused('CREDENZIALE_ASSENTE', `Expected a credential of ${holder}, but there is none.`)
      const pin = pins[holder]
      if (pin !== undefined) pinOf.set(id, pin)
      const info = await call('credentials/info', { credentialID: id, certificates: 'chain' }, infoSchema)
      return credentialIn(id, info)
    },
    async sendOtp(credentialID) {
      await call('credentials/sendOTP', { credentialID }, z.unknown())
    },
    async sign({ credential: { id: credentialID, algorithm }, hashes, otp }) {
      const hash = hashes.map((each) => Buffer.from(each).toString('base64'))
      const pin = pinOf.get(credentialID)
      const release = { ...(pin !== undefined && { PIN: pin }), ...(otp !== undefined && { OTP: otp }) }
      const asked = { credentialID, numSignatures: hash.length, hash, ...release }
      const { SAD } = await call('credentials/authorize', asked, sadSchema)
      const request = { credentialID, SAD, hash, hashAlgo: OID.sha256, signAlgo: SIGNATURE_OID[algorithm] }
      const signing = call('signatures/signHash', request, signaturesSchema)
      const { signatures } = await (otp === undefined ? signing : signing.catch(codeTaken))
      if (signatures.length !== hash.length)
        throw new UnknownOutcome(`Expected ${hash.length} signatures, but the service answered ${signatures.length}.`)
      return signatures.map((each) => ({ kind: 'signed', signature: Buffer.from(each, 'base64') }))
    },
  }
}

/** The code was taken by the authorisation, so that the call cannot simply be made again. */
function codeTaken(error: unknown): never {
  if (error instanceof Unavailable) throw new UnknownOutcome(`${error.message}, after the code was taken.`)
  throw error
}

function read<T>(text: string, schema: z.ZodType<T>, path: string): T {
  try {
    return schema.parse(text === '' ? undefined : JSON.parse(text))
  } catch {
    throw new UnknownOutcome(`The signing service answered ${path} with something that is not what it says it answers.`)
  }
}

function credentialIn(id: string, { key, cert, OTP, multisign }: z.infer<typeof infoSchema>): Credential {
  if (key.status !== 'enabled')
    throw new Refused('CREDENZIALE_BLOCCATA', `Expected credential ${id} to be enabled, but it is not.`)
  if (cert.status !== undefined && cert.status !== 'valid')
    throw new Refused(
      'CERTIFICATO_SCADUTO',
      `Expected the certificate of credential ${id} to be valid, but it is ${cert.status}.`,
    )
  const algorithms = Object.entries(SIGNATURE_OID) as [KeyAlgorithm, string][]
  const algorithm = algorithms.find(([, oid]) => key.algo.includes(oid))?.[0]
  if (!algorithm)
    throw new Refused('ALGORITMO_IGNOTO', `Expected credential ${id} to sign with RSA or ECDSA, but it does not.`)
  const certificates = cert.certificates.map((certificate) => Buffer.from(certificate, 'base64'))
  // It says whether, not how many.
  return { id, algorithm, certificates, otp: OTP?.presence === 'true', atOnce: multisign ? HASHES_MAX : 1 }
}

function refusal({ error, error_description }: z.infer<typeof errorSchema>): Refused {
  if (error === 'invalid_otp')
    return new Refused('OTP_ERRATO', 'Expected the code sent to the signer, but it is another or too old.')
  if (/locked|disabled/i.test(error_description))
    return new Refused('CREDENZIALE_BLOCCATA', 'Expected the credential to be open, but it is locked.')
  if (/expired/i.test(error_description))
    return new Refused('CERTIFICATO_SCADUTO', 'Expected the certificate to be valid, but it is expired.')
  return new Refused(error, `The signing service refused: ${error}.`)
}
