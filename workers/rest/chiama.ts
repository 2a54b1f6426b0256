/** `rest.chiama`: any call the town has configured, by name. A refusal is the diagram's to catch, an unknown outcome a person's to settle. */
import { z } from 'zod'
import { Refused } from '../../connectors/effect.ts'
import { BpmnError, effectKey, practiceSchema, type Worker } from '../worker.ts'
import { performCall, type RestTools } from './perform-call.ts'

const REFUSED = 'CHIAMATA_RIFIUTATA'

const input = z.object({
  pratica: practiceSchema,
  chiamata: z
    .string()
    .min(1)
    .meta({
      title: 'Chiamata',
      description: 'Nome della chiamata fra quelle del comune.',
      examples: ['tari.registra'],
    }),
  dati: z.record(z.string(), z.unknown()).meta({
    title: 'Dati',
    description: 'Ciò che la chiamata legge, e nient’altro ne esce.',
    feel: '{pratica: pratica}',
    examples: [{ decorrenza: '2027-03-01' }],
  }),
})
const output = z.object({
  risposta: z
    .record(z.string(), z.unknown())
    .meta({ title: 'Risposta', description: 'Ciò che la configurazione trae dalla risposta.' }),
})

export const callConfigured = (tools: RestTools): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'rest.chiama',
  title: 'Chiama un servizio',
  purpose: 'Fa una chiamata REST configurata dal comune.',
  effect: 'configured',
  input,
  output,
  errors: { [REFUSED]: 'Il servizio ha risposto di no' },
  async handle({ pratica, chiamata, dati }, job) {
    try {
      return { risposta: { ...(await performCall(tools, chiamata, dati, effectKey(pratica, job))) } }
    } catch (error) {
      throw error instanceof Refused ? new BpmnError(REFUSED, `Il servizio ha risposto ${error.code}`) : error
    }
  },
})
