/**
 * What GPD 3 asks of a position before it takes it: its shape (`gpd_v3.json`) and the rules that its description does not say. Owns what
 * is wrong with one; not what has become of those that were taken (sandbox-book.ts).
 */
import { z } from 'zod'

const short = z.string().max(140)
const cents = z.int().min(1)
const instant = z.iso.datetime({ offset: true })
const metadata = z
  .array(z.object({ key: z.string().min(1), value: z.string() }))
  .max(10)
  .default([])

const transferSchema = z.object({
  idTransfer: z.enum(['1', '2', '3', '4', '5']),
  amount: cents,
  organizationFiscalCode: z.string().optional(),
  remittanceInformation: short,
  category: z.string(),
  iban: z
    .string()
    .regex(/^[A-Za-z0-9]{1,35}$/)
    .optional(),
  stamp: z
    .object({
      hashDocument: z.string().max(72),
      stampType: z.string().length(2),
      provincialResidence: z.string().regex(/^[A-Z]{2}$/),
    })
    .optional(),
  transferMetadata: metadata,
})
const instalmentSchema = z.object({
  nav: z
    .string()
    .regex(/^\d{18}$/)
    .optional(),
  iuv: z.string().regex(/^\d{15,17}$/),
  amount: cents,
  description: short,
  dueDate: instant,
  transfer: z.array(transferSchema).min(1),
  installmentMetadata: metadata,
})
const optionSchema = z.object({
  description: short.optional(),
  validityDate: instant.optional(),
  retentionDate: instant.optional(),
  switchToExpired: z.boolean(),
  debtor: z.object({ type: z.enum(['F', 'G']), fiscalCode: z.string().min(1), fullName: z.string().min(1) }),
  installments: z.array(instalmentSchema).min(1).max(100),
})
export const positionSchema = z.object({
  iupd: z.string().min(1),
  companyName: short,
  officeName: short.optional(),
  payStandIn: z.boolean().default(true),
  paymentOption: z.array(optionSchema).min(1).max(100),
})
export type PositionModel = z.infer<typeof positionSchema>
export type InstalmentModel = z.infer<typeof instalmentSchema>
type OptionModel = z.infer<typeof optionSchema>

/** As version 1 takes it: each payment option is a notice. */
export const positionSchemaV1 = z.object({
  iupd: z.string().min(1),
  type: z.enum(['F', 'G']),
  fiscalCode: z.string().min(1),
  fullName: z.string().min(1),
  companyName: short,
  officeName: short.optional(),
  payStandIn: z.boolean().default(true),
  switchToExpired: z.boolean(),
  validityDate: instant.optional(),
  paymentOption: z
    .array(
      instalmentSchema
        .omit({ installmentMetadata: true })
        .extend({ isPartialPayment: z.boolean(), paymentOptionMetadata: metadata }),
    )
    .min(1),
})
export type PositionModelV1 = z.infer<typeof positionSchemaV1>

/** Somebody is sent there. */
const returnUrl = z.url({ protocol: /^https?$/, normalize: true })
export const cartSchema = z.object({
  emailNotice: z.email().optional(),
  paymentNotices: z
    .array(
      z.object({
        // Check digits are not looked at: the examples of the description fail them.
        noticeNumber: z.string().regex(/^\d{18}$/),
        fiscalCode: z.string().length(11),
        amount: cents,
        companyName: short,
        description: short,
      }),
    )
    .min(1)
    .max(5),
  returnUrls: z.object({ returnOkUrl: returnUrl, returnCancelUrl: returnUrl, returnErrorUrl: returnUrl }),
  idCart: z.string().optional(),
  allCCP: z.boolean().optional(),
})
export type CartModel = z.infer<typeof cartSchema>

/** Metadata that pagoPA writes itself. */
const RESERVED_KEY = 'NOTIFICATION_FEE'
/** `9/` and seven digits, two letters: which revenue of which kind of body; whether a code exists the sandbox does not know. */
const TAXONOMY = /^9\/\d{7}[A-Z]{2}\/$/

export interface Registered {
  /** Those of the body that pagoPA knows. */
  readonly ibans: ReadonlySet<string>
  /** Epoch milliseconds, by the platform's clock. */
  readonly now: number
}

/** The first thing that is wrong, in words; null when nothing is. */
export function faultOf({ paymentOption }: PositionModel, registered: Registered): string | null {
  for (const option of paymentOption) {
    const fault = optionFault(option, registered)
    if (fault !== null) return fault
  }
  return null
}

function optionFault(option: OptionModel, registered: Registered): string | null {
  const { validityDate, retentionDate, installments } = option
  if (validityDate !== undefined && Date.parse(validityDate) <= registered.now)
    return 'validityDate must be in the future'
  for (const instalment of installments) {
    const due = Date.parse(instalment.dueDate)
    if (due <= registered.now) return 'dueDate must be in the future'
    if (validityDate !== undefined && due < Date.parse(validityDate)) return 'dueDate must not precede validityDate'
    if (retentionDate !== undefined && Date.parse(retentionDate) < due) return 'retentionDate must not precede dueDate'
    const fault = instalmentFault(instalment, registered)
    if (fault !== null) return fault
  }
  return null
}

function instalmentFault(
  { amount, transfer, installmentMetadata }: InstalmentModel,
  { ibans }: Registered,
): string | null {
  if (transfer.reduce((sum, part) => sum + part.amount, 0) !== amount) return 'amount must be the sum of its transfers'
  if (new Set(transfer.map(({ idTransfer }) => idTransfer)).size < transfer.length) return 'idTransfer must be unique'
  for (const { iban, stamp, category, transferMetadata } of transfer) {
    if ((iban === undefined) === (stamp === undefined)) return 'a transfer has either an iban or a stamp'
    if (iban !== undefined && !ibans.has(iban)) return 'iban is not registered'
    if (!TAXONOMY.test(category)) return 'category is no taxonomy code'
    if (!areMetadataFit(transferMetadata)) return 'metadata keys must be unique and not reserved'
  }
  return areMetadataFit(installmentMetadata) ? null : 'metadata keys must be unique and not reserved'
}

const areMetadataFit = (metadata: readonly { readonly key: string }[]): boolean =>
  new Set(metadata.map(({ key }) => key)).size === metadata.length && !metadata.some(({ key }) => key === RESERVED_KEY)
