/** What the platforms of a town have seen, and how a case tells it. Owns reading the sandboxes' journals; times are those of Rome. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PopulationJournalEntry } from '../../connectors/anagrafe/sandbox.ts'
import type { Deposited } from '../../connectors/conservazione/deposited.ts'
import type { ReceivedCall } from '../../connectors/faults.ts'
import { readMessage } from '../../connectors/mail/mime.ts'
import type { DeliveredMail } from '../../connectors/mail/types.ts'
import { headerText, type MailPart, readMail } from '../../connectors/pec/mime.ts'
import type { SentMail } from '../../connectors/pec/sandbox/post-office.ts'
import type { ProtocolJournalEntry } from '../../connectors/protocollo/sandbox.ts'
import type { OfficeEntry } from '../../connectors/uffici/sandbox.ts'

export interface Mail {
  readonly at: string
  readonly to: string
  readonly subject: string
  readonly text: string
}
export interface CertifiedMail extends Mail {
  readonly attachments: readonly { readonly name: string; readonly content: Uint8Array }[]
}

/** Oldest first. */
export interface Journals {
  readonly protocol: readonly ProtocolJournalEntry[]
  readonly mail: readonly Mail[]
  readonly certified: readonly CertifiedMail[]
  readonly archive: readonly Deposited[]
  /** Changes made in the population register. */
  readonly population: readonly PopulationJournalEntry[]
  /** Everything that was asked of it, whatever became of it. */
  readonly populationCalls: readonly ReceivedCall[]
  /** Reads of ANPR. */
  readonly nationalCalls: readonly ReceivedCall[]
  /** The town's other services: taxes, schools, and so on. */
  readonly offices: readonly OfficeEntry[]
}

export function readJournals(directory: string): Journals {
  const lines = <Entry>(name: string): readonly Entry[] =>
    readFileSync(join(directory, `${name}.ndjson`), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Entry)
  return {
    protocol: lines('protocollo'),
    mail: lines<DeliveredMail>('mail').map(({ at, to, raw }) => {
      const { subject, text } = readMessage(raw)
      return { at, to: to.join(), subject, text }
    }),
    certified: lines<SentMail>('pec').map(certifiedMail),
    archive: lines('conservazione'),
    population: lines('anagrafe'),
    populationCalls: lines('anagrafe.calls'),
    nationalCalls: lines('anpr.calls'),
    offices: lines('uffici'),
  }
}

function certifiedMail({ at, to, raw }: SentMail): CertifiedMail {
  const mail = readMail(Buffer.from(raw, 'base64'))
  const leaves = leavesOf(mail)
  const text = leaves.find(({ type, fileName }) => type === 'text/plain' && fileName === null)
  return {
    ...{ at, to: to.join(), subject: headerText(mail, 'subject'), text: text?.content.toString('utf8') ?? '' },
    attachments: leaves.flatMap(({ fileName, content }) => (fileName === null ? [] : [{ name: fileName, content }])),
  }
}
const leavesOf = (part: MailPart): readonly MailPart[] =>
  part.parts.length === 0 ? [part] : part.parts.flatMap(leavesOf)

/** An instant as people in the town tell it, to the minute. */
export const inRome = (instant: string): string =>
  Temporal.Instant.from(instant)
    .toZonedDateTimeISO('Europe/Rome')
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })

/** Entries of the register: direction and when. */
export const entriesIn = ({ protocol }: Journals): readonly string[] =>
  protocol.flatMap((line) => {
    if (line.operazione === 'annulla') return [`annulled ${line.numero}`]
    return line.operazione === 'registra' ? [`${line.registrazione.verso} ${inRome(line.registrazione.data)}`] : []
  })
const letters = (mails: readonly Mail[]): readonly string[] => mails.map(({ at, to }) => `${to} ${inRome(at)}`)
export const mailsIn = ({ mail }: Journals): readonly string[] => letters(mail)
export const certifiedIn = ({ certified }: Journals): readonly string[] => letters(certified)
export const changesIn = ({ population }: Journals): readonly string[] =>
  population.map(({ operazione, decorrenza, ricevuta }) => `${operazione} from ${decorrenza} ${inRome(ricevuta.data)}`)
export const readsIn = ({ nationalCalls }: Journals): readonly string[] =>
  nationalCalls.map(({ at, operation }) => `${operation} ${inRome(at)}`)
export const depositsIn = ({ archive }: Journals): readonly string[] =>
  archive.map(({ urn, dataVersamento }) => `${urn} ${inRome(dataVersamento)}`)
export const noticesIn = ({ offices }: Journals): readonly string[] =>
  offices.map(({ servizio, operazione, data }) => `${servizio}: ${operazione} ${inRome(data)}`)

/** What has been added since: for towns in which more than one case is played. */
export function since(now: Journals, before: Journals): Journals {
  const fresh = <Entry>(all: readonly Entry[], earlier: readonly Entry[]) => all.slice(earlier.length)
  return {
    protocol: fresh(now.protocol, before.protocol),
    mail: fresh(now.mail, before.mail),
    certified: fresh(now.certified, before.certified),
    archive: fresh(now.archive, before.archive),
    population: fresh(now.population, before.population),
    populationCalls: fresh(now.populationCalls, before.populationCalls),
    nationalCalls: fresh(now.nationalCalls, before.nationalCalls),
    offices: fresh(now.offices, before.offices),
  }
}
