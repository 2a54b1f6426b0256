/** `documento.timbra`: the protocol stamp on the first page; the document as it was stays. */
import { z } from 'zod'
import { Refused } from '../../connectors/effect.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import type { Town } from '../../processes/town.ts'
import { BpmnError, effectKey, practiceSchema, type Worker } from '../worker.ts'
import { documentInputSchema, documentOf, documentSchema, fileName, withoutContent } from './document.ts'

const NOT_STAMPABLE = 'DOCUMENTO_NON_TIMBRABILE'

const input = z.object({
  pratica: practiceSchema,
  documento: documentInputSchema,
  protocollo: z
    .object({
      numero: z.string().meta({ title: 'Numero', description: 'Numero di protocollo.', examples: ['0000001'] }),
      anno: z.int().meta({ title: 'Anno', description: 'Anno del registro.', examples: [2027] }),
      registro: z.string().meta({ title: 'Registro', description: 'Nome del registro.', examples: ['PROTOCOLLO'] }),
      data: z.iso
        .datetime({ offset: true })
        .meta({ title: 'Data', description: 'Istante della registrazione.', examples: ['2027-03-01T09:00:00Z'] }),
    })
    .meta({ title: 'Protocollo', description: 'La registrazione del documento.', feel: 'protocollo' }),
})
const output = z.object({ documento: documentSchema })

export const stampDocument = ({
  writer,
  documents,
  ledger,
  town,
}: Pick<Connectors, 'writer' | 'documents' | 'ledger'> & { readonly town: Town }): Worker<
  z.infer<typeof input>,
  z.infer<typeof output>
> => ({
  type: 'documento.timbra',
  title: 'Timbra con il protocollo',
  purpose: 'Scrive ente, numero e data di protocollo sulla prima pagina di un PDF (DPR 445/2000 art. 55).',
  effect: 'keyed',
  input,
  output,
  errors: { [NOT_STAMPABLE]: 'Il documento è firmato, cifrato o non è un PDF: resta com’è' },
  async handle({ pratica, documento: { id }, protocollo }, job) {
    const key = effectKey(pratica, job)
    const documento = await perform(ledger, {
      key,
      operation: 'documento.timbra',
      outcome: documentSchema,
      class: 'keyed',
      async call() {
        const { content, nome } = await documentOf(documents, id, pratica.id)
        const stamped = await writer.stamp(content, { ...protocollo, ente: town.nome }).catch(notStampable)
        const description = { nome: fileName(nome, '.pdf'), tipo: 'application/pdf', pratica: pratica.id }
        return withoutContent(await documents.put(stamped, description, key))
      },
    })
    return { documento }
  },
})

function notStampable(error: unknown): never {
  throw error instanceof Refused && error.code === 'NotStampable' ? new BpmnError(NOT_STAMPABLE, error.message) : error
}
