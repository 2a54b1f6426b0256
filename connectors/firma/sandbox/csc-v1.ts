/** The service as version 1.0.4 of the CSC's API has it (its OpenAPI file is of 1.0.3.0). */
import { z } from 'zod'
import { json } from '../../sandbox.ts'
import { OID, SIGNATURE_OID } from '../cms.ts'
import { answered, EMPTY, invalid, type Operations, ofCredential } from './csc.ts'
import { HOLDERS } from './holders.ts'
import { credentialIdOf, SAD_LIFE_MS } from './vault.ts'

const authorizeSchema = z.object({
  numSignatures: z.int().min(1),
  hash: z.array(z.base64()),
  PIN: z.string().optional(),
  OTP: z.string().optional(),
})
const signSchema = z.object({
  SAD: z.string(),
  hash: z.array(z.base64()).min(1),
  hashAlgo: z.literal(OID.sha256).optional(),
  signAlgo: z.literal(SIGNATURE_OID.RSA),
})

export const CSC_V1: Operations = {
  'credentials/list': (_, body) => {
    const asked = z.object({ userID: z.string() }).safeParse(body)
    if (!asked.success) return invalid('Missing userID')
    return json(200, {
      credentialIDs: HOLDERS.filter(({ userId }) => userId === asked.data.userID).map(credentialIdOf),
    })
  },
  'credentials/info': ofCredential(z.unknown(), async (vault, holder) => {
    const isOtp = holder.release === 'otp'
    return json(200, {
      key: { status: vault.isEnabled(holder) ? 'enabled' : 'disabled', algo: [SIGNATURE_OID.RSA], len: 2048 },
      cert: {
        status: vault.isExpired(holder) ? 'expired' : 'valid',
        certificates: await vault.keys.chainOf(holder),
      },
      authMode: 'explicit',
      SCAL: '2',
      PIN: { presence: isOtp ? 'false' : 'true', format: 'A', label: 'PIN' },
      OTP: { presence: isOtp ? 'true' : 'false', type: 'online', format: 'N', label: 'OTP' },
      multisign: holder.atOnce > 1,
      lang: 'it-IT',
    })
  }),
  'credentials/sendOTP': ofCredential(z.unknown(), (vault, holder) => answered(vault.sendCode(holder), () => EMPTY)),
  'credentials/authorize': ofCredential(authorizeSchema, (vault, holder, { numSignatures, hash, PIN: pin, OTP: otp }) =>
    answered(vault.authorise(holder, { numSignatures, hashes: hash, pin, otp }), (SAD) =>
      json(200, { SAD, expiresIn: SAD_LIFE_MS / 1000 }),
    ),
  ),
  'signatures/signHash': ofCredential(signSchema, async (vault, holder, { SAD, hash }) =>
    answered(await vault.sign(holder, SAD, hash), (signatures) => json(200, { signatures })),
  ),
}
