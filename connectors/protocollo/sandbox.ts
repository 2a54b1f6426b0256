/**
 * A protocol register: numbers without gaps, from 1 each year (Europe/Rome); annulment keeps the entry; entries and files are found
 * by our reference. As in the products towns use, nothing refuses a repeat: the same entry sent twice takes two numbers.
 * `POST /registri/PROTOCOLLO { "stato": "CHIUSO" }` closes the register, `APERTO` opens it again.
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
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
import { openTestAuthority } from '../test-authority.ts'
import { addToFile, closeFile, type FilingJournalEntry, filesWith, openFile } from './sandbox-files.ts'
import type { SealKey } from './seal.ts'
import type { Annulment, Registration } from './types.ts'

const REGISTER = 'PROTOCOLLO'

const documentSchema = z.strictObject({
  nome: z.string().min(1).max(255),
  tipo: z.string().min(1),
  byte: z.int().min(0),
  impronta: z.base64(),
})
const entrySchema = z.strictObject({
  riferimento: z.string().min(1).max(255),
  verso: z.enum(['IN', 'OUT', 'INTERNO']),
  oggetto: z.string().min(1).max(4000),
  corrispondente: z.strictObject({
    nome: z.string().min(1),
    codiceFiscale: z.string().optional(),
    email: z.string().optional(),
  }),
  documenti: z.tuple([documentSchema], documentSchema),
  classifica: z.string().optional(),
  fascicolo: z.string().optional(),
  emergenza: z
    .strictObject({ numero: z.string(), anno: z.int(), registro: z.string(), data: z.iso.datetime({ offset: true }) })
    .optional(),
})
const annulmentSchema = z.strictObject({ motivo: z.string().min(1).max(1000) })
const stateSchema = z.strictObject({ stato: z.enum(['APERTO', 'CHIUSO']) })

/** One line of the journal: an entry as registered, an annulment of an earlier one, a file's life, the register closed or opened. */
export type ProtocolJournalEntry =
  | { readonly operazione: 'registra'; readonly registrazione: Registration }
  | { readonly operazione: 'annulla'; readonly anno: number; readonly numero: string; readonly annullamento: Annulment }
  | { readonly operazione: 'stato'; readonly stato: 'APERTO' | 'CHIUSO' }
  | FilingJournalEntry

interface Register {
  readonly journal: Journal<ProtocolJournalEntry>
  now(): number
}

type Answer = (
  register: Register,
  call: PlatformCall,
  found: readonly string[],
) => PlatformAnswer | Promise<PlatformAnswer>
const NUMBER = '(\\d{4})/(\\d{7,})'
const FILE = '/fascicoli/([^/]{1,200})'
const ROUTES: readonly (readonly [method: string, path: RegExp, operation: string, answer: Answer])[] = [
  ['POST', /^\/registrazioni$/, 'registra', enter],
  ['GET', /^\/registrazioni$/, 'cerca', search],
  ['POST', new RegExp(`^/registrazioni/${NUMBER}/annullamento$`), 'annulla', annul],
  ['POST', new RegExp(`^/registri/${REGISTER}$`), 'stato', setState],
  ['POST', /^\/fascicoli$/, 'apri-fascicolo', ({ journal, now }, call) => openFile(journal, now(), call)],
  ['GET', /^\/fascicoli$/, 'cerca-fascicolo', ({ journal }, { url }) => filesWith(journal, url)],
  [
    'POST',
    new RegExp(`^${FILE}/registrazioni$`),
    'inserisci-fascicolo',
    ({ journal }, call, [codice = '']) => addToFile(journal, decodeURIComponent(codice), call, registered(journal)),
  ],
  [
    'POST',
    new RegExp(`^${FILE}/chiusura$`),
    'chiudi-fascicolo',
    ({ journal, now }, _call, [codice = '']) => closeFile(journal, now(), decodeURIComponent(codice)),
  ],
]
const routeOf = ({ method, url }: PlatformCall) =>
  ROUTES.find(([allowed, path]) => allowed === method && path.test(url.pathname))

export interface ProtocolSandbox extends Sandbox {
  /** The town's seal, which nobody outside trusts. */
  readonly sigillo: SealKey
}

export async function start(options: SandboxOptions): Promise<ProtocolSandbox> {
  const register = { journal: journalOf<ProtocolJournalEntry>(options, 'protocollo'), now: options.now }
  const authority = await openTestAuthority(join(options.directory, 'protocollo.autorita.json'), 'Iter sandbox seal CA')
  const sigillo = await authority.issue({ name: 'Comune di Esempio' })
  return { ...(await startPlatform(options, platform(register))), sigillo }
}

const platform = (register: Register): Platform => ({
  name: 'protocollo',
  entries: register.journal.entries,
  operationOf: (call) => routeOf(call)?.[2] ?? 'sconosciuta',
  answer(_operation, call) {
    const route = routeOf(call)
    if (!route) return json(404, { errore: 'operazione sconosciuta' })
    const [, path, , answer] = route
    return answer(register, call, path.exec(call.url.pathname)?.slice(1) ?? [])
  },
})

async function enter({ journal, now }: Register, call: PlatformCall): Promise<PlatformAnswer> {
  const parts = await partsOf(call)
  const entry = entrySchema.safeParse(parts?.entry)
  if (!parts || !entry.success) return json(400, { errore: entry.success ? 'corpo' : z.prettifyError(entry.error) })
  const { data } = entry
  const isDeclared = ([impronta, hash]: readonly [string, string]) =>
    impronta === hash && data.documenti.some((document) => document.impronta === hash)
  if (!parts.contents.every(isDeclared))
    return refusal(422, 'IMPRONTA_DIVERSA', "Un contenuto non ha l'impronta dichiarata")
  if (stateOf(journal) === 'CHIUSO') return refusal(423, 'REGISTRO_CHIUSO', 'Il registro è chiuso')
  const instant = now()
  const anno = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO('Europe/Rome').year
  const taken = registered(journal).filter((registration) => registration.anno === anno).length
  const numero = String(taken + 1).padStart(7, '0')
  const registrazione = { ...data, numero, anno, registro: REGISTER, data: new Date(instant).toISOString() }
  journal.append({ operazione: 'registra', registrazione })
  return json(201, registrazione)
}

/** Each content as the digest it was sent under and the one it has; undefined when it is no such form. */
async function partsOf({ headers, body }: PlatformCall) {
  try {
    const request = new Response(new Uint8Array(body), { headers: { 'content-type': headers['content-type'] ?? '' } })
    const parts = [...(await request.formData())]
    const contents = parts.slice(1).map(async ([name, part]): Promise<readonly [string, string]> => {
      const bytes = typeof part === 'string' ? Buffer.from(part) : new Uint8Array(await part.arrayBuffer())
      return [name, createHash('sha256').update(bytes).digest('base64')]
    })
    return { entry: parseJson(Buffer.from(String(parts[0]?.[1]))), contents: await Promise.all(contents) }
  } catch {
    return undefined
  }
}

function search({ journal }: Register, { url }: PlatformCall): PlatformAnswer {
  const riferimento = url.searchParams.get('riferimento')
  return json(200, { registrazioni: registered(journal).filter((found) => found.riferimento === riferimento) })
}

function annul({ journal, now }: Register, call: PlatformCall, [anno, numero]: readonly string[]): PlatformAnswer {
  const annulment = annulmentSchema.safeParse(parseJson(call.body))
  if (!annulment.success) return json(400, { errore: z.prettifyError(annulment.error) })
  const one = () => registered(journal).find((found) => found.numero === numero && String(found.anno) === anno)
  const found = one()
  if (!found) return refusal(404, 'REGISTRAZIONE_SCONOSCIUTA', 'Nessuna registrazione ha questo numero')
  if (!found.annullamento) {
    const annullamento = { data: new Date(now()).toISOString(), ...annulment.data }
    journal.append({ operazione: 'annulla', anno: found.anno, numero: found.numero, annullamento })
  }
  return json(200, one())
}

function setState({ journal }: Register, call: PlatformCall): PlatformAnswer {
  const asked = stateSchema.safeParse(parseJson(call.body))
  if (!asked.success) return json(400, { errore: z.prettifyError(asked.error) })
  journal.append({ operazione: 'stato', ...asked.data })
  return json(200, asked.data)
}

const stateOf = (journal: Register['journal']): 'APERTO' | 'CHIUSO' =>
  journal.entries.findLast((line) => line.operazione === 'stato')?.stato ?? 'APERTO'

/** The register as it reads today: entries with their annulments. */
function registered(journal: Register['journal']): readonly Registration[] {
  const entries = new Map<string, Registration>()
  for (const line of journal.entries) {
    if (line.operazione === 'registra') {
      entries.set(`${line.registrazione.anno}/${line.registrazione.numero}`, line.registrazione)
    } else if (line.operazione === 'annulla') {
      const annulled = entries.get(`${line.anno}/${line.numero}`)
      if (annulled) entries.set(`${line.anno}/${line.numero}`, { ...annulled, annullamento: line.annullamento })
    }
  }
  return [...entries.values()]
}

const refusal = (status: number, codice: string, messaggio: string): PlatformAnswer =>
  json(status, { codice, messaggio })
