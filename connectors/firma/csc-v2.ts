/**
 * A signing service that speaks version 2 of the CSC's API (2.0.0.2 and later), with explicit authorisation. There is no machine-readable
 * file of that version: this follows the text.
 * Not supported: authorisation by OAuth (`oauth2code`), asynchronous signing, codes that a generator of the signer's makes.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { Refused, UnknownOutcome } from '../effect.ts'
import { OID } from './cms.ts'
import {
  afterCode,
  base64,
  type CscCall,
  cscCall,
  keySchemas,
  lookedUp,
  noCredential,
  outcomesIn,
  signaturesSchema,
  usableKey,
} from './csc.ts'
import { type CscAddress, HASHES_MAX, type SigningService } from './types.ts'

const factorSchema = z.looseObject({ type: z.string(), id: z.string() })
const infoSchema = z.object({
  ...keySchemas,
  auth: z.object({ mode: z.string(), objects: z.array(factorSchema).max(10).default([]) }),
  multisign: z.int().min(1),
})
const listSchema = z.object({
  credentialIDs: z.array(z.string()).max(100),
  credentialInfos: z
    .array(infoSchema.extend({ credentialID: z.string() }))
    .max(100)
    .optional(),
})
/** An activation, or a handle to ask after it: the authorisation is under way. */
const authorizedSchema = z.union([z.object({ SAD: z.string() }), z.object({ handle: z.string() })])

interface Known {
  readonly signAlgo: string
  /** What releases the credential, by the name it has there. */
  readonly code: string | null
  readonly pin: { readonly id: string; readonly value: string } | null
}

export function cscV2(address: CscAddress): SigningService {
  const call = cscCall(address, 'v2')
  const known = lookedUp<Known>()
  return {
    async credentialOf(holder) {
      const wanted = { certificates: 'chain', authInfo: true }
      const asked = { userID: holder, credentialInfo: true, ...wanted }
      const { credentialIDs, credentialInfos } = await call('credentials/list', asked, listSchema)
      const [id] = credentialIDs
      if (id === undefined) throw noCredential(holder)
      // A service may leave the second list out.
      const listed = credentialInfos?.find(({ credentialID }) => credentialID === id)
      const info = listed ?? (await call('credentials/info', { credentialID: id, ...wanted }, infoSchema))
      const { signAlgo, ...key } = usableKey(id, info)
      if (info.auth.mode !== 'explicit')
        throw new Refused('AUTORIZZAZIONE_IGNOTA', `Expected explicit authorisation, but it is ${info.auth.mode}.`)
      const idOf = (type: string) => info.auth.objects.find((factor) => factor.type === type)?.id ?? null
      const code = idOf('ChallengeResponse')
      known.set(id, { signAlgo, code, pin: pinOf(idOf('Password'), address.pins[holder]) })
      return { ...key, otp: code !== null, atOnce: Math.min(info.multisign, HASHES_MAX) }
    },
    async sendOtp(credentialID) {
      const { code } = known.get(credentialID)
      if (code === null)
        throw new Refused('CODICE_NON_RICHIESTO', `Expected ${credentialID} to be released by a code, but it is not.`)
      await call('credentials/getChallenge', { credentialID, authObjectID: code }, z.unknown())
    },
    async sign({ credential: { id: credentialID }, hashes: asked, otp }) {
      const { signAlgo, code, pin } = known.get(credentialID)
      const hashes = asked.map(base64)
      const authData = [
        ...(pin === null ? [] : [pin]),
        ...(code === null || otp === undefined ? [] : [{ id: code, value: otp }]),
      ]
      const of = { credentialID, hashes, hashAlgorithmOID: OID.sha256 }
      const release = { ...of, numSignatures: hashes.length, authData }
      const authorised = await call('credentials/authorize', release, authorizedSchema).catch((error: unknown) => {
        throw otp === undefined ? ofPin(error) : error
      })
      const SAD = await afterCode(otp, activation(call, authorised))
      const signed = await afterCode(otp, call('signatures/signHash', { ...of, SAD, signAlgo }, signaturesSchema))
      return outcomesIn(signed, hashes.length)
    },
  }
}

const pinOf = (id: string | null, value: string | undefined): Known['pin'] =>
  id === null || value === undefined ? null : { id, value }

/** One refusal stands for whatever was given wrong; without a code it was the PIN. */
const ofPin = (error: unknown): unknown =>
  error instanceof Refused && error.code === 'OTP_ERRATO'
    ? new Refused('invalid_pin', 'Expected the PIN of the credential, but it is another.')
    : error

const CHECKS_MAX = 10
const CHECK_PAUSE_MS = 500

async function activation(call: CscCall, authorised: z.infer<typeof authorizedSchema>): Promise<string> {
  let now = authorised
  for (let checks = 0; checks < CHECKS_MAX && 'handle' in now; checks++) {
    if (checks > 0) await delay(CHECK_PAUSE_MS)
    now = await call('credentials/authorizeCheck', { handle: now.handle }, authorizedSchema)
  }
  if ('SAD' in now) return now.SAD
  throw new UnknownOutcome('Expected the authorisation to end, but it is still under way.')
}
