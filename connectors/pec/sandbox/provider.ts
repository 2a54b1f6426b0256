/**
 * How a provider treats what it is given, and when: acceptance at once, delivery as the recipient's mailbox allows, a warning after
 * twelve hours and a failure after twenty-four (DM 2 November 2005, technical rules 6.4 to 6.5). A pure function of the message.
 *
 * The recipient decides: before the at sign `lenta` takes five hours, `muta` never answers, of `silenziosa` nothing is ever heard
 * again; `piena`, `sconosciuta` and `virus` fail at once. `@inesistente.example` is no domain, `@posta.example` no certified mail. A
 * message with the text that virus scanners agree on for tests is not accepted.
 */
import type { CertificateKind, DeliveryError } from '../certificate.ts'
import { headerAddress, type MailPart } from '../mime.ts'

export interface PlannedReceipt {
  /** Epoch milliseconds. */
  readonly at: number
  readonly kind: Exclude<CertificateKind, 'posta-certificata'>
  readonly error: DeliveryError
  /** Whose provider writes it. */
  readonly by: 'sender' | 'recipient'
  /** Null when it is about all recipients. */
  readonly recipient: string | null
  readonly explanation: string | null
}

const HOUR_MS = 3_600_000
export const WARNING_MS = 12 * HOUR_MS
export const FAILURE_MS = 24 * HOUR_MS
const SLOW_MS = 5 * HOUR_MS
const VIRUS = 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE'

export const isCertified = (address: string): boolean => !address.endsWith('@posta.example')

export function plannedReceipts(mail: MailPart, from: string, to: readonly string[], at: number): PlannedReceipt[] {
  const refusal = refusalOf(mail, from)
  if (refusal !== null) return [{ at, kind: 'non-accettazione', by: 'sender', recipient: null, ...refusal }]
  const accepted = {
    at,
    kind: 'accettazione',
    error: 'nessuno',
    by: 'sender',
    recipient: null,
    explanation: null,
  } as const
  return [accepted, ...to.filter(isCertified).flatMap((recipient) => deliveryTo(recipient, at))]
}

function refusalOf(mail: MailPart, from: string): Pick<PlannedReceipt, 'error' | 'explanation'> | null {
  if (headerAddress(mail, 'from') !== from)
    return { error: 'altro', explanation: '5.7.1 il mittente non è il titolare della casella' }
  return contains(mail, VIRUS) ? { error: 'virus', explanation: '5.7.1 rilevato un virus' } : null
}

const contains = ({ content, parts }: MailPart, text: string): boolean =>
  content.includes(text) || parts.some((part) => contains(part, text))

function deliveryTo(recipient: string, at: number): PlannedReceipt[] {
  const about = { at, error: 'nessuno', recipient, explanation: null } as const
  const taken: PlannedReceipt = { ...about, kind: 'presa-in-carico', by: 'recipient' }
  const delivered: PlannedReceipt = { ...about, kind: 'avvenuta-consegna', by: 'recipient' }
  const failed = (
    error: DeliveryError,
    explanation: string,
    by: PlannedReceipt['by'] = 'recipient',
  ): PlannedReceipt => ({
    ...{ ...about, kind: 'errore-consegna', error, explanation, by },
  })
  if (recipient.endsWith('@inesistente.example')) return [failed('no-dominio', '5.1.2 dominio inesistente', 'sender')]
  switch (recipient.slice(0, recipient.indexOf('@'))) {
    case 'lenta':
      return [taken, { ...delivered, at: at + SLOW_MS }]
    case 'piena':
      return [taken, failed('altro', '5.2.2 casella piena')]
    case 'sconosciuta':
      return [failed('no-dest', '5.1.1 casella inesistente')]
    case 'virus':
      return [taken, failed('virus', '5.7.1 rilevato un virus')]
    case 'muta':
      return [
        {
          ...{ ...about, at: at + WARNING_MS, kind: 'preavviso-errore-consegna', error: 'altro', by: 'sender' },
          explanation: 'il gestore del destinatario non ha preso in carico il messaggio',
        },
        { ...failed('altro', 'il gestore del destinatario non risponde', 'sender'), at: at + FAILURE_MS },
      ]
    case 'silenziosa':
      return []
    default:
      return [taken, delivered]
  }
}
