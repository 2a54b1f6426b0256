/**
 * Stands for the town's other services: taxes (TARI), schools, social services, utilities, vehicle register. Each takes what the law lets
 * it know and not a field more; taxes, social services and the vehicle register recognise a repeat by our key, schools would enter it
 * twice but can be asked, utilities would forward it twice and cannot. What was entered is never lost: an annulment is an entry of its own.
 */
import { z } from 'zod'
import type { Journal } from '../journal.ts'
import type { RestService } from '../rest/types.ts'
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

const TOKEN = 'sandbox'

export type OfficeEntry =
  | {
      readonly operazione: 'registra'
      readonly servizio: ServiceName
      readonly riferimento: string
      /** Our key, where the service keeps one. */
      readonly chiave: string | null
      readonly pratica: string
      readonly dati: unknown
      readonly data: string
    }
  | {
      readonly operazione: 'annulla'
      readonly servizio: ServiceName
      readonly riferimento: string
      readonly pratica: string
      readonly data: string
    }

const person = z.strictObject({ cf: z.string().length(16), nome: z.string().min(1), cognome: z.string().min(1) })
const address = z.strictObject({
  via: z.string().min(1),
  civico: z.string().min(1),
  interno: z.string().nullish(),
})
const change = { pratica: z.string().min(1), indirizzo: address, decorrenza: z.iso.date() }

interface Service {
  readonly path: string
  /** Before the running number of its references. */
  readonly prefix: string
  readonly request: z.ZodType<{ readonly pratica: string }>
  /** `chiave`: a repeat of our key is the same entry. `cerca`: it can be asked for our key. */
  readonly recognises: 'chiave' | 'cerca' | 'nulla'
}
const SERVICES = {
  tributi: {
    path: '/tributi/occupazioni',
    prefix: 'TARI',
    request: z.strictObject({ ...change, intestatario: person, occupanti: z.int().min(1) }),
    recognises: 'chiave',
  },
  scuola: {
    path: '/scuola/variazioni',
    prefix: 'SCUOLA',
    request: z.strictObject({ ...change, riferimento: z.string().min(1), alunni: z.array(person) }),
    recognises: 'cerca',
  },
  sociale: {
    path: '/sociale/arrivi',
    prefix: 'SOC',
    request: z.strictObject({ ...change, persone: z.array(person).min(1) }),
    recognises: 'chiave',
  },
  utenze: {
    path: '/utenze/inoltri',
    prefix: 'UTENZE',
    request: z.strictObject({ ...change, richiedente: person }),
    recognises: 'nulla',
  },
  motorizzazione: {
    path: '/motorizzazione/residenze',
    prefix: 'MCTC',
    request: z.strictObject({ ...change, codiciFiscali: z.array(z.string().length(16)).min(1) }),
    recognises: 'chiave',
  },
} as const satisfies Record<string, Service>
type ServiceName = keyof typeof SERVICES
const NAMES = Object.keys(SERVICES) as readonly ServiceName[]

/** How its services are reached, under the names the sample town's calls use. */
export const servicesAt = (url: string): Readonly<Record<string, RestService>> =>
  Object.fromEntries(
    NAMES.map((name) => [name, { url: `${url}/${name}`, rete: 'locale', segreti: { gettone: TOKEN } }]),
  )

export const start = (options: SandboxOptions): Promise<Sandbox> =>
  startPlatform(options, offices(journalOf(options, 'uffici'), options.now))

type Operation = 'registra' | 'annulla' | 'cerca' | 'sconosciuta'

function offices(journal: Journal<OfficeEntry>, now: () => number): Platform {
  return {
    name: 'uffici',
    entries: journal.entries,
    operationOf: (call) => `${serviceOf(call) ?? 'uffici'}.${operationOf(call)}`,
    answer(_operation, call) {
      const service = serviceOf(call)
      if (service === null) return json(404, { errore: 'servizio sconosciuto' })
      if (call.headers.authorization !== `Bearer ${TOKEN}`) return json(401, { errore: 'credenziali mancanti' })
      switch (operationOf(call)) {
        case 'registra':
          return enter(journal, service, now(), call)
        case 'annulla':
          return annul(journal, service, now(), call)
        case 'cerca':
          return search(journal, service, call)
        case 'sconosciuta':
          return json(404, { errore: 'operazione sconosciuta' })
      }
    },
  }
}

const serviceOf = ({ url }: PlatformCall): ServiceName | null =>
  NAMES.find((name) => url.pathname.startsWith(`/${name}/`)) ?? null

function operationOf(call: PlatformCall): Operation {
  const { method, url } = call
  const service = serviceOf(call)
  if (service === null) return 'sconosciuta'
  const { path, recognises } = SERVICES[service]
  if (url.pathname === path && method === 'POST') return 'registra'
  if (url.pathname === path && method === 'GET' && recognises === 'cerca') return 'cerca'
  return url.pathname === `/${service}/annullamenti` && method === 'POST' ? 'annulla' : 'sconosciuta'
}

function enter(journal: Journal<OfficeEntry>, servizio: ServiceName, now: number, call: PlatformCall): PlatformAnswer {
  const { request, recognises, prefix } = SERVICES[servizio]
  const asked = request.safeParse(parseJson(call.body))
  if (!asked.success) return json(422, { errore: z.prettifyError(asked.error) })
  const entries = entriesOf(journal, servizio)
  const key = keyOf(call, asked.data)
  if (recognises === 'chiave' && key === null) return json(400, { errore: 'manca Idempotency-Key' })
  const known = recognises === 'chiave' ? entries.find(({ chiave }) => chiave === key) : undefined
  if (known)
    return JSON.stringify(known.dati) === JSON.stringify(asked.data)
      ? json(200, { id: known.riferimento })
      : json(409, { errore: 'la chiave è di un’altra richiesta' })
  const riferimento = `${prefix}-${String(entries.length + 1).padStart(6, '0')}`
  const data = new Date(now).toISOString()
  const { pratica } = asked.data
  journal.append({ operazione: 'registra', servizio, riferimento, chiave: key, pratica, dati: asked.data, data })
  return recognises === 'nulla' ? json(202, {}) : json(201, { id: riferimento })
}

/** Schools keep our reference in the entry itself. */
function keyOf({ headers }: PlatformCall, asked: object): string | null {
  if ('riferimento' in asked && typeof asked.riferimento === 'string') return asked.riferimento
  const header = headers['idempotency-key']
  return typeof header === 'string' ? header : null
}

function search(journal: Journal<OfficeEntry>, servizio: ServiceName, { url }: PlatformCall): PlatformAnswer {
  const found = entriesOf(journal, servizio).filter(({ chiave }) => chiave === url.searchParams.get('riferimento'))
  return json(200, { variazioni: found.map(({ riferimento }) => ({ id: riferimento })) })
}

const annulmentSchema = z.strictObject({ pratica: z.string().min(1), riferimento: z.string().nullable() })

/** Everything of the practice, or the one entry; again, it changes nothing. */
function annul(journal: Journal<OfficeEntry>, servizio: ServiceName, now: number, call: PlatformCall): PlatformAnswer {
  const asked = annulmentSchema.safeParse(parseJson(call.body))
  if (!asked.success) return json(422, { errore: z.prettifyError(asked.error) })
  const { pratica, riferimento } = asked.data
  const own = entriesOf(journal, servizio).filter((entry) => entry.pratica === pratica)
  const meant = riferimento === null ? own : own.filter((entry) => entry.riferimento === riferimento)
  if (riferimento !== null && meant.length === 0) return json(404, { errore: 'riferimento sconosciuto' })
  const gone = new Set(journal.entries.filter(({ operazione }) => operazione === 'annulla').map(refOf))
  const data = new Date(now).toISOString()
  for (const entry of meant.filter((one) => !gone.has(refOf(one))))
    journal.append({ operazione: 'annulla', servizio, riferimento: entry.riferimento, pratica, data })
  return json(200, { id: meant.at(-1)?.riferimento ?? null, annullate: meant.length })
}

const refOf = ({ servizio, riferimento }: OfficeEntry): string => `${servizio}/${riferimento}`

type Registered = Extract<OfficeEntry, { operazione: 'registra' }>
const entriesOf = (journal: Journal<OfficeEntry>, servizio: ServiceName): readonly Registered[] =>
  journal.entries.filter((entry) => entry.operazione === 'registra').filter((entry) => entry.servizio === servizio)
