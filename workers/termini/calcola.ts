/** `termini.calcola`: from the day of receipt and the rules of a decision table to days and instants. */
import { z } from 'zod'
import type { TownCalendar } from '../../processes/town.ts'
import type { Worker } from '../worker.ts'
import { legalDay, term } from './terms.ts'

const ruleSchema = z.object({
  nome: z.string(),
  giorni: z.int().min(0),
  computo: z.enum(['calendario', 'lavorativi']),
  slitta: z.boolean(),
  momento: z.enum(['inizio', 'fine']),
})
const input = z.object({ inizio: z.iso.datetime({ offset: true }), regole: z.array(ruleSchema) })
const deadline = z.object({
  giorni: z.int(),
  computo: ruleSchema.shape.computo,
  giorno: z.iso.date(),
  istante: z.iso.datetime(),
})
const output = z.object({ giornoInizio: z.iso.date(), scadenze: z.record(z.string(), deadline) })

export const calculateTerms = (calendar: TownCalendar): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'termini.calcola',
  title: 'Calcola i termini',
  purpose: 'Conta i termini di legge dal giorno di ricezione, con il calendario del comune.',
  effect: 'none',
  input,
  output,
  errors: {},
  async handle({ inizio, regole }) {
    const receipt = legalDay(inizio)
    const deadlines = regole.map(({ nome, ...rule }) => {
      const { giorni, computo } = rule
      return [nome, { giorni, computo, ...term(receipt, rule, calendar) }] as const
    })
    return { giornoInizio: receipt.toString(), scadenze: Object.fromEntries(deadlines) }
  },
})
