/**
 * `istanza.valida`: what the town's tables found on a request becomes the outcome that the caller of `ca-ricezione` catches. A job
 * says so, not an error end event, because the caller needs what came of it: the number, the reasons, the office.
 */
import { z } from 'zod'
import { BpmnError, practiceSchema, type Worker } from '../worker.ts'

const NOT_OURS = 'UFFICIO_INCOMPETENTE'
const NOT_RECEIVABLE = 'ISTANZA_IRRICEVIBILE'

const obstacle = z
  .string()
  .nullish()
  .meta({
    title: 'Ostacolo',
    description: 'Perché l’istanza non si può ricevere; vuoto se nulla lo impedisce.',
    examples: ['manca: numero civico del nuovo indirizzo'],
  })
/** A table answers with one reason, a list of them, or a row whose column `ostacolo` is one; null and "" are none. */
const findingSchema = z.union([z.string(), z.null(), z.looseObject({ ostacolo: obstacle })])

const input = z.object({
  pratica: z
    .looseObject({ id: practiceSchema.shape.id })
    .meta({ title: 'Pratica', description: 'La pratica con il suo protocollo: chi riceve l’errore la riceve intera.' }),
  competenza: z
    .looseObject({
      competente: z.boolean().meta({ title: 'Competente', description: 'Se l’istanza spetta a questo comune.' }),
      ente: z
        .string()
        .nullish()
        .meta({
          title: 'Ente competente',
          description: 'A chi spetta altrimenti.',
          examples: ['Monreale'],
        }),
    })
    .meta({ title: 'Competenza', description: 'La riga della tabella di competenza.' }),
  controlli: z
    .array(
      z.looseObject({
        decisione: z.string().meta({
          title: 'Tabella',
          description: 'Quale tabella ha risposto.',
          examples: ['dmn-ricevibilita'],
        }),
        risultato: z.union([findingSchema, z.array(findingSchema)]).meta({
          title: 'Risposta',
          description: 'Un ostacolo, un elenco di ostacoli, o una riga con la colonna ostacolo.',
        }),
      }),
    )
    .meta({ title: 'Controlli', description: 'Per ciascuna tabella la sua risposta.' }),
})
type Finding = z.infer<typeof findingSchema>
const obstacleIn = (finding: Finding): string | null | undefined =>
  typeof finding === 'object' ? finding?.ostacolo : finding

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
      .flatMap(({ risultato }): readonly Finding[] => (Array.isArray(risultato) ? risultato : [risultato]))
      .map(obstacleIn)
      .filter((reason) => reason !== null && reason !== undefined && reason !== '')
    if (motivi.length > 0) throw new BpmnError(NOT_RECEIVABLE, motivi.join('; '), { pratica, motivi })
    return {}
  },
})
