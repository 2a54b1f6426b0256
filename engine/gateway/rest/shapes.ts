/** The parts from which the shapes of request bodies are made. Clients write absence as absence, as null or as an empty list. */
import { z } from 'zod'
import { JsonText } from '../json-text.ts'

const int64Text = z.string().regex(/^-?\d{1,15}$/)

export const text = z.string()
export const key = z.union([z.string().regex(/^-?\d{1,25}$/), z.int().transform(String)], { error: 'expected a key' })
/** A number or its decimal text. */
export const int64 = z.union([z.int(), int64Text.transform(Number)], { error: 'expected an integer' })
export const variables = z
  .custom<JsonText>((value) => value instanceof JsonText, 'expected an object')
  .transform(({ text }) => text)

/** Empty text clears a date. */
export const date = z.union([z.literal(''), z.iso.datetime({ offset: true, local: true })])

export const optional = <T extends z.ZodType>(shape: T) =>
  shape.nullish().transform((value): z.output<T> | undefined => value ?? undefined)

export const elements = optional(z.array(z.object({ elementId: text })))
/** Repeated by Zeebe in the records a command causes; checked, not kept yet. */
export const operationReference = optional(int64.refine((value) => value >= 1, 'expected at least 1'))
export const nothing = z.object({ operationReference })
