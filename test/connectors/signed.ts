/** Signing as the workers do it, in one step, for tests. */
import assert from 'node:assert/strict'
import type { Signing } from '../../connectors/firma/pades.ts'
import type { DocumentSigner } from '../../connectors/firma/signer.ts'
import type { HashOutcome, SigningService, SignRequest } from '../../connectors/firma/types.ts'

export function signatureIn(outcome: HashOutcome | undefined): Uint8Array {
  assert.equal(outcome?.kind, 'signed', JSON.stringify(outcome))
  return outcome?.kind === 'signed' ? outcome.signature : new Uint8Array()
}

/** The PDF, signed by whoever's credential needs no code. */
export async function signedPdf(signer: DocumentSigner, pdf: Uint8Array, signing: Signing): Promise<Buffer> {
  const prepared = await signer.prepare(pdf, signing)
  const [outcome] = await signer.sign([signer.toSign(prepared, signing.credential)], signing.credential)
  return Buffer.from(await signer.complete(prepared, signing.credential, signatureIn(outcome)))
}

/** One hash alone. */
export async function signOne(
  service: SigningService,
  { hash, ...request }: Omit<SignRequest, 'hashes'> & { readonly hash: Uint8Array },
): Promise<Uint8Array> {
  const [outcome, ...more] = await service.sign({ ...request, hashes: [hash] })
  assert.deepEqual(more, [])
  return signatureIn(outcome)
}
