/** Signatures on documents: prepared here, made by whoever holds the key, put in place and verified here. */
import { openApart } from '../apart.ts'
import { cmsOf, hashToSign, isSignatureOf } from './cms.ts'
import { embed, hashOfPrepared, type Signing } from './pades.ts'
import type { tasks } from './thread.ts'
import type { Credential, HashOutcome, SigningService } from './types.ts'
import type { Verification } from './verify.ts'

export interface DocumentSigner extends Pick<SigningService, 'credentialOf' | 'sendOtp'> {
  /** The PDF with an empty signature, once and for all: who signs it again signs the same. Refused: `NotSignable`. */
  prepare(pdf: Uint8Array, signing: Signing): Promise<Uint8Array>
  /** SHA-256 of what is signed of a prepared document. Throws where nothing was prepared. */
  hashOf(prepared: Uint8Array): Uint8Array
  /**
   * Signs documents by their hashes, all under one authorisation: what became of each, in their order. A signature that is not the key's
   * over that document is `refused`: `FIRMA_ESTRANEA`. Rejects as `SigningService.sign`.
   */
  sign(hashes: readonly Uint8Array[], credential: Credential, otp?: string): Promise<readonly HashOutcome[]>
  /** The prepared document with its signature in place: PAdES B-B. */
  complete(prepared: Uint8Array, credential: Credential, signature: Uint8Array): Promise<Uint8Array>
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
    hashOf: hashOfPrepared,
    async sign(hashes, credential, otp) {
      const outcomes = await service.sign({
        credential,
        hashes: hashes.map((hash) => hashToSign(hash, credential)),
        otp,
      })
      return outcomes.map((outcome, index) => {
        const isStrange = outcome.kind === 'signed' && !isSignatureOf(outcome.signature, hashes[index]!, credential)
        return isStrange ? { kind: 'refused', code: 'FIRMA_ESTRANEA' } : outcome
      })
    },
    complete: async (prepared, credential, signature) =>
      embed(prepared, cmsOf(hashOfPrepared(prepared), credential, signature)),
    verify: (document, at) => apart.run('verify', { document, options: { trusted, at } }),
    close: () => apart.close(),
  }
}
