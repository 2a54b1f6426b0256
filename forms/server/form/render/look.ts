/** What every part of a rendered form knows: what was judged, the language, the level of its first headings. */
import type { Fault, Language } from '../faults.ts'
import type { Field } from '../page.ts'
import type { Judgement } from '../validate.ts'

export interface Look extends Judgement {
  readonly language: Language
  readonly headingLevel: number
  /** Whether a script keeps the questions in step with the answers; otherwise buttons do. */
  readonly isLive: boolean
  /** Of a form that is filled in step by step, the step the page shows; without it everything stands on one page. */
  readonly step?: string | null | undefined
  /** Where the person stands among the steps is told elsewhere on the page. */
  readonly isPlaced?: boolean | undefined
  /** Nothing can be pressed: there is no form around it. */
  readonly isStill?: boolean
}

/** The id of a field's (first) control: where links from the index of faults lead. */
export const idOf = (name: string): string => `campo-${name.replace(/\W+/g, '-')}`

export const faultIn = (look: Look, { name }: Pick<Field, 'name'>): Fault | null => look.faults.get(name) ?? null
