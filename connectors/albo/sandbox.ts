/**
 * A notice board: postings with a number of their own, shown to everybody from their first day to the end of their last (Europe/Rome),
 * then to nobody: what remains is the certificate of publication. As in the products towns use, nothing refuses a repeat.
 * Owns what is posted and when it is shown. Does not own how the pages look (page.ts).
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
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
import { certificatePage, listPage, missingPage, postingPage } from './page.ts'
import type { Posted, PostingState } from './types.ts'

const documentSchema = z.strictObject({
  nome: z.string().min(1).max(255),
  tipo: z.string().min(1),
  byte: z.int().min(0),
  impronta: z.base64(),
})
const postingSchema = z
  .strictObject({
    riferimento: z.string().min(1).max(255),
    oggetto: z.string().min(1).max(1000),
    ufficio: z.string().min(1).max(200),
    dal: z.iso.date(),
    al: z.iso.date(),
    documenti: z.tuple([documentSchema], documentSchema),
  })
  .readonly()

/** One line of the journal: a posting. Its state follows from the clock. */
export type BoardJournalEntry = Omit<Posted, 'stato'>

interface Board {
  readonly journal: Journal<BoardJournalEntry>
  readonly contents: string
  now(): number
}

export function start(options: SandboxOptions): Promise<Sandbox> {
  const contents = join(options.directory, 'albo')
  mkdirSync(contents, { recursive: true })
  return startPlatform(
    options,
    platform({ journal: journalOf<BoardJournalEntry>(options, 'albo'), contents, now: options.now }),
  )
}

type Answer = (board: Board, call: PlatformCall, found: readonly string[]) => PlatformAnswer | Promise<PlatformAnswer>
const NUMBER = '(\\d{4})/(\\d{7,})'
const ROUTES: readonly (readonly [method: string, path: RegExp, operation: string, answer: Answer])[] = [
  ['POST', /^\/pubblicazioni$/, 'pubblica', post],
  ['GET', /^\/pubblicazioni$/, 'cerca', search],
  ['GET', new RegExp(`^/pubblicazioni/${NUMBER}/certificato$`), 'certifica', certify],
  ['GET', /^\/$/, 'pagina', (board) => html(200, listPage(shown(board)))],
  ['GET', new RegExp(`^/atti/${NUMBER}$`), 'pagina', showPosting],
  ['GET', new RegExp(`^/atti/${NUMBER}/(\\d{1,3})$`), 'pagina', showDocument],
]
const routeOf = ({ method, url }: PlatformCall) =>
  ROUTES.find(([allowed, path]) => allowed === method && path.test(url.pathname))

const platform = (board: Board): Platform => ({
  name: 'albo',
  entries: board.journal.entries,
  operationOf: (call) => routeOf(call)?.[2] ?? 'sconosciuta',
  answer(_operation, call) {
    const route = routeOf(call)
    if (!route) return html(404, missingPage())
    const [, path, , answer] = route
    return answer(board, call, path.exec(call.url.pathname)?.slice(1) ?? [])
  },
})

async function post({ journal, contents, now }: Board, { headers, body }: PlatformCall): Promise<PlatformAnswer> {
  const request = new Response(new Uint8Array(body), { headers: { 'content-type': headers['content-type'] ?? '' } })
  const form = await request.formData().catch(() => new FormData())
  const posting = postingSchema.safeParse(parseJson(Buffer.from(String(form.get('pubblicazione')))))
  if (!posting.success) return refusal(400, 'RICHIESTA_ERRATA', z.prettifyError(posting.error))
  const { data } = posting
  if (data.al < data.dal || data.al < dayOf(now()))
    return refusal(422, 'PERIODO_ERRATO', "L'ultimo giorno precede il primo, o è trascorso")
  const files = new Map<string, Buffer>()
  for (const { impronta } of data.documenti) {
    const part = form.get(impronta)
    const content = part instanceof Blob ? Buffer.from(await part.arrayBuffer()) : Buffer.alloc(0)
    files.set(impronta, content)
    if (createHash('sha256').update(content).digest('base64') !== impronta)
      return refusal(422, 'IMPRONTA_DIVERSA', "Un documento non ha l'impronta dichiarata")
  }
  for (const [impronta, content] of files) writeFileSync(join(contents, fileOf(impronta)), content)
  const anno = Number(dayOf(now()).slice(0, 4))
  const taken = journal.entries.filter((entry) => entry.anno === anno).length
  const numero = String(taken + 1).padStart(7, '0')
  const entry = { ...data, numero, anno, registrata: new Date(now()).toISOString() }
  journal.append(entry)
  return json(201, posted(entry, now()))
}

function search({ journal, now }: Board, { url }: PlatformCall): PlatformAnswer {
  const riferimento = url.searchParams.get('riferimento')
  const found = journal.entries.filter((entry) => entry.riferimento === riferimento)
  return json(200, { pubblicazioni: found.map((entry) => posted(entry, now())) })
}

function certify(board: Board, _call: PlatformCall, [anno, numero]: readonly string[]): PlatformAnswer {
  const found = all(board).find((entry) => entry.numero === numero && String(entry.anno) === anno)
  if (!found) return refusal(404, 'PUBBLICAZIONE_SCONOSCIUTA', 'Nessuna pubblicazione ha questo numero')
  if (found.stato !== 'DEFISSA') return refusal(409, 'PUBBLICAZIONE_IN_CORSO', 'La pubblicazione non è terminata')
  return html(200, certificatePage(found))
}

function showPosting(board: Board, _call: PlatformCall, found: readonly string[]): PlatformAnswer {
  const posting = shownAt(board, found)
  return posting ? html(200, postingPage(posting)) : html(404, missingPage())
}

function showDocument(board: Board, _call: PlatformCall, found: readonly string[]): PlatformAnswer {
  const document = shownAt(board, found)?.documenti[Number(found[2]) - 1]
  if (!document) return html(404, missingPage())
  const name = encodeURIComponent(document.nome)
  return {
    ...{ status: 200, type: document.tipo, body: '' },
    file: readFileSync(join(board.contents, fileOf(document.impronta))),
    headers: { 'content-disposition': `attachment; filename*=UTF-8''${name}` },
  }
}

const shown = (board: Board): readonly Posted[] => all(board).filter(({ stato }) => stato === 'AFFISSA')
const shownAt = (board: Board, [anno, numero]: readonly string[]): Posted | undefined =>
  shown(board).find((entry) => entry.numero === numero && String(entry.anno) === anno)
const all = ({ journal, now }: Board): readonly Posted[] => journal.entries.map((entry) => posted(entry, now()))

function posted(entry: BoardJournalEntry, now: number): Posted {
  return { ...entry, stato: stateOf(entry, dayOf(now)) }
}
function stateOf({ dal, al }: BoardJournalEntry, today: string): PostingState {
  if (today < dal) return 'ATTESA'
  return today <= al ? 'AFFISSA' : 'DEFISSA'
}

const dayOf = (now: number): string =>
  Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('Europe/Rome').toPlainDate().toString()
const fileOf = (impronta: string): string => Buffer.from(impronta, 'base64').toString('hex')
const html = (status: number, body: string): PlatformAnswer => ({ status, type: 'text/html', body })
const refusal = (status: number, codice: string, messaggio: string): PlatformAnswer =>
  json(status, { codice, messaggio })
