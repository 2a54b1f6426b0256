/** `termini.sospendi` and `termini.riprendi`: the term as it stands once the clock has stopped, or goes on. */
import { z } from 'zod'
import type { TownCalendar } from '../../processes/town.ts'
import type { Worker } from '../worker.ts'
import { dayOf, resumed, runningTermSchema, suspended } from './suspension.ts'
import { instantSchema } from './terms.ts'

const moment = z.union([z.iso.date(), instantSchema])
const termine = runningTermSchema.meta({ title: 'Termine', description: 'Il termine come sta nella pratica.' })
const stopInput = z.object({
  termine,
  dal: moment.meta({ title: 'Dal', description: 'Il giorno, o l’istante, da cui il termine sta fermo.' }),
  causa: z.string().meta({ title: 'Causa', description: 'Perché si ferma.', examples: ['INTEGRAZIONE'] }),
})
const resumeInput = z.object({
  termine,
  /** What lets it go on: an answer, or the end of the wait for it. */
  dal: moment.meta({ title: 'Dal', description: 'Il giorno, o l’istante, della risposta o della fine dell’attesa.' }),
  /** So many days later, unrolled (L. 241/1990 art. 10-bis). */
  giorni: z
    .int()
    .min(0)
    .max(365)
    .meta({
      title: 'Giorni dopo',
      description: 'Dopo quanti giorni riparte (dieci dopo le osservazioni).',
      examples: [10],
    }),
})
const output = z.object({ termine: termine.meta({ title: 'Termine', description: 'Il termine com’è ora.' }) })

export const suspendTerm = (): Worker<z.infer<typeof stopInput>, z.infer<typeof output>> => ({
  type: 'termini.sospendi',
  title: 'Sospendi il termine',
  purpose: 'Ferma il termine del procedimento e tiene i giorni che restano.',
  effect: 'none',
  input: stopInput,
  output,
  errors: {},
  handle: async ({ termine, dal, causa }) => ({ termine: suspended(termine, dayOf(dal), causa) }),
})

export const resumeTerm = (calendar: TownCalendar): Worker<z.infer<typeof resumeInput>, z.infer<typeof output>> => ({
  type: 'termini.riprendi',
  title: 'Riprendi il termine',
  purpose: 'Fa ripartire il termine sospeso con i giorni che restavano.',
  effect: 'none',
  input: resumeInput,
  output,
  errors: {},
  handle: async ({ termine, dal, giorni }) => ({
    termine: resumed(termine, dayOf(dal).add({ days: giorni }), calendar),
  }),
})
