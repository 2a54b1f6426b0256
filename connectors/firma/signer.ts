/** Signatures on documents: prepared here, made by whoever holds the key, put in place and verified here. */
import { openApart } from '../apart.ts'
import { cmsOf, hashToSign } from './cms.ts'
import { embed, hashOfPrepared, type Signing } from './pades.ts'
import type { tasks } from './thread.ts'
import type { Credential, SigningService } from './types.ts'
import type { Verification } from './verify.ts'

export interface DocumentSigner extends Pick<SigningService, 'credentialOf' | 'sendOtp'> {
  /** The PDF with an empty signature, once and for all: who signs it again signs the same. Refused: `NotSignable`. */
  prepare(pdf: Uint8Array, signing: Signing): Promise<Uint8Array>
  /** Signs what was prepared: PAdES B-B. Rejects as `SigningService.sign`. */
  sign(prepared: Uint8Array, credential: Credential, otp?: string): Promise<Uint8Array>
  /** Certificates must have been valid at that instant, epoch milliseconds. */
  verify(document: Uint8Array, at: number): Promise<Verification>
  close(): Promise<void>
}

export function documentSigner(service: SigningService, authorities: readonly string[]): DocumentSigner {
  const apart = openApart<typeof tasks>(new URL('./thread.ts', import.meta.url))
  const trusted = authorities.map((der) => Buffer.from(der, 'base64'))
  return {
    credentialOf: service.credentialOf,
    sendOtp: service.sendOtp,
    prepare: (pdf, signing) => apart.run('prepare', { pdf, signing }),
    async sign(prepared, credential, otp) {
      const hash = hashOfPrepared(prepared)
      const signature = await service.sign({ credential, hash: hashToSign(hash, credential), otp })
      return embed(prepared, cmsOf(hash, credential, signature))
    },
    verify: (document, at) => apart.run('verify', { document, options: { trusted, at } }),
    close: () => apart.close(),
  }
}
