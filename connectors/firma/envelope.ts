/**
 * A CAdES envelope around any file (.p7m). What is prepared is the envelope with an empty signature, so that a repeat signs the same bytes:
 * when it says it was signed is among them.
 */
import { cmsOf, OID, type Signed, type Signer, sha256 } from './cms.ts'
import { attributeOf, claimedIn, signedDataIn } from './judge.ts'

/** `at`: when it says it was signed, epoch milliseconds, kept to the second. */
export const prepareEnvelope = (content: Uint8Array, signer: Signer, at: number): Buffer =>
  cmsOf({ signed: { hash: sha256(content), at }, signer, signature: new Uint8Array(), content })

export const isEnvelope = (prepared: Uint8Array): boolean => prepared[0] === 0x30

/** Of an envelope that was prepared here. */
export function partsOf(envelope: Uint8Array): { readonly signed: Signed; readonly content: Uint8Array } {
  const data = signedDataIn(envelope)
  const inside = data?.encapContentInfo.eContent?.getValue()
  const at = data && claimedIn(attributeOf(data, 0, OID.signingTime))
  if (!inside || !at) throw new Error('Expected an envelope prepared to be signed, but it is none.')
  const content = new Uint8Array(inside)
  return { signed: { hash: sha256(content), at: at.getTime() }, content }
}
