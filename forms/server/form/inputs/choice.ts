import { isList, type Value } from '../../../../engine/feel/index.ts'
import { optionWithToken, tokenOf } from '../options.ts'
import type { Choice, ComponentOf } from '../schema.ts'
import type { InputKind, Surroundings } from './input.ts'

const offered = (value: Value, { options }: Surroundings): Value =>
  value === null ? null : (optionWithToken(options, tokenOf(value))?.value ?? null)

export const checkbox: InputKind<ComponentOf<'checkbox'>> = {
  empty: false,
  missing: { kind: 'confirm' },
  admit: (_component, value) => value === true,
  read: (_component, typed) => ({ value: typed.includes('true') }),
  check: () => null,
}

/** Select and radio. A forged answer is none of those offered. */
export const oneOf: InputKind<Choice> = {
  empty: null,
  missing: { kind: 'choose' },
  admit: (_component, value, around) => offered(value, around),
  read(_component, typed, { options }) {
    const token = typed.at(-1) ?? ''
    if (token === '') return { value: null }
    const option = optionWithToken(options, token)
    return option ? { value: option.value } : { value: null, fault: { kind: 'option' } }
  },
  check: () => null,
}

/** Checklist and taglist: the answers in the order of the options. */
export const manyOf: InputKind<Choice> = {
  empty: [],
  missing: { kind: 'choose' },
  admit(_component, value, { options }) {
    if (!isList(value)) return []
    const tokens = new Set(value.map(tokenOf))
    return options.filter(({ token }) => tokens.has(token)).map((option) => option.value)
  },
  read(_component, typed, { options }) {
    const chosen = options.filter(({ token }) => typed.includes(token))
    const isForged = typed.some((token) => token !== '' && optionWithToken(options, token) === undefined)
    return { value: chosen.map((option) => option.value), ...(isForged && { fault: { kind: 'option' } }) }
  },
  check: () => null,
}
