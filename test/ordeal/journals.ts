/** What the sandboxes wrote down, read from their files: the platforms as they are, whoever asked. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BoardJournalEntry } from '../../connectors/albo/sandbox.ts'
import type { PopulationJournalEntry } from '../../connectors/anagrafe/sandbox.ts'
import type { Deposited } from '../../connectors/conservazione/deposited.ts'
import type { ReceivedCall } from '../../connectors/faults.ts'
import type { SigningEntry } from '../../connectors/firma/sandbox.ts'
import type { MapJournalEntry } from '../../connectors/gis/sandbox.ts'
import type { IoJournalEntry } from '../../connectors/io/sandbox.ts'
import type { DeliveredMail } from '../../connectors/mail/types.ts'
import type { PagopaJournalEntry } from '../../connectors/pagopa/sandbox-book.ts'
import type { SentMail } from '../../connectors/pec/sandbox/post-office.ts'
import type { ProtocolJournalEntry } from '../../connectors/protocollo/sandbox.ts'
import type { SendJournalEntry } from '../../connectors/send/sandbox-book.ts'
import type { SmsJournalEntry } from '../../connectors/sms/sandbox.ts'
import type { OfficeEntry } from '../../connectors/uffici/sandbox.ts'

/** Every platform that keeps what we do, oldest first. */
export interface Journals {
  readonly protocollo: readonly ProtocolJournalEntry[]
  readonly anagrafe: readonly PopulationJournalEntry[]
  readonly conservazione: readonly Deposited[]
  readonly albo: readonly BoardJournalEntry[]
  readonly uffici: readonly OfficeEntry[]
  readonly pec: readonly SentMail[]
  readonly mail: readonly DeliveredMail[]
  readonly io: readonly IoJournalEntry[]
  readonly sms: readonly SmsJournalEntry[]
  readonly firma: readonly SigningEntry[]
  readonly pagopa: readonly PagopaJournalEntry[]
  readonly gis: readonly MapJournalEntry[]
  readonly send: readonly SendJournalEntry[]
}
export type Keeper = keyof Journals
/** The calls each of them received. */
export type Calls = Readonly<Record<Keeper, readonly ReceivedCall[]>>

const NONE = {
  ...{ protocollo: [], anagrafe: [], conservazione: [], albo: [], uffici: [] },
  ...{ pec: [], mail: [], io: [], sms: [], firma: [], pagopa: [], gis: [], send: [] },
} satisfies Journals & Calls
export const KEEPERS = Object.keys(NONE) as readonly Keeper[]

/** Made-up ones. */
export const journalsWith = (some: Partial<Journals>): Journals => ({ ...NONE, ...some })
export const callsWith = (some: Partial<Calls>): Calls => ({ ...NONE, ...some })

export const journalsIn = (directory: string): Journals => ({
  protocollo: linesOf(directory, 'protocollo'),
  anagrafe: linesOf(directory, 'anagrafe'),
  conservazione: linesOf(directory, 'conservazione'),
  albo: linesOf(directory, 'albo'),
  uffici: linesOf(directory, 'uffici'),
  pec: linesOf(directory, 'pec'),
  mail: linesOf(directory, 'mail'),
  io: linesOf(directory, 'io'),
  sms: linesOf(directory, 'sms'),
  firma: linesOf(directory, 'firma'),
  pagopa: linesOf(directory, 'pagopa'),
  gis: linesOf(directory, 'gis'),
  send: linesOf(directory, 'send'),
})

export const callsIn = (directory: string): Calls => {
  const of = (keeper: Keeper): readonly ReceivedCall[] => linesOf(directory, `${keeper}.calls`)
  return {
    ...{ protocollo: of('protocollo'), anagrafe: of('anagrafe'), conservazione: of('conservazione') },
    ...{ albo: of('albo'), uffici: of('uffici'), pec: of('pec'), mail: of('mail'), io: of('io'), sms: of('sms') },
    ...{ firma: of('firma'), pagopa: of('pagopa'), gis: of('gis'), send: of('send') },
  }
}

/** A line that is being written has no end yet. */
function linesOf<Line>(directory: string, name: string): readonly Line[] {
  const text = readFileSync(join(directory, `${name}.ndjson`), 'utf8')
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
}

export const signingIn = (directory: string): Journals['firma'] => linesOf(directory, 'firma')
export const paymentsIn = (directory: string): Journals['pagopa'] => linesOf(directory, 'pagopa')
