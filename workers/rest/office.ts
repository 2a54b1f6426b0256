/**
 * What the jobs that tell another office have in common (TARI, school, social services, utilities, vehicle register): the call is the
 * one the town configured under the job's name, only what the schema here names can leave, and none holds a practice up: after the last
 * attempt the job gives up in words, for a person of that office to go on. Owns schemas and giving up. Does not own which fields a call
 * sends (the town's configuration) or how (connectors/rest).
 */
import { z } from 'zod'
import { Refused, Unavailable, Undecidable, UnknownOutcome } from '../../connectors/effect.ts'
import type { RestAnswer, RestValues } from '../../connectors/rest/types.ts'
import type { ActivatedJob } from '../../engine/protocol/gateway.ts'
import { BpmnError, effectKey, isLastAttempt, practiceSchema, SERVICE_DOWN, type Worker } from '../worker.ts'
import { performCall, type RestTools } from './perform-call.ts'

const text = (title: string, description: string, example: string) =>
  z.string().meta({ title, description, examples: [example] })
const optionalText = (title: string, description: string, example: string) =>
  z
    .string()
    .nullish()
    .meta({ title, description, examples: [example] })

const personSchema = z.object({
  cf: text('Codice fiscale', 'Codice fiscale.', 'RSSMRA85C01G273I'),
  nome: text('Nome', 'Nome.', 'Mario'),
  cognome: text('Cognome', 'Cognome.', 'Rossi'),
})
const memberSchema = personSchema.extend({
  parentela: optionalText('Parentela', 'Rapporto con chi dichiara.', 'FIGLIO'),
})
const addressSchema = z.object({
  via: text('Via', 'Via o piazza.', 'via Libertà'),
  civico: text('Civico', 'Numero civico.', '12'),
  interno: optionalText('Interno', 'Interno.', '3'),
})

/** All that an office can be told of a change of residence. */
const changeSchema = z.object({
  pratica: practiceSchema,
  richiedente: personSchema.meta({ title: 'Richiedente', description: 'Chi dichiara.' }),
  istanza: z
    .object({
      indirizzo: addressSchema.meta({ title: 'Indirizzo', description: 'Il nuovo indirizzo.' }),
      nucleo: z
        .array(memberSchema)
        .nullish()
        .meta({ title: 'Nucleo', description: 'Le persone che si spostano con chi dichiara.' }),
    })
    .meta({ title: 'Istanza', description: 'La dichiarazione.' }),
  decorrenza: z.iso.date().meta({ title: 'Decorrenza', description: 'Il giorno da cui vale.', feel: 'termine.inizio' }),
})
export type Change = z.infer<typeof changeSchema>

const receiptSchema = z.object({
  esito: z.literal('FATTO').meta({ title: 'Esito', description: 'Il servizio l’ha accolta.' }),
  riferimento: z
    .string()
    .nullable()
    .meta({ title: 'Riferimento', description: 'Come il servizio la chiama; null se non lo dice.' }),
})
export type Receipt = z.infer<typeof receiptSchema>

const annulmentInput = z.object({
  pratica: practiceSchema,
  riferimento: z
    .string()
    .nullish()
    .meta({ title: 'Riferimento', description: 'Come il servizio ha chiamato ciò che si annulla.', examples: ['1'] }),
})
export type AnnulmentInput = z.infer<typeof annulmentInput>

const annulmentOutput = z.object({
  annullamento: z
    .object({
      esito: z
        .enum(['ANNULLATO', 'DA_FARE'])
        .meta({ title: 'Esito', description: 'DA_FARE: il servizio non l’ha annullata, va fatto a mano.' }),
      riferimento: receiptSchema.shape.riferimento,
      messaggio: z.string().nullable().meta({ title: 'Messaggio', description: 'Perché resta da fare.' }),
    })
    .meta({ title: 'Annullamento', description: 'Che cosa è stato dell’annullamento.' }),
})
export type Annulment = z.infer<typeof annulmentOutput>

export interface OfficeJob {
  readonly type: string
  readonly title: string
  readonly purpose: string
}

/** Tells the office, and gives its receipt in that variable. */
export const tellsOffice = (
  tools: RestTools,
  { variable, ...job }: OfficeJob & { readonly variable: string },
): Worker<Change, Readonly<Record<string, Receipt>>> => ({
  ...job,
  effect: 'configured',
  input: changeSchema,
  output: z.object({ [variable]: receiptSchema.meta({ title: 'Ricevuta', description: 'La ricevuta del servizio.' }) }),
  errors: {
    [SERVICE_DOWN]: 'Dopo i tentativi il servizio non risponde o rifiuta, oppure il comune non l’ha configurato',
  },
  async handle(change, activated) {
    const outcome = await attempted(tools, job.type, change, activated)
    if (typeof outcome === 'string') throw new BpmnError(SERVICE_DOWN, outcome)
    return { [variable]: { esito: 'FATTO', riferimento: referenceOf(outcome) } }
  },
})

/** Takes back what was told. Never ends in an error: a compensation has nobody to catch it. */
export const takesBack = (tools: RestTools, job: OfficeJob): Worker<AnnulmentInput, Annulment> => ({
  ...job,
  effect: 'configured',
  input: annulmentInput,
  output: annulmentOutput,
  errors: {},
  async handle({ pratica, riferimento = null }, activated) {
    const outcome = await attempted(tools, job.type, { pratica, riferimento }, activated)
    if (typeof outcome === 'string') return { annullamento: { esito: 'DA_FARE', riferimento, messaggio: outcome } }
    return { annullamento: { esito: 'ANNULLATO', riferimento: referenceOf(outcome), messaggio: null } }
  },
})

const referenceOf = ({ riferimento }: RestAnswer): string | null =>
  riferimento === null || riferimento === undefined ? null : String(riferimento)

/** The answer, or in words why there will be none. Rejects while another attempt may help. */
async function attempted(
  tools: RestTools,
  name: string,
  values: RestValues & { readonly pratica: Change['pratica'] },
  job: ActivatedJob,
): Promise<RestAnswer | string> {
  if (tools.rest.effectOf(name) === null) return 'Il comune non ha configurato questo servizio: va comunicato a mano.'
  try {
    return await performCall(tools, name, values, effectKey(values.pratica, job))
  } catch (error) {
    if (error instanceof Refused) return `Il servizio ha rifiutato (${error.code}): va comunicato a mano.`
    if (error instanceof Undecidable) return UNKNOWN
    if (isLastAttempt(job) && (error instanceof Unavailable || error instanceof UnknownOutcome)) return UNKNOWN
    throw error
  }
}
const UNKNOWN = 'Il servizio non risponde: prima di comunicare a mano va verificato se non ha già ricevuto.'
