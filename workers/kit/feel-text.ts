/** A JSON value as the FEEL literal an analyst would write. */
import type { Json } from './fields.ts'

const PLAIN_NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u

export function feelText(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(feelText).join(', ')}]`
  const entries = Object.entries(value).map(
    ([name, one]) => `${PLAIN_NAME.test(name) ? name : JSON.stringify(name)}: ${feelText(one)}`,
  )
  return `{${entries.join(', ')}}`
}
