/** Signatures on documents: prepared here, made by whoever holds the key, put in place, stamped with the time and verified here. */
import { openApart } from '../apart.ts'
import { cmsOf, isSignatureOf, type Signed, sha256, TOKEN_BYTES_MAX, toBeSigned } from './cms.ts'
import { isEnvelope, partsOf, prepareEnvelope } from './envelope.ts'
import { embed, hashOfPrepared, type Signing } from './pades.ts'
import type { tasks } from './thread.ts'
import type { Credential, HashOutcome, SigningService, TimestampAuthority } from './types.ts'
import type { Verification } from './verify.ts'

export interface DocumentSigner extends Pick<SigningService, 'credentialOf' | 'sendOtp'> {
  /** The PDF with an empty signature, once and for all: who signs it again signs the same. Refused: `NotSignable`. */
  prepare(pdf: Uint8Array, signing: Signing): Promise<Uint8Array>
  /** Any file in an envelope with an empty signature, the same way. `at`: when it says it was signed, epoch milliseconds. */
  prepareEnvelope(content: Uint8Array, credential: Credential, at: number): Uint8Array
  /** What the key signs of a prepared document. Throws where nothing was prepared. */
  toSign(prepared: Uint8Array, credential: Credential): Uint8Array
  /**
   * Signs all under one authorisation: what became of each, in their order. A signature that is not the key's over those bytes is
   * `refused`: `FIRMA_ESTRANEA`. Rejects as `SigningService.sign`.
   */
  sign(toSign: readonly Uint8Array[], credential: Credential, otp?: string): Promise<readonly HashOutcome[]>
  /**
   * The prepared document with its signature in place: PAdES or CAdES, of level T where there is a time-stamping authority, else B. Rejects
   * as `TimestampAuthority.stamp`; what was signed may be completed again.
   */
  complete(prepared: Uint8Array, credential: Credential, signature: Uint8Array): Promise<Uint8Array>
  /** Certificates must have been valid when their signature was stamped, else at that instant, epoch milliseconds. */
  verify(document: Uint8Array, at: number): Promise<Verification>
  close(): Promise<void>
}

export interface SignerParts {
  readonly service: SigningService
  /** DER. */
  readonly trusted: readonly Uint8Array[]
  readonly timestamps?: TimestampAuthority | undefined
}

export function documentSigner({ service, trusted, timestamps }: SignerParts): DocumentSigner {
  const apart = openApart<typeof tasks>(new URL('./thread.ts', import.meta.url))
  const room = timestamps ? TOKEN_BYTES_MAX : 0
  return {
    credentialOf: service.credentialOf,
    sendOtp: service.sendOtp,
    prepare: (pdf, signing) => apart.run('prepare', { pdf, signing, room }),
    prepareEnvelope,
    toSign: (prepared, credential) => toBeSigned(signedIn(prepared), credential),
    async sign(toSign, credential, otp) {
      const outcomes = await service.sign({ credential, hashes: toSign.map(sha256), otp })
      return outcomes.map((outcome, index) => {
        const isStrange = outcome.kind === 'signed' && !isSignatureOf(outcome.signature, toSign[index]!, credential)
        return isStrange ? { kind: 'refused', code: 'FIRMA_ESTRANEA' } : outcome
      })
    },
    async complete(prepared, credential, signature) {
      const token = await timestamps?.stamp(signature)
      const made = { signer: credential, signature, ...(token && { token }) }
      if (isEnvelope(prepared)) return cmsOf({ ...partsOf(prepared), ...made })
      return embed(prepared, cmsOf({ signed: signedIn(prepared), ...made }))
    },
    verify: (document, at) => apart.run('verify', { document, options: { trusted, at } }),
    close: () => apart.close(),
  }
}

const signedIn = (prepared: Uint8Array): Signed =>
  isEnvelope(prepared) ? partsOf(prepared).signed : { hash: hashOfPrepared(prepared) }
