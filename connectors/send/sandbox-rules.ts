/**
 * What SEND asks of a request before it takes charge of it (its shape: `NewNotificationRequestV26`), and for what it refuses it afterwards:
 * documents that are not those announced, recipients that nobody can be. Owns what is wrong with one; not what becomes of those that were
 * accepted (sandbox-course.ts).
 */
import { z } from 'zod'

const ascii = z
  .string()
  .regex(/^[ -~]*$/)
  .max(256)
const digest = z.string().regex(/^[A-Za-z0-9+/]{43}=$/)
const bodyTaxId = z.string().regex(/^\d{11}$/)
/** Latin-1, without what separates fields and what controls. */
const denomination = z
  .string()
  .regex(/^[ -{}~\u00a0-ÿ]*$/)
  .min(1)
  .max(88)

const attachmentSchema = z.object({
  digests: z.object({ sha256: digest }),
  contentType: z.literal('application/pdf'),
  ref: z.object({
    key: z
      .string()
      .regex(/^(safestorage:\/\/)?[A-Za-z0-9._-]+$/)
      .max(512),
    versionToken: z.string().max(256),
  }),
})
const addressSchema = z.object({
  at: z.string().max(44).optional(),
  address: z.string().min(2).max(1024),
  addressDetails: z.string().max(1024).optional(),
  zip: z
    .string()
    .regex(/^[\w -]*$/)
    .max(15)
    .optional(),
  municipality: z.string().min(2).max(256),
  municipalityDetails: z.string().max(256).optional(),
  province: z.string().max(256).optional(),
  foreignState: z.string().max(256).optional(),
})
const paymentSchema = z.strictObject({
  pagoPa: z.object({
    noticeCode: z.string().regex(/^\d{18}$/),
    creditorTaxId: bodyTaxId,
    applyCost: z.boolean(),
    attachment: attachmentSchema.optional(),
  }),
})
const recipientSchema = z.strictObject({
  recipientType: z.enum(['PF', 'PG']),
  taxId: z.string().regex(/^(?:[A-Z]{6}[0-9L-NP-V]{2}[A-Z][0-9L-NP-V]{2}[A-Z][0-9L-NP-V]{3}[A-Z]|\d{11})$/),
  denomination,
  digitalDomicile: z.object({ type: z.literal('PEC'), address: z.email().max(320) }).optional(),
  physicalAddress: addressSchema.optional(),
  payments: z.array(paymentSchema).optional(),
})
export const requestSchema = z.object({
  idempotenceToken: ascii.optional(),
  paProtocolNumber: z.string().min(1).max(256),
  subject: z.string().min(1).max(134),
  abstract: z.string().max(1024).optional(),
  recipients: z.array(recipientSchema).min(1),
  documents: z
    .array(attachmentSchema.extend({ title: z.string().min(1).max(512).optional(), docIdx: z.string().optional() }))
    .min(1),
  notificationFeePolicy: z.enum(['FLAT_RATE', 'DELIVERY_MODE']),
  physicalCommunicationType: z.enum(['AR_REGISTERED_LETTER', 'REGISTERED_LETTER_890']),
  senderDenomination: denomination,
  senderTaxId: bodyTaxId,
  group: ascii.optional(),
  amount: z.int().min(0).optional(),
  taxonomyCode: z.string().regex(/^\d{6}[A-Z]$/),
  paFee: z.int().min(0).max(100).optional(),
  vat: z.int().min(0).max(100).optional(),
  pagoPaIntMode: z.enum(['NONE', 'SYNC', 'ASYNC']).optional(),
})
export type RequestModel = z.infer<typeof requestSchema>
export type RecipientModel = RequestModel['recipients'][number]

export const preloadSchema = z
  .array(
    z.object({
      preloadIdx: z
        .string()
        .regex(/^[\w.-]{1,512}$/)
        .optional(),
      contentType: z.literal('application/pdf'),
      sha256: digest,
    }),
  )
  .min(1)
  .max(15)
export const streamSchema = z.object({
  title: z.string().min(1).max(256),
  eventType: z.enum(['STATUS', 'TIMELINE']),
  groups: z.array(z.string()),
  filterValues: z.array(z.string().regex(/^[A-Z_]{4,256}$/)).default([]),
  waitForAccepted: z.boolean().default(false),
})
export type StreamModel = z.infer<typeof streamSchema>

/** What the key is bound to. */
export interface KeyHolder {
  readonly codiceFiscale: string
  readonly gruppi: readonly string[]
}

/** What is wrong at once, beyond the shape; null when nothing is. Answered with 400. */
export function faultOf(asked: RequestModel, { codiceFiscale, gruppi }: KeyHolder): string | null {
  const { notificationFeePolicy, paFee, vat, pagoPaIntMode = 'NONE', recipients } = asked
  if (asked.senderTaxId !== codiceFiscale) return 'senderTaxId is not of the holder of the key'
  if (asked.group !== undefined && !gruppi.includes(asked.group)) return 'group is none of the key'
  const payments = recipients.flatMap(({ payments: own = [] }) => own)
  const isByMode = notificationFeePolicy === 'DELIVERY_MODE'
  if (isByMode && (paFee === undefined || vat === undefined)) return 'DELIVERY_MODE needs paFee and vat'
  if (!isByMode && pagoPaIntMode !== 'NONE') return 'pagoPaIntMode must be NONE with FLAT_RATE'
  if (pagoPaIntMode !== 'NONE' && payments.length === 0) return 'pagoPaIntMode needs a payment'
  if (payments.some(({ pagoPa }) => pagoPa.applyCost !== isByMode)) return 'applyCost must follow notificationFeePolicy'
  if (recipients.some(({ recipientType, taxId }) => recipientType === 'PG' && taxId.length !== 11))
    return 'taxId of a PG has 11 digits'
  return null
}

/** A document as the store has it. */
export interface StoredFile {
  readonly versione: string
  /** SHA-256, base64, of what came. */
  readonly impronta: string
  readonly isPdf: boolean
}
export interface Refusal {
  readonly code: string
  readonly detail: string
  readonly recIndex?: number
}

/** Why the request is refused once it was looked into; empty when it is accepted. */
export function refusalsOf(
  { documents, recipients }: RequestModel,
  fileAt: (key: string) => StoredFile | undefined,
): readonly Refusal[] {
  const ofFiles = documents.flatMap(({ ref, digests }): readonly Refusal[] => {
    const file = fileAt(ref.key)
    if (file === undefined || file.versione !== ref.versionToken)
      return [{ code: 'FILE_NOTFOUND', detail: `Allegato non trovato: ${ref.key}` }]
    if (file.impronta !== digests.sha256)
      return [{ code: 'FILE_SHA_ERROR', detail: `Validazione fallita, sha256 diverso: ${ref.key}` }]
    return file.isPdf ? [] : [{ code: 'FILE_PDF_INVALID_ERROR', detail: `Non è un PDF: ${ref.key}` }]
  })
  return [...ofFiles, ...recipients.flatMap((recipient, recIndex) => refusalOf(recipient, recIndex))]
}

/** Of Italy; abroad it may lack. */
const ITALIAN_ZIP = /^\d{5}$/

function refusalOf({ taxId, physicalAddress }: RecipientModel, recIndex: number): readonly Refusal[] {
  if (!isTaxId(taxId)) return [{ code: 'TAXID_NOT_VALID', detail: 'Codice fiscale non valido', recIndex }]
  // Nobody is in the sandbox's registers.
  if (physicalAddress === undefined)
    return [{ code: 'ADDRESS_NOT_FOUND', detail: 'Indirizzo non trovato nei registri', recIndex }]
  if (physicalAddress.foreignState === undefined && !ITALIAN_ZIP.test(physicalAddress.zip ?? ''))
    return [{ code: 'NOT_VALID_ADDRESS', detail: 'Indirizzo non valido: CAP', recIndex }]
  return []
}

/** The month by its letter, the day with 40 more for women; digits may stand as letters (omocodia). */
const BORN = /^[A-Z]{6}[0-9L-NP-V]{2}[ABCDEHLMPRST]([0-9L-NP-V]{2})/
const OMOCODIA = 'LMNPQRSTUV'
const plainDigits = (text: string): number =>
  Number([...text].map((one) => (/\d/.test(one) ? one : OMOCODIA.indexOf(one))).join(''))

/** Of a body its check digit is looked at, of a person the day of birth: people of the sandboxes have invented check characters. */
function isTaxId(code: string): boolean {
  if (code.length === 11) return luhnSum(code) % 10 === 0
  const day = plainDigits(BORN.exec(code)?.[1] ?? '0') % 40
  return day >= 1 && day <= 31
}

const luhnSum = (digits: string): number =>
  [...digits].reduce((sum, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2)
    return sum + (value > 9 ? value - 9 : value)
  }, 0)
