/** What a kind of practice is: what its people declare, answer, pay and sign, and how it must end. */

/** Each of the latter can be run alone: it says what it puts to the test. */
export type Family = 'residenza' | 'altri' | OwnFamily
export type OwnFamily = 'pagamento' | 'firma'

/** What the practices of some families put to the test by themselves: the beginnings of job types. */
export const FAMILY_EFFECTS: Readonly<Record<OwnFamily, readonly string[]>> = {
  pagamento: ['pagopa.', 'contabilita.'],
  firma: ['firma.'],
}

export interface Sent {
  readonly name: string
  readonly variables: object
}
/** What becomes of a payment notice, as soon as pagoPA has it. */
export type Reaction =
  /** On the page where payers pay: `times` in all. */
  | { readonly kind: 'pays'; readonly times: number; readonly form: Readonly<Record<string, string>> }
  /** `having`: once it was paid so, of which pagoPA knows nothing yet. */
  | { readonly kind: 'gives up'; readonly sent: Sent; readonly having?: Readonly<Record<string, string>> }
  | { readonly kind: 'ignores' }

export interface Kind {
  readonly name: string
  readonly family: Family
  readonly process: string
  /** Value of the variable `esito` in the end; null where there is none. */
  readonly esito: string | null
  /** Its entries in the protocol, whatever their order. */
  readonly entries: readonly ('IN' | 'OUT')[]
  /** Interrupted at any moment: some of its entries may be missing. */
  readonly isCutShort?: boolean
  /** Beyond the plain declaration, or in its place. */
  readonly istanza?: object
  readonly hasApp?: boolean
  readonly hasOnlyPhone?: boolean
  readonly domicilioDigitale?: string
  /** What people answer, by task; who is not asked here does not answer. */
  readonly answers: Readonly<Record<string, object>>
  /** Instead of an answer to that task. */
  readonly instead?: Readonly<Record<string, Sent>>
  /** What follows the answer to that task. */
  readonly after?: Readonly<Record<string, Sent>>
  /** Only time brings it further, at some point. */
  readonly waitsForTime?: boolean
  /** By the notices of the practice, in their order; what is not said is ignored. */
  readonly onNotice?: readonly Reaction[]
  /** Who signs how many acts of it. */
  readonly signatures?: Readonly<Record<string, number>>
  /** Who writes the code that this task asks for. */
  readonly codes?: Readonly<Record<string, Coded>>
}

export interface Coded {
  readonly signer: string
  /** As the task's form has it. */
  answer(otp: string): object
  /** How another one is asked for; where that cannot be asked, a code that is none is written. */
  readonly another?: object
  /** The first is written wrong. */
  readonly mistypes?: boolean
}
