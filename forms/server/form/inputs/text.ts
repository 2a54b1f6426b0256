import { polygonIn } from '../../../../connectors/gis/geometry/polygon.ts'
import type { Value } from '../../../../engine/feel/index.ts'
import { isNumeric, type Numeric, numberText } from '../../../../engine/feel/number.ts'
import type { Fault } from '../faults.ts'
import { isMapField } from '../map-field.ts'
import type { ComponentOf } from '../schema.ts'
import type { InputKind, Surroundings } from './input.ts'

type TextField = ComponentOf<'textfield'>
const TEXT_MAX = 2_000
const LONG_TEXT_MAX = 20_000

const EMAIL = /^[^\s@,;:<>"()[\]\\]{1,64}@[^\s@,;:<>"()[\]\\.]+(?:\.[^\s@,;:<>"()[\]\\.]+)+$/
const EMAIL_MAX = 254
const INTERNATIONAL_PHONE = /^(?:\+|00)(\d{6,15})$/
const ITALIAN_PHONE = /^[03]\d{5,10}$/

const isControl = (character: string): boolean => character < ' ' || character === '\u007f'
const withoutControls = (text: string, kept: string): string =>
  [...text].filter((character) => !isControl(character) || kept.includes(character)).join('')

const oneLine = (text: string): string => withoutControls(text.replace(/[\r\n\t]+/g, ' '), '').trim()
const manyLines = (text: string): string => withoutControls(text.replace(/\r\n?/g, '\n'), '\n\t').trim()

const textIn = (value: Value): string => (typeof value === 'string' ? value : isNumeric(value) ? numberText(value) : '')

/** E.164; an Italian number without prefix gets +39. Null when it is no number. */
export function phoneOf(text: string): string | null {
  const digits = text.replace(/[\s./-]/g, '')
  const international = INTERNATIONAL_PHONE.exec(digits)
  if (international) return `+${international[1]}`
  return ITALIAN_PHONE.test(digits) ? `+39${digits}` : null
}

function lengthFault(text: string, around: Surroundings, cap: number): Fault | null {
  const length = [...text].length
  const max: Numeric = around.maxLength ?? cap
  if (around.minLength !== null && length < Number(around.minLength))
    return { kind: 'minLength', limit: around.minLength }
  if (length > Math.min(Number(max), LONG_TEXT_MAX)) return { kind: 'maxLength', limit: max }
  return null
}

function formFault({ validate }: TextField, text: string, around: Surroundings): Fault | null {
  if (validate.validationType === 'email')
    return EMAIL.test(text) && text.length <= EMAIL_MAX ? null : { kind: 'email' }
  if (validate.validationType === 'phone') return phoneOf(text) === null ? { kind: 'phone' } : null
  if (validate.pattern === undefined || around.matches(text, validate.pattern)) return null
  return { kind: 'pattern', message: validate.patternErrorMessage }
}

function areaFault(text: string): Fault | null {
  const { fault } = polygonIn(text)
  return fault === null ? null : { kind: 'area', fault }
}

/** Blanks around a text say nothing: they are cut, so that a rule that looks for an empty text finds one. */
export const textfield: InputKind<TextField> = {
  empty: '',
  missing: { kind: 'required' },
  admit: (_component, value) => oneLine(textIn(value)),
  read(component, typed) {
    const text = oneLine(typed.at(-1) ?? '')
    return { value: component.validate.validationType === 'phone' ? (phoneOf(text) ?? text) : text }
  },
  check(component, value, around) {
    const text = textIn(value)
    if (isMapField(component)) return areaFault(text)
    return lengthFault(text, around, TEXT_MAX) ?? formFault(component, text, around)
  },
}

export const textarea: InputKind<ComponentOf<'textarea'>> = {
  empty: '',
  missing: { kind: 'required' },
  admit: (_component, value) => manyLines(textIn(value)),
  read: (_component, typed) => ({ value: manyLines(typed.at(-1) ?? '') }),
  check: (_component, value, around) => lengthFault(textIn(value), around, LONG_TEXT_MAX),
}
