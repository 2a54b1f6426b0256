/** A signing service that speaks version 1.0.4 of the CSC's API (its OpenAPI file is of 1.0.3.0). */
import { z } from 'zod'
import { OID } from './cms.ts'
import {
  afterCode,
  base64,
  cscCall,
  keySchemas,
  lookedUp,
  noCredential,
  outcomesIn,
  signaturesSchema,
  usableKey,
} from './csc.ts'
import { type CscAddress, HASHES_MAX, type SigningService } from './types.ts'

const listSchema = z.object({ credentialIDs: z.array(z.string()).max(100) })
const infoSchema = z.object({
  ...keySchemas,
  OTP: z.object({ presence: z.string().optional() }).optional(),
  multisign: z.boolean(),
})
const sadSchema = z.object({ SAD: z.string() })

export function cscV1(address: CscAddress): SigningService {
  const call = cscCall(address, 'v1')
  const known = lookedUp<{ readonly pin: string | undefined; readonly signAlgo: string }>()
  return {
    async credentialOf(holder) {
      const { credentialIDs } = await call('credentials/list', { userID: holder }, listSchema)
      const [id] = credentialIDs
      if (id === undefined) throw noCredential(holder)
      const info = await call('credentials/info', { credentialID: id, certificates: 'chain' }, infoSchema)
      const { signAlgo, ...key } = usableKey(id, info)
      known.set(id, { signAlgo, pin: address.pins[holder] })
      // It says whether, not how many.
      return { ...key, otp: info.OTP?.presence === 'true', atOnce: info.multisign ? HASHES_MAX : 1 }
    },
    async sendOtp(credentialID) {
      await call('credentials/sendOTP', { credentialID }, z.unknown())
    },
    async sign({ credential: { id: credentialID }, hashes, otp }) {
      const { pin, signAlgo } = known.get(credentialID)
      const hash = hashes.map(base64)
      const release = { ...(pin !== undefined && { PIN: pin }), ...(otp !== undefined && { OTP: otp }) }
      const asked = { credentialID, numSignatures: hash.length, hash, ...release }
      const { SAD } = await call('credentials/authorize', asked, sadSchema)
      const request = { credentialID, SAD, hash, hashAlgo: OID.sha256, signAlgo }
      return outcomesIn(await afterCode(otp, call('signatures/signHash', request, signaturesSchema)), hash.length)
    },
  }
}
