import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALLOWED, dependencies, notice } from './licences.ts'
import { textOf } from './sources.ts'

test('every production dependency has a licence that allows free use in production', () => {
  const others = dependencies.filter(({ licence }) => !ALLOWED.has(licence))
  assert.deepEqual(
    others.map(({ name, version, licence }) => `${name} ${version}: ${licence}. Decide in test/house/licences.ts`),
    [],
  )
})

test('NOTICE names what is installed: npm run notice writes it', () => {
  assert.equal(textOf('NOTICE'), notice())
})

test('LICENSE is the EUPL, version 1.2, whole', () => {
  const text = textOf('LICENSE')
  assert.match(text, /^EUROPEAN UNION PUBLIC LICENCE v\. 1\.2\n/)
  const articles = [...text.matchAll(/^(\d+)\.[A-Z]/gm)].map(([, number]) => Number(number))
  assert.deepEqual(
    articles,
    Array.from({ length: 15 }, (_, index) => index + 1),
  )
  assert.equal(text.match(/[a-z0-9]+/gi)?.length, 2_240)
})
