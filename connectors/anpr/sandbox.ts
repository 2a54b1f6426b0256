/**
 * ANPR's C001 in the sandbox: behind the patterns INTEGRITY_REST_02 and AUDIT_REST_02, with numbers of operations that only grow: a
 * repeated one gets the earlier answer, a lower one is refused. Answers are signed. Whoever is not among its people is unknown (404).
 * Codes of errors are shaped like ANPR's; its own table is not public.
 */
import { z } from 'zod'
import type { Journal } from '../journal.ts'
import type { Trust } from '../pdnd/sandbox.ts'
import { type Gate, newGate } from '../pdnd/sandbox-gate.ts'
import type { Eservice } from '../pdnd/types.ts'
import {
  journalOf,
  json,
  type Platform,
  type PlatformAnswer,
  type PlatformCall,
  parseJson,
  type Sandbox,
  type SandboxOptions,
  startPlatform,
} from '../sandbox.ts'
import { findingOf } from './sample-people.ts'

/** What the exchange knows of this e-service. */
export const ANPR_ESERVICE = {
  audience: 'https://modipa-val.anpr.interno.example/govway/rest/in/MinInternoPortaANPR/C001-servizioNotifica/v1',
  purposeId: '5f6d2c1e-8a4b-4c3d-9e2f-1a0b3c4d5e6f',
  patterns: ['INTEGRITY_REST_02', 'AUDIT_REST_02'],
} as const satisfies Omit<Eservice, 'url'>

export interface AnprSandboxOptions extends SandboxOptions {
  readonly trust: Trust
}

/** One line of the journal: a question that was answered. */
export interface AnprJournalEntry {
  readonly at: string
  readonly idOperazioneClient: string
  readonly idOperazioneANPR: string
  readonly codiceFiscale: string
  readonly motivoRichiesta: string
}

interface Register {
  readonly journal: Journal<AnprJournalEntry>
  readonly gate: Gate
  readonly now: () => number
}

export function start(options: AnprSandboxOptions): Promise<Sandbox> {
  const gate = newGate(options.trust, ANPR_ESERVICE)
  return startPlatform(options, consultation({ journal: journalOf(options, 'anpr'), gate, now: options.now }))
}

const OPERATIONS: Readonly<Record<string, string>> = { 'POST /anpr-service-e002': 'c001', 'GET /status': 'stato' }

function consultation(register: Register): Platform {
  return {
    name: 'anpr',
    entries: register.journal.entries,
    operationOf: ({ method, url }) => OPERATIONS[`${method} ${url.pathname}`] ?? 'sconosciuta',
    async answer(operation, call) {
      if (operation === 'stato') return problem(200, {})
      if (operation !== 'c001') return doorProblem(404, 'UndefinedOperation', 'operazione sconosciuta')
      const barred = await register.gate.refuse(call)
      if (barred?.status === 401) return doorProblem(401, 'TokenAuthenticationFailed', barred.reason)
      if (barred) return doorProblem(400, 'InteroperabilityInvalidRequest', barred.reason)
      return register.gate.sign(consult(register, call))
    },
  }
}

const problem = (status: number, value: object): PlatformAnswer => ({
  ...json(status, value),
  type: 'application/problem+json',
})

/** What the gateway before ANPR says of its own accord: unsigned. */
const doorProblem = (status: number, title: string, detail: string): PlatformAnswer =>
  problem(status, { type: `https://govway.org/handling-errors/${status}/${title}.html`, title, status, detail })

const questionSchema = z.object({
  idOperazioneClient: z.string().regex(/^\d{1,30}$/),
  criteriRicerca: z.object({ codiceFiscale: z.string().regex(/^[A-Z0-9]{16}$/) }),
  datiRichiesta: z.object({
    dataRiferimentoRichiesta: z.iso.date(),
    motivoRichiesta: z.string().min(1).max(100),
    casoUso: z.literal('C001'),
  }),
})
type Question = z.infer<typeof questionSchema>

function consult(register: Register, { body }: PlatformCall): PlatformAnswer {
  const question = questionSchema.safeParse(parseJson(body))
  if (!question.success) {
    const field = String(question.error.issues[0]?.path.at(-1) ?? 'richiesta')
    return refused(register, 400, 'EN001', field, `Campo ${field} assente o errato`)
  }
  const { idOperazioneClient: id, criteriRicerca, datiRichiesta } = question.data
  const { entries } = register.journal
  const earlier = entries.find((entry) => entry.idOperazioneClient === id)
  if (earlier) return answerOf(register, earlier)
  const last = entries.reduce((highest, entry) => max(highest, BigInt(entry.idOperazioneClient)), 0n)
  if (BigInt(id) < last)
    return refused(register, 400, 'EN002', 'idOperazioneClient', "idOperazioneClient inferiore all'ultimo inviato")
  if (datiRichiesta.dataRiferimentoRichiesta > todayInRome(register.now()))
    return refused(register, 400, 'EN003', 'dataRiferimentoRichiesta', 'Data di riferimento futura')
  return answerOf(register, entered(register, { id, criteriRicerca, datiRichiesta }))
}

const max = (one: bigint, other: bigint): bigint => (one > other ? one : other)
const todayInRome = (now: number): string =>
  Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('Europe/Rome').toPlainDate().toString()

function entered(
  { journal, now }: Register,
  { id, criteriRicerca, datiRichiesta }: Pick<Question, 'criteriRicerca' | 'datiRichiesta'> & { readonly id: string },
): AnprJournalEntry {
  const entry = {
    at: new Date(now()).toISOString(),
    idOperazioneClient: id,
    idOperazioneANPR: String(journal.entries.length + 1),
    codiceFiscale: criteriRicerca.codiceFiscale,
    motivoRichiesta: datiRichiesta.motivoRichiesta,
  }
  journal.append(entry)
  return entry
}

function answerOf(register: Register, { codiceFiscale, idOperazioneANPR }: AnprJournalEntry): PlatformAnswer {
  const finding = findingOf(codiceFiscale)
  if (finding === null)
    return refused(register, 404, 'EN122', 'codiceFiscale', 'La richiesta effettuata non produce alcun risultato')
  return json(200, { idOperazioneANPR, ...finding })
}

function refused({ journal }: Register, status: number, code: string, field: string, text: string): PlatformAnswer {
  return problem(status, {
    idOperazioneANPR: String(journal.entries.length),
    listaErrori: [
      {
        codiceErroreAnomalia: code,
        tipoErroreAnomalia: 'E',
        testoErroreAnomalia: text,
        oggettoErroreAnomalia: 'richiesta',
        campoErroreAnomalia: field,
      },
    ],
  })
}
