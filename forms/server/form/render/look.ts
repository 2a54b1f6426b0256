/** What every part of a rendered form knows: the faults to show, the language, the level of its first headings. */
import type { Fault, Language } from '../faults.ts'
import type { Field } from '../page.ts'
import type { Faults } from '../validate.ts'

export interface Look {
  readonly faults: Faults
  readonly language: Language
  readonly headingLevel: number
}

/** The id of a field's (first) control: where links from the index of faults lead. */
export const idOf = (name: string): string => `campo-${name.replace(/\W+/g, '-')}`

export const faultIn = (look: Look, { name }: Field): Fault | null => look.faults.get(name) ?? null
