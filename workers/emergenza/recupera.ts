/**
 * `emergenza.elenca|recupera|chiudi`: what was registered in emergency enters the protocol, in order, without delay (DPR 445/2000
 * art. 63 c. 5): each entry gets an ordinary number and stays tied to the one it had.
 */
import { z } from 'zod'
import type { EmergencyEntry } from '../../connectors/emergenza/register.ts'
import type { Connectors } from '../../connectors/index.ts'
import { protocolEffects, SETTLE_MS } from '../../connectors/protocollo/types.ts'
import { numberOf, protocolSchema } from '../protocollo/entry.ts'
import { PROTOCOL_DOWN, type ProtocolTools, protocolDownWhen, takeNumber, unlessDown } from '../protocollo/number.ts'
import { practiceSchema, type Worker } from '../worker.ts'

/** What one round takes; the process goes round until nothing is left. */
const ROUND = 100

const interruptionSchema = z.object({
  interruzione: z.string().meta({ title: 'Interruzione', description: 'Id dell’interruzione del protocollo.' }),
})
const itemSchema = z.object({
  numero: z.string().meta({ title: 'Numero', description: 'Numero di emergenza.', examples: ['E0000001'] }),
  anno: z.int().meta({ title: 'Anno', description: 'Anno del numero di emergenza.', examples: [2027] }),
  pratica: practiceSchema,
})

type Interruption = z.infer<typeof interruptionSchema>

const listed = z.object({
  voci: z
    .array(itemSchema)
    .meta({ title: 'Voci', description: 'Le registrazioni senza numero ordinario, nell’ordine.' }),
})
export const listEmergency = ({
  emergency,
}: Pick<Connectors, 'emergency'>): Worker<Interruption, z.infer<typeof listed>> => ({
  type: 'emergenza.elenca',
  title: 'Elenca le registrazioni di emergenza',
  purpose: 'Elenca ciò che attende il numero di protocollo ordinario.',
  effect: 'none',
  input: interruptionSchema,
  output: listed,
  errors: {},
  async handle({ interruzione }) {
    const entries = await emergency.pending(interruzione, ROUND)
    return { voci: entries.map(({ numero, anno, pratica }) => ({ numero, anno, pratica: { id: pratica } })) }
  },
})

const recovering = z.object({
  voce: itemSchema.meta({ title: 'Voce', description: 'La registrazione di emergenza da riportare.' }),
})
const recovered = z.object({
  protocollo: protocolSchema.meta({
    title: 'Protocollo',
    description: 'Il numero ordinario, che cita quello di emergenza.',
  }),
})
export const recoverFromEmergency = (
  { emergency, ...tools }: ProtocolTools & Pick<Connectors, 'emergency'>,
  settleMs = SETTLE_MS,
): Worker<z.infer<typeof recovering>, z.infer<typeof recovered>> => ({
  type: 'emergenza.recupera',
  title: 'Riporta nel protocollo',
  purpose: 'Dà il numero ordinario a una registrazione di emergenza, citandone numero e data.',
  effect: protocolEffects.register,
  input: recovering,
  output: recovered,
  errors: { [PROTOCOL_DOWN]: protocolDownWhen },
  async handle({ voce: { numero, anno } }, job) {
    const entry = await emergency.find(anno, numero)
    if (!entry)
      throw new Error(`Expected an emergency entry ${numero}/${anno}, but there is none. Check the variable voce.`)
    const emergenza = { numero, anno, registro: entry.registro, data: entry.data }
    const protocollo = await unlessDown(job, {}, () => finalNumber(tools, entry, emergenza, settleMs))
    await emergency.settle(anno, numero, numberOf(protocollo))
    return { protocollo: { ...protocollo, emergenza } }
  },
})

async function finalNumber(
  tools: ProtocolTools,
  { definitivo, registrazione, documenti }: EmergencyEntry,
  emergenza: NonNullable<EmergencyEntry['registrazione']['emergenza']>,
  settleMs: number,
) {
  if (definitivo) return definitivo
  const { numero, anno, registro, data } = await takeNumber(
    tools,
    { registrazione: { ...registrazione, emergenza }, documenti },
    settleMs,
  )
  return { numero, anno, registro, data }
}

const daySchema = z.object({
  giorno: z.string().meta({ title: 'Giorno', description: 'Il giorno, AAAA-MM-GG.' }),
  registrazioni: z.int().meta({ title: 'Registrazioni', description: 'Quante in quel giorno.' }),
})
const closing = z.object({
  emergenza: z
    .object({
      chiusa: z.boolean().meta({ title: 'Chiusa', description: 'Falso se qualcosa attende ancora.' }),
      causa: z.string().nullable().meta({ title: 'Causa', description: 'Perché il protocollo era fermo.' }),
      inizio: z.string().nullable().meta({ title: 'Inizio', description: 'Inizio dell’interruzione, ISO 8601.' }),
      ripristino: z.string().nullable().meta({ title: 'Ripristino', description: 'Quando è tornato, ISO 8601.' }),
      registrazioni: z.int().meta({ title: 'Registrazioni', description: 'Quante in tutto.' }),
      giornate: z.array(daySchema).meta({ title: 'Giornate', description: 'Quante in ogni giorno.' }),
    })
    .meta({ title: 'Emergenza', description: 'Come si chiude l’interruzione.' }),
})
const OPEN_STILL = { chiusa: false, causa: null, inizio: null, ripristino: null, registrazioni: 0, giornate: [] }

export const closeEmergency = ({
  emergency,
  now,
}: Pick<Connectors, 'emergency'> & { readonly now: () => number }): Worker<Interruption, z.infer<typeof closing>> => ({
  type: 'emergenza.chiudi',
  title: 'Chiudi il registro di emergenza',
  purpose: 'Annota il ripristino del protocollo, se nulla attende più il numero ordinario.',
  effect: 'keyed',
  input: interruptionSchema,
  output: closing,
  errors: {},
  async handle({ interruzione }) {
    const restored = await emergency.restore(interruzione, new Date(now()).toISOString())
    if (restored === null) return { emergenza: OPEN_STILL }
    const { causa, inizio, ripristino } = restored.interruzione
    const registrazioni = restored.giornate.reduce((sum, day) => sum + day.registrazioni, 0)
    const giornate = [...restored.giornate]
    return { emergenza: { chiusa: true, causa, inizio, ripristino, registrazioni, giornate } }
  },
})
