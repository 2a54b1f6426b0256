/** `messaggio.pubblica`: a thrown message of a diagram, published in the engine for whoever waits for it. */
import { z } from 'zod'
import { publishOnce } from '../../connectors/zeebe/index.ts'
import type { Gateway } from '../../engine/protocol/gateway.ts'
import { effectKey, practiceSchema, type Worker } from '../worker.ts'

/** As long as it waits for somebody who is about to listen. */
const LIFE_MS = 3_600_000

const input = z.object({
  pratica: practiceSchema,
  nome: z
    .string()
    .min(1)
    .meta({
      title: 'Messaggio',
      description: 'Nome del messaggio che qualcuno aspetta.',
      examples: ['termine.ricalcolato'],
    }),
  chiave: z.string().meta({
    title: 'Chiave',
    description: 'Chiave di correlazione, di solito l’identificativo della pratica.',
    examples: ['pratica-1'],
    feel: 'pratica.id',
  }),
  dati: z
    .record(z.string(), z.unknown())
    .meta({ title: 'Dati', description: 'Le variabili che riceve chi aspetta.', feel: '{}' }),
})
const output = z.object({})

export const publishMessage = (
  gateway: Pick<Gateway, 'publishMessage'>,
): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'messaggio.pubblica',
  title: 'Pubblica un messaggio',
  purpose: 'Pubblica un messaggio per chi lo aspetta in un altro processo.',
  effect: 'keyed',
  input,
  output,
  errors: {},
  async handle({ pratica, nome, chiave, dati }, job) {
    const message = { name: nome, correlationKey: chiave, messageId: effectKey(pratica, job), timeToLiveMs: LIFE_MS }
    await publishOnce(gateway, { ...message, variables: JSON.stringify(dati) })
    return {}
  },
})
