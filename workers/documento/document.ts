/** What variables know of a document: never its content. */
import { z } from 'zod'
import type { DocumentStore, StoredDocument } from '../../connectors/documents/store.ts'
import { Refused } from '../../connectors/effect.ts'

export const documentSchema = z
  .object({
    id: z.string().meta({
      title: 'Identificativo',
      description: 'Identificativo del documento.',
      examples: ['3f2b7c1e-8a4d-4c7e-9b1a-5d6e7f809a1b'],
    }),
    nome: z.string().meta({ title: 'Nome', description: 'Nome del file.', examples: ['Ricevuta.pdf'] }),
    tipo: z.string().meta({ title: 'Tipo', description: 'Tipo di contenuto.', examples: ['application/pdf'] }),
    impronta: z.string().meta({
      title: 'Impronta',
      description: 'SHA-256 del contenuto, in base64.',
      examples: ['47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
    }),
  })
  .meta({ title: 'Documento', description: 'Il documento, senza il contenuto.' })
export type DocumentOfPractice = z.infer<typeof documentSchema>

/** A document that is read: what else is known of it does no harm. */
export const documentInputSchema = z
  .looseObject({ id: documentSchema.shape.id })
  .meta({ title: 'Documento', description: 'Il documento da usare.', feel: 'documento' })

export const withoutContent = ({ id, nome, tipo, impronta }: StoredDocument): DocumentOfPractice => ({
  id,
  nome,
  tipo,
  impronta,
})

export interface ReadDocument extends StoredDocument {
  readonly content: Uint8Array
}

/** A document of that practice, with its content. Rejects with `Refused` when there is none: an id comes from variables, and a person may have typed it. */
export async function documentOf(documents: DocumentStore, id: string, pratica: string): Promise<ReadDocument> {
  const described = await documents.describe(id)
  const content = described?.pratica === pratica ? await documents.read(id) : null
  if (described && content) return { ...described, content }
  throw new Refused('DOCUMENTO_ASSENTE', `Expected document ${id} among those of practice ${pratica}, but it is not.`)
}

const NAME_MAX = 120

/** A file name that is one anywhere: no path, no control character, and the right ending. */
export function fileName(name: string, ending: string): string {
  const plain = name
    .replaceAll(/[\p{Cc}/\\:*?"<>|]+/gu, '-')
    .trim()
    .slice(0, NAME_MAX)
  return plain.toLowerCase().endsWith(ending) ? plain : `${plain}${ending}`
}
