/**
 * One document, however many versions of it are kept: sealing or signing a document makes another one, and the one that it was made of
 * stays. Owns which of them is valid: the one that no other replaces. What replaces what, the document store knows. Pure.
 */
import type { Replaced, StoredDocument } from '../../connectors/documents/store.ts'

/** What a later version was made of. */
export interface Earlier extends Pick<Replaced, 'senza'> {
  readonly document: StoredDocument
}
export interface Valid {
  readonly document: StoredDocument
  /** The one before first. */
  readonly earlier: readonly Earlier[]
}

/** Of all documents of one practice those that are valid, in their order. */
export function validOnes(documents: readonly StoredDocument[]): readonly Valid[] {
  const byId = new Map(documents.map((document) => [document.id, document]))
  const replaced = new Set(documents.flatMap(({ sostituisce }) => sostituisce?.documento ?? []))
  return documents
    .filter(({ id }) => !replaced.has(id))
    .map((document) => ({ document, earlier: earlierThan(document, byId) }))
}

function earlierThan({ sostituisce }: StoredDocument, byId: ReadonlyMap<string, StoredDocument>): readonly Earlier[] {
  const document = sostituisce === null ? undefined : byId.get(sostituisce.documento)
  if (sostituisce === null || document === undefined) return []
  return [{ document, senza: sostituisce.senza }, ...earlierThan(document, byId)]
}

/** Whoever is to have a document has its valid version, whichever of them was named. */
export function validOf(documents: readonly StoredDocument[], ids: ReadonlySet<string>): readonly StoredDocument[] {
  return validOnes(documents)
    .filter(({ document, earlier }) => [document, ...earlier.map((one) => one.document)].some(({ id }) => ids.has(id)))
    .map(({ document }) => document)
}
