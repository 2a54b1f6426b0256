/**
 * INAD's extraction service in the sandbox: `extract` and `verify` behind a voucher of the exchange; lists are not offered. Refuses tax
 * codes with replaced digits (omocodia), as its description does.
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
  type Sandbox,
  type SandboxOptions,
  startPlatform,
} from '../sandbox.ts'

/** What the exchange knows of this e-service. */
export const INAD_ESERVICE = {
  audience: 'https://api.inad.example/rest/inad/v1/domiciliodigitale',
  purposeId: '0d9b7c52-6e1f-4f0a-8c3d-2b4a6c8e0f12',
  patterns: [],
} as const satisfies Omit<Eservice, 'url'>

export interface InadSandboxOptions extends SandboxOptions {
  readonly trust: Trust
}

/** One line of the journal: a question answered. */
export interface InadJournalEntry {
  readonly at: string
  readonly operazione: string
  readonly codiceFiscale: string
  readonly practicalReference: string
}

interface Elected {
  readonly indirizzo: string
  readonly dal: string
  readonly fino: string
  readonly professione?: string
}
/** No end is written as a day far away: the description wants one. */
const OPEN_END = '2099-12-31T00:00:00Z'

const ELECTED: Readonly<Record<string, readonly Elected[]>> = {
  BNCLCU90E45G999C: [{ indirizzo: 'lucia.bianchi@pec.example', dal: '2024-02-01', fino: OPEN_END }],
  // A professional with an address of her own beside the one of the profession.
  VRDNNA78M52G999V: [
    { indirizzo: 'avv.verdi@ordine.example', dal: '2023-07-06', fino: OPEN_END, professione: 'Avvocato' },
    { indirizzo: 'anna.verdi@pec.example', dal: '2024-05-01', fino: OPEN_END },
  ],
  // A professional who has elected no other.
  MRNTMS92B07G999Z: [
    { indirizzo: 'geom.marini@ordine.example', dal: '2023-07-06', fino: OPEN_END, professione: 'Geometra' },
  ],
  // Gave it up.
  NRELSE88T60H501L: [{ indirizzo: 'elisa.neri@pec.example', dal: '2023-09-01', fino: '2025-01-31T00:00:00Z' }],
}

interface Index {
  readonly journal: Journal<InadJournalEntry>
  readonly gate: Gate
  readonly now: () => number
}

export function start(options: InadSandboxOptions): Promise<Sandbox> {
  const gate = newGate(options.trust, INAD_ESERVICE)
  return startPlatform(options, extraction({ journal: journalOf(options, 'inad'), gate, now: options.now }))
}

const ASKED = /^\/(extract|verify)\/([^/]+)$/

function extraction(index: Index): Platform {
  return {
    name: 'inad',
    entries: index.journal.entries,
    operationOf: ({ method, url }) => (method === 'GET' && ASKED.exec(url.pathname)?.[1]) || 'sconosciuta',
    async answer(operation, call) {
      if (operation === 'sconosciuta') return refusal(404, 'operazione sconosciuta')
      const barred = await index.gate.refuse(call)
      return barred ? refusal(barred.status, barred.reason) : search(index, operation, call)
    },
  }
}

const TYPES = { 400: 'BAD_REQUEST', 401: 'UNAUTHORIZED', 404: 'NOT_FOUND' } as const
const refusal = (status: keyof typeof TYPES, detail: string): PlatformAnswer => ({
  ...json(status, { status: String(status), type: TYPES[status], detail }),
  type: 'application/problem+json',
})

const extractSchema = z.object({ practicalReference: z.string().min(1) })
const verifySchema = extractSchema.extend({ digital_address: z.email(), since: z.iso.date() })
const TAX_CODE = /^(?:\d{11}|[A-Za-z]{6}\d{2}[A-Za-z]\d{2}[A-Za-z]\d{3}[A-Za-z])$/

function search({ journal, now }: Index, operazione: string, { url }: PlatformCall): PlatformAnswer {
  const code = decodeURIComponent(ASKED.exec(url.pathname)?.[2] ?? '').toUpperCase()
  const asked = (operazione === 'verify' ? verifySchema : extractSchema).safeParse(Object.fromEntries(url.searchParams))
  if (!TAX_CODE.test(code)) return refusal(400, 'codice fiscale errato')
  if (!asked.success) return refusal(400, `parametro errato: ${asked.error.issues[0]?.path.join('.') ?? ''}`)
  const at = `${new Date(now()).toISOString().slice(0, 19)}Z`
  journal.append({ at, operazione, codiceFiscale: code, practicalReference: asked.data.practicalReference })
  const elected = ELECTED[code]
  if (elected === undefined) return refusal(404, 'domicilio digitale non presente')
  const verified = verifySchema.safeParse(asked.data)
  if (verified.success) return json(200, { outcome: wasElected(elected, verified.data), dateTimeCheck: at })
  return json(200, { codiceFiscale: code, since: at, digitalAddress: elected.map(elementOf) })
}

const elementOf = ({ indirizzo, fino, professione }: Elected) => ({
  digitalAddress: indirizzo,
  ...(professione !== undefined && { practicedProfession: professione }),
  usageInfo: { motivation: 'CESSAZIONE_VOLONTARIA', dateEndValidity: fino },
})

const wasElected = (elected: readonly Elected[], { digital_address, since }: z.infer<typeof verifySchema>): boolean =>
  elected.some(({ indirizzo, dal, fino }) => indirizzo === digital_address && dal <= since && since < fino.slice(0, 10))
