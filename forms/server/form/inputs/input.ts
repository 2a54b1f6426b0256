/** What every kind of input can do: take a stored value, read what a person typed, say what is wrong. */
import type { Value } from '../../../../engine/feel/index.ts'
import type { Numeric } from '../../../../engine/feel/number.ts'
import type { Attachment } from '../attachment.ts'
import type { Fault } from '../faults.ts'
import type { FileLimits } from '../files.ts'
import type { Option } from '../options.ts'

/** Read from what was typed; a text that cannot be read has a fault and the empty value. */
export interface Reading {
  readonly value: Value
  readonly fault?: Fault
}

/** What an input knows besides its component. */
export interface Surroundings {
  readonly options: readonly Option[]
  readonly min: Numeric | null
  readonly max: Numeric | null
  readonly minLength: Numeric | null
  readonly maxLength: Numeric | null
  readonly increment: Numeric | null
  /** Of an area on the map: the square metres that the field beside it says. */
  readonly declaredSize: Numeric | null
  /** Of a field for files. */
  readonly files: FileLimits | null
  /** Today in the town, `aaaa-mm-gg`. */
  readonly today: string
  /** In linear time; a pattern that is none matches everything. */
  matches(text: string, pattern: string): boolean
  /** The file that a posted text stands for: one the field had already, or one this person sent; null for any other. */
  attachment(text: string): Attachment | null
}

export interface InputKind<C> {
  /** Submitted when nothing was entered. */
  readonly empty: Value
  /** A stored or default value in the shape of this input; anything else is empty. */
  admit(component: C, value: Value, around: Surroundings): Value
  /** `typed` is all that came under the control's name, in order. */
  read(component: C, typed: readonly string[], around: Surroundings): Reading
  /** Only for values that are not empty. */
  check(component: C, value: Value, around: Surroundings): Fault | null
  /** What is said when the value is empty and required. */
  readonly missing: Fault
}
