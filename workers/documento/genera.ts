/** `documento.genera`: a document of the town from a template beside the procedure, once however often the job runs. */
import { z } from 'zod'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import type { Town } from '../../processes/town.ts'
import { effectKey, practiceSchema, type Worker } from '../worker.ts'
import { documentInputSchema, documentSchema, fileName, withoutContent } from './document.ts'
import type { DocumentTemplates } from './templates.ts'
import { voiceOf } from './voice.ts'

const input = z.object({
  pratica: practiceSchema
    .extend({
      tipo: z
        .string()
        .nullish()
        .meta({
          title: 'Procedimento',
          description: 'Id del processo della pratica; se manca, quello che esegue il passo.',
          examples: ['comune.anagrafe.residenza'],
        }),
    })
    .meta({ title: 'Pratica', description: 'La pratica di cui si scrive.' }),
  modello: z.string().meta({
    title: 'Modello',
    description: 'Nome del modello: cartella della procedura e file in documenti.',
    examples: ['residenza.ricevuta'],
  }),
  dati: z.record(z.string(), z.unknown()).meta({
    title: 'Dati',
    description:
      'Ciò che il modello legge. Comune, ufficio, procedimento, responsabile e oggi ci sono sempre, se non sono dati qui.',
    feel: '{pratica: pratica, richiedente: richiedente, istanza: istanza}',
  }),
  nome: z
    .string()
    .min(1)
    .nullish()
    .meta({ title: 'Nome del file', description: 'Se manca, quello del modello.', examples: ['Ricevuta.pdf'] }),
  ufficio: z
    .string()
    .nullish()
    .meta({
      title: 'Ufficio',
      description: 'Gruppo dell’ufficio in testa alla lettera; se manca, quello del procedimento.',
      examples: ['anagrafe.ufficiale'],
    }),
  alPostoDi: documentInputSchema.nullish().meta({
    title: 'Al posto di',
    description: 'La bozza di cui prende il posto, che non resta fra i documenti della pratica: nessuno la firma più.',
  }),
})
const output = z.object({ documento: documentSchema })

export interface DocumentWorkerOptions extends Pick<Connectors, 'writer' | 'documents' | 'ledger'> {
  readonly town: Town
  readonly templates: DocumentTemplates
  /** Epoch milliseconds, business time: a document says when it was made. */
  readonly now: () => number
}

export const writeDocument = ({
  writer,
  documents,
  ledger,
  town,
  templates,
  now,
}: DocumentWorkerOptions): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'documento.genera',
  title: 'Genera un documento',
  purpose: 'Scrive un documento accessibile (PDF/A) su carta intestata dai dati della pratica.',
  effect: 'keyed',
  input,
  output,
  errors: {},
  async handle({ pratica, modello, dati, nome, ufficio, alPostoDi }, job) {
    const key = effectKey(pratica, job)
    const documento = await perform(ledger, {
      key,
      operation: 'documento.genera',
      outcome: documentSchema,
      class: 'keyed',
      async call() {
        const at = now()
        const voice = voiceOf({ town, procedura: pratica.tipo ?? job.bpmnProcessId, gruppo: ufficio ?? null, at })
        const { letterhead } = voice
        const data = { ...voice.data, ...dati }
        const pdf = await writer.write({ source: templates.source(modello), data, letterhead, at })
        const description = { nome: fileName(nome ?? modello, '.pdf'), tipo: 'application/pdf', pratica: pratica.id }
        return withoutContent(await documents.put(pdf, description, key))
      },
    })
    if (alPostoDi) await removeDraft(documents, alPostoDi.id, pratica.id)
    return { documento }
  },
})

/** Only while nothing was made of it: what is signed or sealed stays with what it was made of. Again is the same. */
async function removeDraft(documents: Connectors['documents'], id: string, pratica: string): Promise<void> {
  const all = await documents.ofPractice(pratica)
  const isDraft = all.some((one) => one.id === id) && !all.some(({ sostituisce }) => sostituisce?.documento === id)
  if (isDraft) await documents.remove(id)
}
