/**
 * What must hold of signatures, by the signing service's journal: each act signed once by its signer, none lost, and no code tried that a
 * person did not write.
 */
import type { Journals } from './journals.ts'

export interface SignatureEvidence {
  readonly journals: Pick<Journals, 'firma'>
  /** How many acts each signer was to sign. */
  readonly acts: Readonly<Record<string, number>>
  /** How many codes each signer wrote. */
  readonly codes: Readonly<Record<string, number>>
}

export const wrongSignatures = (evidence: SignatureEvidence): readonly string[] => {
  const signers = new Set([...Object.keys(evidence.acts), ...Object.keys(evidence.codes)])
  return [...signers].flatMap((signer) => [...signedBy(signer, evidence), ...triedBy(signer, evidence)])
}

/** The same key over the same hash is the same signature, however often it is asked for. */
function signedBy(signer: string, { journals, acts }: SignatureEvidence): readonly string[] {
  const hashes = journals.firma.flatMap((line) =>
    line.kind === 'signed' && line.credentialID === credentialOf(signer) ? [line.hash] : [],
  )
  const [signed, expected] = [new Set(hashes).size, acts[signer] ?? 0]
  if (signed === expected) return []
  return [`${signer}: ${signed} signatures for ${expected} acts: ${signed > expected ? 'signed twice' : 'lost'}`]
}

function triedBy(signer: string, { journals, codes }: SignatureEvidence): readonly string[] {
  const tried = journals.firma.filter(
    ({ kind, credentialID }) => (kind === 'wrong' || kind === 'released') && credentialID === credentialOf(signer),
  ).length
  const written = codes[signer] ?? 0
  return tried <= written ? [] : [`${signer}: ${tried} codes tried, of which people wrote ${written}`]
}

const credentialOf = (signer: string): string => `cred.${signer}`
