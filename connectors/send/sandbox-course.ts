/**
 * What becomes of a notification, and when, by the platform's clock: a pure function of the request (DL 76/2020 art. 26). Single recipient.
 *
 * The recipient decides. By PEC: before the at sign `piena` is full, at the first attempt and at the one after seven days, `sconosciuta` is
 * no mailbox, nor is anything `@inesistente.example`. By letter: an address with `irreperibile` is nobody's, one with `deceduto` that of
 * somebody who died. Whoever reads the documents, or cancels, does so on the page or by a call (sandbox-book.ts).
 */
import type { RecipientModel, Refusal, RequestModel } from './sandbox-rules.ts'
import type { NoticeState } from './types.ts'

export interface Step {
  /** Epoch milliseconds. */
  readonly at: number
  readonly stato: NoticeState
  /** Category of the element of the timeline by which the state was reached. */
  readonly categoria: string
  readonly dettagli: Readonly<Record<string, unknown>>
  /** Category of the attestation that comes with it; null when none does. */
  readonly atto: string | null
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
export const VALIDATION_MS = 2 * MINUTE_MS
const DISPATCH_MS = MINUTE_MS
const LETTER_MS = 4 * DAY_MS
const SECOND_ATTEMPT_MS = 7 * DAY_MS
/** After which a notice has its effect unread: delivered by PEC, not deliverable by PEC, by letter. */
const PEC_DAYS = 7
const FAILED_PEC_DAYS = 15
const LETTER_DAYS = 10
/** What is delivered by PEC after nine in the evening counts from the next day. */
const LATE_HOUR = 21

export function courseOf(asked: RequestModel, refusals: readonly Refusal[], at: number): readonly Step[] {
  const judged = at + VALIDATION_MS
  const begun: Step = { at, stato: 'IN_VALIDATION', categoria: 'SENDER_ACK_CREATION_REQUEST', dettagli: {}, atto: null }
  if (refusals.length > 0) {
    const refusalReasons = refusals.map(({ code, ...rest }) => ({ errorCode: code, ...rest }))
    const dettagli = { refusalReasons, ...referencesIn(asked) }
    return [begun, { at: judged, stato: 'REFUSED', categoria: 'REQUEST_REFUSED', dettagli, atto: null }]
  }
  const accepted: Step = {
    ...{ at: judged, stato: 'ACCEPTED', categoria: 'REQUEST_ACCEPTED', atto: 'SENDER_ACK' },
    dettagli: referencesIn(asked),
  }
  const [recipient] = asked.recipients
  return recipient ? [begun, accepted, ...deliveryTo(recipient, asked, judged + DISPATCH_MS)] : [begun, accepted]
}

const referencesIn = ({ paProtocolNumber, idempotenceToken }: RequestModel) => ({
  ...{ paProtocolNumber, ...(idempotenceToken !== undefined && { idempotenceToken }) },
})

const deliveryTo = (recipient: RecipientModel, asked: RequestModel, at: number): readonly Step[] =>
  recipient.digitalDomicile ? byPec(recipient.digitalDomicile, at) : byLetter(recipient, asked, at)

function byPec(digitalAddress: NonNullable<RecipientModel['digitalDomicile']>, at: number): readonly Step[] {
  const { address } = digitalAddress
  const name = address.slice(0, address.indexOf('@'))
  const isNone = name === 'sconosciuta' || address.endsWith('@inesistente.example')
  const sent: Step = {
    ...{ at, stato: 'DELIVERING', categoria: 'SEND_DIGITAL_DOMICILE', atto: null },
    dettagli: { ...OF_RECIPIENT, digitalAddress, digitalAddressSource: 'SPECIAL', retryNumber: 0 },
  }
  if (!isNone && name !== 'piena') {
    const delivered = at + 5 * MINUTE_MS
    const dettagli = { ...OF_RECIPIENT, digitalAddress }
    return [
      sent,
      { at: delivered, stato: 'DELIVERED', categoria: 'DIGITAL_SUCCESS_WORKFLOW', dettagli, atto: 'DIGITAL_DELIVERY' },
      effectAt(countedFrom(delivered) + PEC_DAYS * DAY_MS),
    ]
  }
  const given = at + (isNone ? HOUR_MS : SECOND_ATTEMPT_MS)
  const dettagli = OF_RECIPIENT
  return [
    sent,
    { at: given, stato: 'DELIVERED', categoria: 'DIGITAL_FAILURE_WORKFLOW', dettagli, atto: 'DIGITAL_DELIVERY' },
    effectAt(given + FAILED_PEC_DAYS * DAY_MS),
  ]
}

function byLetter({ physicalAddress }: RecipientModel, asked: RequestModel, at: number): readonly Step[] {
  const there = { ...OF_RECIPIENT, physicalAddress }
  const sent: Step = {
    ...{ at, stato: 'DELIVERING', categoria: 'SEND_ANALOG_DOMICILE', atto: null },
    dettagli: { ...there, serviceLevel: asked.physicalCommunicationType, sentAttemptMade: 0 },
  }
  const arrived = at + LETTER_MS
  const words = physicalAddress?.address.toLowerCase() ?? ''
  if (words.includes('deceduto')) {
    const categoria = 'ANALOG_WORKFLOW_RECIPIENT_DECEASED'
    return [sent, { at: arrived, stato: 'RETURNED_TO_SENDER', categoria, dettagli: there, atto: 'ANALOG_DELIVERY' }]
  }
  const reached: Step = words.includes('irreperibile')
    ? {
        ...{ at: arrived, stato: 'UNREACHABLE', categoria: 'COMPLETELY_UNREACHABLE', dettagli: OF_RECIPIENT },
        atto: 'ANALOG_FAILURE_DELIVERY',
      }
    : {
        ...{ at: arrived, stato: 'DELIVERED', categoria: 'ANALOG_SUCCESS_WORKFLOW', dettagli: there },
        atto: 'ANALOG_DELIVERY',
      }
  return [sent, reached, effectAt(arrived + LETTER_DAYS * DAY_MS)]
}

const OF_RECIPIENT = { recIndex: 0 } as const

const effectAt = (at: number): Step => ({
  ...{ at, stato: 'EFFECTIVE_DATE', categoria: 'REFINEMENT', atto: null },
  dettagli: { ...OF_RECIPIENT, eventTimestamp: new Date(at).toISOString() },
})

const hourInRome = new Intl.DateTimeFormat('it-IT', { hour: '2-digit', hourCycle: 'h23', timeZone: 'Europe/Rome' })
const countedFrom = (delivered: number): number =>
  Number(hourInRome.format(delivered)) >= LATE_HOUR ? delivered + DAY_MS : delivered

/** The recipient has read the documents. */
export const readAt = (at: number): Step => ({
  ...{ at, stato: 'VIEWED', categoria: 'NOTIFICATION_VIEWED', atto: 'RECIPIENT_ACCESS' },
  dettagli: { ...OF_RECIPIENT, eventTimestamp: new Date(at).toISOString() },
})

export const cancelledAt = (at: number): Step => ({
  ...{ at, stato: 'CANCELLED', categoria: 'NOTIFICATION_CANCELLED', atto: 'NOTIFICATION_CANCELLED' },
  dettagli: { notificationCost: 0, notRefinedRecipientIndexes: [0] },
})
