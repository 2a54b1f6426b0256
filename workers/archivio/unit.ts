/** A practice as the preservation service takes it: what it was, as data, then every document of it. */
import type { Unit, UnitDocument, UnitKey } from '../../connectors/conservazione/types.ts'
import { DEPOSIT_BYTES_MAX } from '../../connectors/conservazione/types.ts'
import type { DocumentStore, StoredDocument } from '../../connectors/documents/store.ts'
import { Refused } from '../../connectors/effect.ts'
import type { Town } from '../../processes/town.ts'
import { legalDay } from '../termini/terms.ts'

/** Receipts of deposit are the practice's, but not part of what is deposited. */
const RECEIPT = 'rapporto-di-versamento'
export const receiptName = ({ numero, anno }: UnitKey): string => `${RECEIPT}-${numero}-${anno}.xml`

export interface Practice {
  readonly pratica: { readonly id: string; readonly tipo?: string | null | undefined }
  readonly chiave: UnitKey & { readonly data: string }
  readonly documento?: unknown
  readonly fascicolo?:
    | { readonly codice: string; readonly classifica: string; readonly oggetto: string }
    | null
    | undefined
}

/** Throws `Refused` when the documents are more than one deposit carries. */
export async function unitOf(
  documents: Pick<DocumentStore, 'ofPractice' | 'read'>,
  { procedimenti }: Pick<Town, 'procedimenti'>,
  { pratica, chiave, documento, fascicolo }: Practice,
): Promise<Unit> {
  const { numero, anno, registro, data } = chiave
  const procedure = procedimenti.find(({ id }) => id === pratica.tipo)
  const tipologia = procedure?.nome ?? pratica.tipo ?? 'Pratica'
  const kept = (await documents.ofPractice(pratica.id)).filter(({ nome }) => !nome.startsWith(RECEIPT))
  const principale = {
    ...{ id: 'pratica', tipo: 'PRATICA', nomeFile: `pratica-${numero}-${anno}.json`, formato: 'JSON' },
    contenuto: new TextEncoder().encode(JSON.stringify(documento ?? null)),
  }
  refuseTooMuch([principale.contenuto.byteLength, ...kept.map(({ byte }) => byte)])
  return {
    ...{ chiave: { numero, anno, registro }, tipologia, data: legalDay(data).toString() },
    oggetto: `${tipologia}, protocollo ${numero}/${anno}`,
    fascicolo: fascicolo
      ? { identificativo: fascicolo.codice, oggetto: fascicolo.oggetto, classifica: fascicolo.classifica }
      : { identificativo: pratica.id, oggetto: tipologia },
    // Without a rule nothing is thrown away.
    conservazioneAnni: procedure?.conservazioneAnni ?? null,
    principale,
    allegati: await Promise.all(kept.map((document) => attachment(documents, document))),
  }
}

function refuseTooMuch(bytes: readonly number[]): void {
  const sum = bytes.reduce((total, each) => total + each, 0)
  if (sum > DEPOSIT_BYTES_MAX)
    throw new Refused('TROPPO-GRANDE', `I documenti sono ${sum} byte, un versamento ne porta ${DEPOSIT_BYTES_MAX}`)
}

async function attachment(
  documents: Pick<DocumentStore, 'read'>,
  { id, nome, tipo }: StoredDocument,
): Promise<UnitDocument> {
  const content = await documents.read(id)
  if (!content) throw new Error(`Expected document ${id} of the practice to have content, but it has none.`)
  return { id, tipo: 'ALLEGATO', nomeFile: nome, formato: formatOf(nome, tipo), contenuto: new Uint8Array(content) }
}

/** By the end of the name, else by the media type: `PDF`, `P7M`, `XML`. */
function formatOf(nome: string, tipo: string): string {
  const ending = /\.([A-Za-z0-9]{1,10})$/.exec(nome)?.[1]
  return (ending ?? tipo.slice(tipo.lastIndexOf('/') + 1)).toUpperCase()
}
