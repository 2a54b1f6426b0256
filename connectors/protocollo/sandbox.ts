/**
 * A protocol register: numbers without gaps, from 1 each year (Europe/Rome); annulment keeps the entry; entries are found by our
 * reference. As in the products towns use, nothing refuses a repeat: the same entry sent twice takes two numbers.
 */
import { z } from 'zod'
import type { Journal } from '../journal.ts'
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
import type { Registration } from './types.ts'

const entrySchema = z.strictObject({
  riferimento: z.string().min(1).max(255),
  verso: z.enum(['IN', 'OUT', 'INTERNO']),
  oggetto: z.string().min(1).max(4000),
  corrispondente: z.strictObject({
    nome: z.string().min(1),
    codiceFiscale: z.string().optional(),
    email: z.string().optional(),
  }),
  impronta: z.base64(),
})
const annulmentSchema = z.strictObject({ motivo: z.string().min(1).max(1000) })

/** One line of the journal: an entry as registered, or an annulment of an earlier one. */
export type ProtocolJournalEntry =
  | { readonly operazione: 'registra'; readonly registrazione: Registration }
  | {
      readonly operazione: 'annulla'
      readonly anno: number
      readonly numero: string
      readonly annullamento: { readonly data: string; readonly motivo: string }
    }

const ANNUL = /^\/registrazioni\/(\d{4})\/(\d{7,})\/annullamento$/

export function start(options: SandboxOptions): Promise<Sandbox> {
  return startPlatform(options, register(journalOf(options, 'protocollo'), options.now))
}

function register(journal: Journal<ProtocolJournalEntry>, now: () => number): Platform {
  return {
    name: 'protocollo',
    entries: journal.entries,
    operationOf({ method, url }) {
      if (url.pathname === '/registrazioni') return method === 'POST' ? 'registra' : 'cerca'
      return ANNUL.test(url.pathname) && method === 'POST' ? 'annulla' : 'sconosciuta'
    },
    answer(operation, call) {
      if (operation === 'registra') return enter(journal, now(), call)
      if (operation === 'cerca') return search(journal, call)
      if (operation === 'annulla') return annul(journal, now(), call)
      return json(404, { errore: 'operazione sconosciuta' })
    },
  }
}

function enter(journal: Journal<ProtocolJournalEntry>, now: number, call: PlatformCall): PlatformAnswer {
  const entry = entrySchema.safeParse(parseJson(call.body))
  if (!entry.success) return json(400, { errore: z.prettifyError(entry.error) })
  const anno = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('Europe/Rome').year
  const taken = journal.entries.filter(
    (line) => line.operazione === 'registra' && line.registrazione.anno === anno,
  ).length
  const registrazione: Registration = {
    ...entry.data,
    numero: String(taken + 1).padStart(7, '0'),
    anno,
    registro: 'PROTOCOLLO',
    data: new Date(now).toISOString(),
  }
  journal.append({ operazione: 'registra', registrazione })
  return json(201, registrazione)
}

function search(journal: Journal<ProtocolJournalEntry>, { url }: PlatformCall): PlatformAnswer {
  const riferimento = url.searchParams.get('riferimento')
  return json(200, { registrazioni: registered(journal).filter((found) => found.riferimento === riferimento) })
}

function annul(journal: Journal<ProtocolJournalEntry>, now: number, call: PlatformCall): PlatformAnswer {
  const [, anno, numero] = ANNUL.exec(call.url.pathname) ?? []
  const annulment = annulmentSchema.safeParse(parseJson(call.body))
  if (!annulment.success) return json(400, { errore: z.prettifyError(annulment.error) })
  const one = () => registered(journal).find((found) => found.numero === numero && String(found.anno) === anno)
  const found = one()
  if (!found) return json(404, { errore: 'registrazione sconosciuta' })
  if (!found.annullamento) {
    journal.append({
      operazione: 'annulla',
      anno: found.anno,
      numero: found.numero,
      annullamento: { data: new Date(now).toISOString(), ...annulment.data },
    })
  }
  return json(200, one())
}

/** The register as it reads today: entries with their annulments. */
function registered(journal: Journal<ProtocolJournalEntry>): readonly Registration[] {
  const entries = new Map<string, Registration>()
  for (const line of journal.entries) {
    if (line.operazione === 'registra') {
      entries.set(`${line.registrazione.anno}/${line.registrazione.numero}`, line.registrazione)
    } else {
      const annulled = entries.get(`${line.anno}/${line.numero}`)
      if (annulled) entries.set(`${line.anno}/${line.numero}`, { ...annulled, annullamento: line.annullamento })
    }
  }
  return [...entries.values()]
}
