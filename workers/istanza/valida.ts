/**
 * `istanza.valida`: what the town's tables found on a request becomes the outcome that the caller of `ca-ricezione` catches. A job
 * says so, not an error end event, because the caller needs what came of it: the number, the reasons, the office.
 */
import { z } from 'zod'
import { BpmnError, type Worker } from '../worker.ts'

const NOT_OURS = 'UFFICIO_INCOMPETENTE'
const NOT_RECEIVABLE = 'ISTANZA_IRRICEVIBILE'

/** A table answers with one reason, a list of them, or a row whose column `ostacolo` is one; null and "" are none. */
const findingSchema: z.ZodType<string | null> = z.union([
  z.string(),
  z.null(),
  z.looseObject({ ostacolo: z.string().nullish() }).transform(({ ostacolo }) => ostacolo ?? null),
])

const competenceSchema = z.looseObject({ competente: z.boolean(), ente: z.string().nullish() }).meta({
  title: 'Competenza',
  description: 'La riga della tabella di competenza: se l’istanza spetta al comune, altrimenti a quale ente.',
})

const input = z.object({
  pratica: z.looseObject({ id: z.string().min(1) }).meta({
    title: 'Pratica',
    description: 'La pratica con il suo protocollo: chi riceve l’errore la riceve intera.',
  }),
  competenza: competenceSchema,
  controlli: z
    .array(z.looseObject({ decisione: z.string(), risultato: z.union([findingSchema, z.array(findingSchema)]) }))
    .meta({
      title: 'Controlli',
      description:
        'Per ciascuna tabella la sua risposta: un ostacolo, un elenco di ostacoli, o una riga con la colonna ostacolo.',
    }),
})
const output = z.object({})

export const validateRequest = (): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'istanza.valida',
  title: 'Valida l’istanza',
  purpose:
    'Raccoglie l’esito dei controlli: se l’istanza è irricevibile o spetta a un altro ente, lo dice a chi ha chiamato.',
  effect: 'none',
  input,
  output,
  errors: {
    [NOT_OURS]: 'L’istanza spetta a un altro ente; porta pratica e competenza',
    [NOT_RECEIVABLE]: 'Un controllo ha trovato ostacoli; porta pratica e motivi',
  },
  async handle({ pratica, competenza, controlli }) {
    if (!competenza.competente)
      throw new BpmnError(NOT_OURS, `L’istanza spetta a ${competenza.ente ?? 'un altro ente'}`, { pratica, competenza })
    const motivi = controlli
      .flatMap(({ risultato }) => risultato)
      .filter((reason): reason is string => reason !== null && reason !== '')
    if (motivi.length > 0) throw new BpmnError(NOT_RECEIVABLE, motivi.join('; '), { pratica, motivi })
    return {}
  },
})
