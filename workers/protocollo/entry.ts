/** What a diagram says of a registration, made into an entry of the register: its documents are real ones of the practice. */
import { z } from 'zod'
import type { DocumentStore, StoredDocument } from '../../connectors/documents/store.ts'
import type { Connectors } from '../../connectors/index.ts'
import { CONTENT_BYTES_MAX, type Contents, type Entry, type ProtocolNumber } from '../../connectors/protocollo/types.ts'
import type { Town } from '../../processes/town.ts'
import { practiceSchema } from '../worker.ts'

const DOCUMENTS_MAX = 200

/** Told before it is transformed: a schema's examples are of what is given to it. */
const optionalText = (told: z.GlobalMeta) =>
  z
    .string()
    .nullish()
    .meta(told)
    .transform((text) => text ?? undefined)
const DIRECTIONS = { IN: 'in arrivo', OUT: 'in partenza', INTERNO: 'interno' } as const

const fileSchema = z
  .object({
    codice: z.string().meta({ title: 'Codice', description: 'Codice del fascicolo.', examples: ['2027-XI.2-1'] }),
  })
  .meta({ title: 'Fascicolo', description: 'Il fascicolo in cui entra la registrazione, se c’è.' })

export const registrationSchema = z.object({
  pratica: practiceSchema
    .extend({
      tipo: z
        .string()
        .nullish()
        .meta({
          title: 'Tipo',
          description: 'Il procedimento, che dà la classifica.',
          examples: ['comune.anagrafe.residenza'],
        }),
      fascicolo: fileSchema.nullish(),
    })
    .meta({ title: 'Pratica', description: 'La pratica in corso.' }),
  verso: z
    .enum(['IN', 'OUT', 'INTERNO'])
    .meta({ title: 'Verso', description: 'Se arriva, parte o resta.', choices: DIRECTIONS }),
  oggetto: z
    .string()
    .min(1)
    .max(4000)
    .meta({ title: 'Oggetto', description: 'Di che si tratta.', examples: ['Dichiarazione di residenza'] }),
  corrispondente: z
    .object({
      nome: z
        .string()
        .meta({ title: 'Nome', description: 'Nome e cognome, o denominazione.', examples: ['Mario Rossi'] }),
      codiceFiscale: optionalText({
        title: 'Codice fiscale',
        description: 'Codice fiscale.',
        examples: ['RSSMRA85C01G273I'],
      }),
      email: optionalText({
        title: 'E-mail',
        description: 'Indirizzo e-mail.',
        examples: ['mario.rossi@posta.example'],
      }),
    })
    .meta({
      title: 'Corrispondente',
      description: 'Chi manda o chi riceve.',
      feel: '{nome: richiedente.nome + " " + richiedente.cognome, codiceFiscale: richiedente.cf, email: richiedente.email}',
    }),
  documento: z.unknown().meta({
    title: 'Documento',
    description: 'Che cosa si registra: un documento della pratica (id e impronta) o dati, che ne diventano uno.',
  }),
  documenti: z
    .array(z.string())
    .max(DOCUMENTS_MAX)
    .nullish()
    .meta({
      title: 'Allegati',
      description: 'Gli id dei documenti della pratica registrati con il primo.',
      examples: [['0d3b9a52-6a57-4b5c-9d0a-2f1c3c1f7a10']],
    }),
  riferimento: z
    .string()
    .nullish()
    .meta({
      title: 'Riferimento',
      description: 'Di un tentativo precedente della stessa registrazione, dato dal suo errore; di solito manca.',
      examples: ['pratica-1/protocolla/2251799813685250'],
    }),
})
export type RegistrationInput = z.infer<typeof registrationSchema>

const numberSchema = z.object({
  numero: z.string().meta({ title: 'Numero', description: 'Almeno sette cifre; una E davanti se di emergenza.' }),
  anno: z.int().meta({ title: 'Anno', description: 'Anno di registrazione.' }),
  registro: z.string().meta({ title: 'Registro', description: 'Nome del registro: EMERGENZA se di emergenza.' }),
  data: z.string().meta({ title: 'Data', description: 'L’istante della registrazione, ISO 8601.' }),
})
export const protocolSchema = numberSchema.extend({
  emergenza: numberSchema.optional().meta({
    title: 'Emergenza',
    description: 'Il numero di emergenza che aveva prima; da quella data si contano i termini.',
  }),
})

export const numberOf = ({ numero, anno, registro, data, emergenza }: ProtocolNumber & Pick<Entry, 'emergenza'>) => ({
  ...{ numero, anno, registro, data },
  ...(emergenza && { emergenza }),
})

/** An entry and the ids of its documents, primary first. */
export interface PreparedEntry {
  readonly registrazione: Entry
  readonly documenti: readonly string[]
}

/** Data that are registered become a document of the practice first, so that what was hashed is kept. */
export async function preparedEntry(
  documents: DocumentStore,
  { procedimenti }: Pick<Town, 'procedimenti'>,
  riferimento: string,
  { pratica, documento, documenti, verso, oggetto, corrispondente }: RegistrationInput,
): Promise<PreparedEntry> {
  const primary = await primaryDocument(documents, pratica.id, `${riferimento}/documento`, oggetto, documento)
  const attached = [...new Set(documenti ?? [])].filter((id) => id !== primary.id)
  const [first, ...others] = [
    primary,
    ...(await Promise.all(attached.map((id) => documentOf(documents, pratica.id, id)))),
  ]
  const classifica = procedimenti.find(({ id }) => id === pratica.tipo)?.classifica
  return {
    registrazione: {
      ...{ riferimento, verso, oggetto, corrispondente, documenti: [described(first), ...others.map(described)] },
      ...(classifica !== undefined && { classifica }),
      ...(pratica.fascicolo && { fascicolo: pratica.fascicolo.codice }),
    },
    documenti: [first, ...others].map(({ id }) => id),
  }
}

const described = ({ nome, tipo, byte, impronta }: StoredDocument) => ({ nome, tipo, byte, impronta })
const referenceSchema = z.object({ id: z.string(), impronta: z.string() })

async function primaryDocument(
  documents: DocumentStore,
  pratica: string,
  key: string,
  oggetto: string,
  documento: unknown,
): Promise<StoredDocument> {
  const reference = referenceSchema.safeParse(documento)
  if (reference.success) return documentOf(documents, pratica, reference.data.id)
  const content = Buffer.from(JSON.stringify(documento ?? null))
  return documents.put(content, { nome: `${fileName(oggetto)}.json`, tipo: 'application/json', pratica }, key)
}

async function documentOf(documents: DocumentStore, pratica: string, id: string): Promise<StoredDocument> {
  const found = await documents.describe(id)
  if (found?.pratica === pratica) return found
  throw new Error(`Expected document ${id} to belong to the practice, but it does not. Check the variable documenti.`)
}

const FILE_NAME_MAX = 80
const fileName = (text: string): string =>
  text
    .replaceAll(/[^\p{L}\p{N},()-]+/gu, ' ')
    .trim()
    .slice(0, FILE_NAME_MAX)

/** The contents that go with an entry, as far as one registration carries them. */
export async function contentsOf(
  documents: Pick<Connectors['documents'], 'read'>,
  { registrazione, documenti }: PreparedEntry,
): Promise<Contents> {
  const contents = new Map<string, Uint8Array<ArrayBuffer>>()
  let bytes = 0
  for (const [index, { impronta, byte }] of registrazione.documenti.entries()) {
    bytes += byte
    if (bytes > CONTENT_BYTES_MAX) break
    const content = await documents.read(documenti[index] ?? '')
    if (content) contents.set(impronta, new Uint8Array(content))
  }
  return contents
}
