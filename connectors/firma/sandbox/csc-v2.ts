/**
 * The service as version 2 of the CSC's API has it (2.0.0.2 and later). There is no machine-readable file of that version: this follows the
 * text. A person's code is a challenge sent elsewhere and answered here; the seal's authorisation takes a moment (202 with a handle), as
 * the text lets it.
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { json } from '../../sandbox.ts'
import { OID } from '../cms.ts'
import { answered, EMPTY, invalid, type Operations, ofCredential } from './csc.ts'
import { HOLDERS, type Holder } from './holders.ts'
import { credentialIdOf, SAD_LIFE_MS, type Vault } from './vault.ts'

/** Plain RSA: which digest it is of must be said. */
const RSA = '1.2.840.113549.1.1.1'
const hashed = { hashes: z.array(z.base64()).min(1), hashAlgorithmOID: z.literal(OID.sha256) }
const authorizeSchema = z.object({
  ...hashed,
  numSignatures: z.int().min(1),
  authData: z.array(z.object({ id: z.enum(['PIN', 'OTP']), value: z.string() })),
})
const signSchema = z.object({ ...hashed, SAD: z.string(), signAlgo: z.literal(RSA) })
const ERRORS = { 'wrong PIN': 'invalid_authentication_data', 'wrong code': 'invalid_authentication_data' } as const

const factorOf = ({ release }: Holder) =>
  release === 'otp'
    ? { type: 'ChallengeResponse', id: 'OTP', format: 'N', label: 'OTP' }
    : { type: 'Password', id: 'PIN', format: 'N', label: 'PIN' }

async function infoOf(vault: Vault, holder: Holder) {
  const factor = factorOf(holder)
  return {
    key: { status: vault.isEnabled(holder) ? 'enabled' : 'disabled', algo: [RSA], len: 2048 },
    cert: { status: vault.isExpired(holder) ? 'expired' : 'valid', certificates: await vault.keys.chainOf(holder) },
    auth: { mode: 'explicit', expression: factor.id, objects: [factor] },
    SCAL: '2',
    multisign: holder.atOnce,
    lang: 'it-IT',
  }
}

/** `handles`: activations that are not ready yet, kept by whoever runs the service. */
export const cscV2 = (handles: Map<string, string>): Operations => ({
  'credentials/list': async (vault, body) => {
    const asked = z.object({ userID: z.string(), credentialInfo: z.boolean().optional() }).safeParse(body)
    if (!asked.success) return invalid('Missing userID')
    const own = HOLDERS.filter(({ userId }) => userId === asked.data.userID)
    const infos = async () =>
      Promise.all(
        own.map(async (holder) => ({ credentialID: credentialIdOf(holder), ...(await infoOf(vault, holder)) })),
      )
    return json(200, {
      credentialIDs: own.map(credentialIdOf),
      ...(asked.data.credentialInfo && { credentialInfos: await infos() }),
    })
  },
  'credentials/info': ofCredential(z.unknown(), async (vault, holder) => json(200, await infoOf(vault, holder))),
  'credentials/getChallenge': ofCredential(z.object({ authObjectID: z.string() }), (vault, holder, { authObjectID }) =>
    holder.release === 'otp' && authObjectID === 'OTP'
      ? answered(vault.sendCode(holder), () => EMPTY)
      : invalid('Invalid parameter authObjectID'),
  ),
  'credentials/authorize': ofCredential(authorizeSchema, (vault, holder, { hashes, numSignatures, authData }) => {
    const given = (id: string) => authData.find((each) => each.id === id)?.value
    const result = vault.authorise(holder, { hashes, numSignatures, pin: given('PIN'), otp: given('OTP') })
    return answered(
      result,
      (SAD) => {
        if (holder.release === 'otp') return json(200, { SAD, expiresIn: SAD_LIFE_MS / 1000 })
        const handle = randomUUID()
        handles.set(handle, SAD)
        return json(202, { handle })
      },
      ERRORS,
    )
  }),
  'credentials/authorizeCheck': (_, body) => {
    const asked = z.object({ handle: z.string() }).safeParse(body)
    const SAD = handles.get(asked.data?.handle ?? '')
    if (SAD === undefined) return invalid('Invalid parameter handle')
    handles.delete(asked.data!.handle)
    return json(200, { SAD, expiresIn: SAD_LIFE_MS / 1000 })
  },
  'signatures/signHash': ofCredential(signSchema, async (vault, holder, { SAD, hashes }) =>
    answered(await vault.sign(holder, SAD, hashes), (signatures) => json(200, { signatures })),
  ),
})
