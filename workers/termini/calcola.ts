/** `termini.calcola`: from the day of receipt and the rules of a decision table to days and instants. */
import { z } from 'zod'
import type { TownCalendar } from '../../processes/town.ts'
import type { Worker } from '../worker.ts'
import { countedSchema, instantSchema, legalDay, term } from './terms.ts'

const ruleSchema = z.object({
  nome: z
    .string()
    .meta({ title: 'Nome', description: 'Come si chiama il termine fra le scadenze.', examples: ['termine'] }),
  giorni: z
    .int()
    .min(0)
    .meta({ title: 'Giorni', description: 'Quanti giorni, il primo escluso.', examples: [45] }),
  computo: z
    .enum(['calendario', 'lavorativi'])
    .meta({ title: 'Computo', description: 'Giorni di calendario o giorni lavorativi.' }),
  slitta: z.boolean().meta({ title: 'Slitta', description: 'Se un ultimo giorno festivo passa al successivo.' }),
  momento: z
    .enum(['inizio', 'fine'])
    .meta({ title: 'Momento', description: 'Un avviso suona all’inizio del giorno, un termine scade alla fine.' }),
})
const input = z.object({
  inizio: instantSchema.meta({
    title: 'Inizio',
    description: 'L’istante di ricezione; il suo giorno in Italia non si conta.',
  }),
  regole: z.array(ruleSchema).meta({ title: 'Regole', description: 'I termini da contare, di solito da una tabella.' }),
})
const deadline = z.object({
  giorni: z.int().meta({ title: 'Giorni', description: 'Quanti giorni.' }),
  computo: ruleSchema.shape.computo,
  giorno: z.iso.date().meta({ title: 'Giorno', description: 'L’ultimo giorno utile, o quello dell’avviso.' }),
  istante: z.iso.datetime().meta({ title: 'Istante', description: 'L’istante in cui il timer scatta.' }),
  contato: countedSchema,
})
const output = z.object({
  giornoInizio: z.iso.date().meta({ title: 'Giorno di inizio', description: 'Il giorno di ricezione in Italia.' }),
  scadenze: z
    .record(z.string(), deadline)
    .meta({ title: 'Scadenze', description: 'Ogni termine sotto il nome della sua regola.' }),
})

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
