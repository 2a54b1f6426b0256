/**
 * The numbers of a payment notice and what is printed beside them. Owns the forms of SACI 1.4.0 (notice number, IUV, check digits), of
 * the QR code and of Poste's Data Matrix. Does not own positions nor drawing.
 *
 * A notice number has 18 digits; its IUV is what follows the first one (aux digit 3, the form of bodies with several intermediaries).
 */
import { z } from 'zod'

/** Which of a body's systems gave out a number: two digits, agreed with pagoPA. */
export const segregationSchema = z.string().regex(/^\d{2}$/)

/** The digits that are free: thirteen, so that keys repeat only after ten million millions. */
const BASE_DIGITS = 13
const CHECK_MODULUS = 93n

export interface NoticeNumber {
  /** 18 digits, as people type it. */
  readonly numeroAvviso: string
  /** 17 digits. */
  readonly iuv: string
}

/**
 * The number of the notice that `key` gives rise to (an engine's key, a positive integer): the same key, the same number, whoever asks
 * and however often, so that a repeat after a lost answer finds its own position.
 */
export function noticeNumberOf(key: string, segregation: string): NoticeNumber {
  if (!/^[1-9]\d{0,18}$/.test(key)) throw new Error(`Expected an engine's key, but found "${key.slice(0, 40)}"`)
  const digits = `3${segregationSchema.parse(segregation)}${key.slice(-BASE_DIGITS).padStart(BASE_DIGITS, '0')}`
  const numeroAvviso = `${digits}${checkDigits(digits)}`
  return { numeroAvviso, iuv: numeroAvviso.slice(1) }
}

const checkDigits = (digits: string): string => String(BigInt(digits) % CHECK_MODULUS).padStart(2, '0')

/**
 * Whether a typed number can be one. Aux digits 0, 2 and 3 end in check digits over all that precedes them; 1 has none.
 * Only for what people type: numbers that a platform hands out are taken as they are, since even its examples fail.
 */
export function isNoticeNumber(typed: string): boolean {
  if (!/^[0-3]\d{17}$/.test(typed)) return false
  return typed.startsWith('1') || typed.slice(16) === checkDigits(typed.slice(0, 16))
}

export interface PrintedNotice {
  readonly numeroAvviso: string
  /** Of the body that is paid, 11 digits. */
  readonly codiceFiscaleEnte: string
  /** Cents. */
  readonly importo: number
}

/** Content of the QR code (version 4, error correction M, 25 × 25 mm). */
export function qrTextOf({ numeroAvviso, codiceFiscaleEnte, importo }: PrintedNotice): string {
  return ['PAGOPA', '002', numeroAvviso, codiceFiscaleEnte, centsOf(importo).padStart(2, '0')].join('|')
}

export interface PostalNotice extends PrintedNotice {
  /** Number of the postal account, up to 12 digits. */
  readonly contoPostale: string
  readonly debitore: { readonly codiceFiscale: string; readonly nome: string }
  readonly oggetto: string
}

const ACCOUNT_DIGITS = 12
const AMOUNT_DIGITS = 10
const TAX_CODE_LENGTH = 16
const NAME_LENGTH = 40
const SUBJECT_LENGTH = 110
const FILLER = ' '.repeat(12)

/** Content of Poste's Data Matrix: 256 characters, upper case. */
export function dataMatrixTextOf(notice: PostalNotice): string {
  const { numeroAvviso, codiceFiscaleEnte, importo, contoPostale, debitore, oggetto } = notice
  const codeline = `18${numeroAvviso}12${contoPostale.padStart(ACCOUNT_DIGITS, '0')}10${centsOf(importo).padStart(AMOUNT_DIGITS, '0')}3896`
  const debtor = [
    padded(debitore.codiceFiscale, TAX_CODE_LENGTH),
    padded(debitore.nome, NAME_LENGTH),
    padded(oggetto, SUBJECT_LENGTH),
  ]
  return `codfase=NBPA;${codeline}1P1${codiceFiscaleEnte}${debtor.join('')}${FILLER}A`
}

/** At most ten digits, as both codes have room for. */
function centsOf(importo: number): string {
  if (!Number.isSafeInteger(importo) || importo <= 0 || importo >= 10 ** AMOUNT_DIGITS)
    throw new RangeError(`Expected an amount in cents of at most ${AMOUNT_DIGITS} digits, but found ${importo}`)
  return String(importo)
}

/** Upper case without accents; what the code cannot hold is a space. */
function padded(text: string, length: number): string {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase()
  return plain
    .replace(/[^A-Z0-9 .,'\-/]/g, ' ')
    .slice(0, length)
    .padEnd(length)
}
