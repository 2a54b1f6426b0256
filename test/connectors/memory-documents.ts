/** The documents of one process, for tests that need no database. */
import { pass } from '../../connectors/documents/content.ts'
import type { DocumentStore, StoredDocument } from '../../connectors/documents/store.ts'

export function memoryDocuments(now: () => number): DocumentStore {
  const documents = new Map<string, StoredDocument & { readonly key?: string; readonly content: Buffer }>()
  const all = () => [...documents.values()]
  const isUnsent = ({ pratica, key }: ReturnType<typeof all>[number]) => pratica === null && key === undefined
  const described = ({ key: _, content: __, ...document }: ReturnType<typeof all>[number]): StoredDocument => document
  return {
    async put(content, description, key) {
      const known = all().find((document) => key !== undefined && document.key === key)
      if (known) return described(known)
      const pieces: Buffer[] = []
      const passed = await pass(content, async (piece) => void pieces.push(piece))
      const document = {
        ...{ ...description, ...passed, id: crypto.randomUUID(), creato: new Date(now()).toISOString() },
        ...{ key, content: Buffer.concat(pieces), sostituisce: description.sostituisce ?? null },
      }
      documents.set(document.id, document)
      return described(document)
    },
    async madeBy(key) {
      const found = all().find((document) => document.key === key)
      return found ? described(found) : null
    },
    async describe(id) {
      const found = documents.get(id)
      return found ? described(found) : null
    },
    read: async (id) => documents.get(id)?.content ?? null,
    ofPractice: async (pratica) =>
      all()
        .filter((document) => document.pratica === pratica)
        .map(described),
    async assign(ids, pratica) {
      for (const id of ids) {
        const found = documents.get(id)
        if (found && found.pratica === null) documents.set(id, { ...found, pratica })
      }
    },
    remove: async (id) => void documents.delete(id),
    unsent: async (before, after, limit) =>
      all()
        .filter((document) => isUnsent(document) && Date.parse(document.creato) < before.getTime())
        .map(({ id }) => id)
        .sort()
        .filter((id) => after === null || id > after)
        .slice(0, limit),
    async removeUnsent(ids) {
      const gone = all().filter((document) => ids.includes(document.id) && isUnsent(document))
      for (const { id } of gone) documents.delete(id)
      return gone.length
    },
  }
}
