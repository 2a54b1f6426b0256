/**
 * `protocollo.leggi-segnatura`: what another administration says of what it sent, and whether the documents that came with it are the
 * ones it means. Does not judge its seal.
 */
import { z } from 'zod'
import type { DocumentStore, StoredDocument } from '../../connectors/documents/store.ts'
import { readSegnatura, type Segnatura, type Subject } from '../../connectors/protocollo/segnatura.ts'
import { BpmnError, practiceSchema, type Worker } from '../worker.ts'

const UNREADABLE = 'SEGNATURA_ILLEGGIBILE'
const BYTES_MAX = 1024 * 1024

const input = z.object({
  pratica: practiceSchema,
  segnatura: z
    .object({
      id: z.string().meta({
        title: 'Identificativo',
        description: 'Id del documento.',
        examples: ['0d3b9a52-6a57-4b5c-9d0a-2f1c3c1f7a10'],
      }),
    })
    .meta({ title: 'Segnatura', description: 'La segnatura ricevuta, un documento della pratica.' }),
})
const output = z.object({
  segnatura: z
    .object({
      mittente: z.string().meta({ title: 'Mittente', description: 'Chi ha mandato.' }),
      oggetto: z.string().meta({ title: 'Oggetto', description: 'L’oggetto al suo protocollo.' }),
      protocollo: z
        .object({
          numero: z.string().meta({ title: 'Numero', description: 'Numero al suo protocollo.' }),
          anno: z.int().meta({ title: 'Anno', description: 'Anno.' }),
          registro: z.string().meta({ title: 'Registro', description: 'Il suo registro.' }),
          data: z.string().meta({ title: 'Data', description: 'Quando l’ha registrato, ISO 8601.' }),
        })
        .meta({ title: 'Protocollo', description: 'La registrazione del mittente.' }),
      documenti: z
        .array(
          z.object({
            nome: z.string().meta({ title: 'Nome', description: 'Come lo chiama il mittente.' }),
            id: z
              .string()
              .nullable()
              .meta({ title: 'Id', description: 'Il documento con quell’impronta, se è arrivato.' }),
          }),
        )
        .meta({ title: 'Documenti', description: 'Il primario, poi gli allegati.' }),
      concorda: z
        .boolean()
        .meta({ title: 'Concorda', description: 'Se tutti i documenti detti sono arrivati, uguali.' }),
    })
    .meta({ title: 'Segnatura', description: 'Che cosa dice la segnatura, confrontata con ciò che è arrivato.' }),
})

export const readReceivedSegnatura = ({
  documents,
}: {
  readonly documents: Pick<DocumentStore, 'describe' | 'read' | 'ofPractice'>
}): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'protocollo.leggi-segnatura',
  title: 'Leggi la segnatura',
  purpose: 'Legge la segnatura di ciò che un’altra amministrazione ha mandato e la confronta con i documenti arrivati.',
  effect: 'none',
  input,
  output,
  errors: { [UNREADABLE]: 'Non è una segnatura che le linee guida conoscano' },
  async handle({ pratica, segnatura: { id } }) {
    const described = await documents.describe(id)
    const content = await documents.read(id)
    if (described?.pratica !== pratica.id || !content)
      throw new Error(
        `Expected document ${id} to belong to the practice, but it does not. Check the variable segnatura.`,
      )
    if (content.byteLength > BYTES_MAX) throw new BpmnError(UNREADABLE, 'La segnatura è troppo lunga')
    return { segnatura: told(understood(content), await documents.ofPractice(pratica.id)) }
  },
})

function understood(content: Uint8Array): Segnatura {
  try {
    return readSegnatura(new TextDecoder('utf-8', { fatal: true }).decode(content))
  } catch {
    // What is wrong may quote what somebody wrote: it is not repeated.
    throw new BpmnError(UNREADABLE, 'La segnatura non si legge')
  }
}

function told({ mittente, oggetto, registrazione, documenti }: Segnatura, arrived: readonly StoredDocument[]) {
  const found = documenti.map(({ nome, impronta }) => ({
    nome,
    id: arrived.find((document) => document.impronta === impronta)?.id ?? null,
  }))
  return {
    ...{ mittente: nameOf(mittente), oggetto, protocollo: registrazione, documenti: found },
    concorda: found.every(({ id }) => id !== null),
  }
}

const nameOf = (subject: Subject): string =>
  subject.kind === 'persona' ? `${subject.nome} ${subject.cognome}` : subject.denominazione
