/** `protocollo.annulla`: an entry of the protocol is annulled (DPR 445/2000 art. 54); number and data stay, readable. */
import { z } from 'zod'
import { perform } from '../../connectors/ledger/perform.ts'
import { protocolEffects } from '../../connectors/protocollo/types.ts'
import { effectKey, practiceSchema, type Worker } from '../worker.ts'
import { PROTOCOL_DOWN, type ProtocolTools, protocolDownWhen, unlessDown } from './number.ts'

const annulmentSchema = z
  .object({
    data: z.string().meta({ title: 'Data', description: 'L’istante dell’annullamento, ISO 8601.' }),
    motivo: z.string().meta({ title: 'Motivo', description: 'Perché è stata annullata.' }),
  })
  .meta({ title: 'Annullamento', description: 'Quando e perché è stata annullata.' })
const input = z.object({
  pratica: practiceSchema,
  protocollo: z
    .object({
      numero: z
        .string()
        .regex(/^\d{7,}$/)
        .meta({ title: 'Numero', description: 'Numero di protocollo.', examples: ['0000001'] }),
      anno: z.int().meta({ title: 'Anno', description: 'Anno di protocollo.', examples: [2027] }),
    })
    .meta({ title: 'Protocollo', description: 'La registrazione da annullare.', feel: 'pratica.protocollo' }),
  motivo: z
    .string()
    .min(1)
    .max(1000)
    .meta({
      title: 'Motivo',
      description: 'Perché si annulla, con il provvedimento che lo autorizza.',
      examples: ['Registrata due volte: determina 13/2027'],
    }),
})
const output = z.object({ annullamento: annulmentSchema })

export const annulInProtocol = ({
  protocol,
  ledger,
}: Pick<ProtocolTools, 'protocol' | 'ledger'>): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'protocollo.annulla',
  title: 'Annulla una registrazione',
  purpose: 'Annulla una registrazione di protocollo; il numero e i dati restano leggibili.',
  effect: protocolEffects.annul,
  input,
  output,
  errors: { [PROTOCOL_DOWN]: protocolDownWhen },
  handle: ({ pratica, protocollo: { numero, anno }, motivo }, job) =>
    unlessDown(job, {}, async () => ({
      annullamento: await perform(ledger, {
        key: effectKey(pratica, job),
        operation: 'protocollo.annulla',
        outcome: annulmentSchema,
        class: protocolEffects.annul,
        async call() {
          const { annullamento } = await protocol.annul(anno, numero, motivo)
          if (annullamento) return annullamento
          throw new Error(`Expected protocol entry ${numero}/${anno} to be annulled, but the register says it is not.`)
        },
      }),
    })),
})
