/** What the kit reads of a schema: every shape a variable may have, and a clear word about what it cannot tell of. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { feelText } from '../../workers/kit/feel-text.ts'
import { fieldsOf, untold } from '../../workers/kit/fields.ts'
import { shapeText } from '../../workers/kit/words.ts'

const told = { title: 'Titolo', description: 'Descrizione.' }
const shapeOf = (schema: z.ZodType) => {
  const [field] = fieldsOf(z.object({ campo: schema.meta(told) }), 'input')
  return [shapeText(field!.shape), field!.isRequired, feelText(field!.example)]
}

test('each shape in words, whether it must be there, and an example', () => {
  const shapes: readonly (readonly [z.ZodType, string, boolean, string])[] = [
    [z.string(), 'testo', true, '"testo"'],
    [z.iso.date(), 'data, AAAA-MM-GG', true, '"2027-03-01"'],
    [z.iso.datetime({ offset: true }), 'istante, ISO 8601', true, '"2027-03-01T09:00:00Z"'],
    [z.email(), 'indirizzo e-mail', true, '"mario.rossi@posta.example"'],
    [z.int().min(3), 'numero intero', true, '3'],
    [z.number(), 'numero', true, '1'],
    [z.boolean(), 'true · false', true, 'true'],
    [z.enum(['A', 'B']), 'A · B', true, '"A"'],
    [z.enum(['A', 'B']).meta({ choices: { A: 'primo' } }), 'A (primo) · B', true, '"A"'],
    [z.literal('A'), 'A', true, '"A"'],
    [z.array(z.string()), 'elenco: testo', true, '["testo"]'],
    [z.record(z.string(), z.int()), 'contesto di nomi liberi: numero intero', true, '{nome: 1}'],
    [z.object({ a: z.string() }), 'contesto', true, '{a: "testo"}'],
    [z.looseObject({ a: z.string() }), 'contesto, anche con altri nomi', true, '{a: "testo"}'],
    [z.union([z.iso.date(), z.int()]), 'data, AAAA-MM-GG, oppure numero intero', true, '"2027-03-01"'],
    [z.unknown(), 'qualsiasi valore', true, '"valore"'],
    [z.string().optional(), 'testo', false, '"testo"'],
    [z.string().nullable(), 'testo', false, '"testo"'],
    [z.object({ a: z.string() }).nullish(), 'contesto', false, '{a: "testo"}'],
    [z.array(z.string()).default([]), 'elenco: testo', false, '["testo"]'],
    [z.string().transform((text) => text.length), 'testo', true, '"testo"'],
  ]
  for (const [schema, ...expected] of shapes) assert.deepEqual(shapeOf(schema), expected)
})

test('what was said before a field became optional still stands', () => {
  const [field] = fieldsOf(z.object({ a: z.object({}).meta(told).nullish() }), 'input')
  assert.equal(field!.title, 'Titolo')
})

test('fields that say nothing are named by their path, in lists and maps too', () => {
  const row = z.object({ nome: z.string(), detto: z.string().meta(told) })
  const schema = z.object({
    muto: z.string(),
    righe: z.array(row).meta(told),
    per: z.record(z.string(), row).meta(told),
  })
  assert.deepEqual(untold(fieldsOf(schema, 'input')), ['muto', 'righe.nome', 'per.nome'])
})

test('a schema beyond plain variables is refused, with the place', () => {
  assert.throws(
    () => fieldsOf(z.object({ a: z.tuple([z.string(), z.int()]) }), 'input'),
    /prefixItems[\s\S]*at properties\.a/,
  )
  assert.throws(() => fieldsOf(z.string(), 'input'), /no object/)
})
