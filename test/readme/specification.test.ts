/** engine/README.md and the heads of the files name the same invariants, and the tests that guard them exist. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { filesLike, root, textOf } from '../house/sources.ts'

const rows = [...textOf('engine/README.md').matchAll(/^\| ([A-Z]\d+) \|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)].map(
  ([, id, , keeper, guard]) => ({ id: id!, keeper: keeper!, guard: guard! }),
)
const claims = filesLike('engine/**/*.ts').flatMap((path) =>
  [...textOf(path).matchAll(/^ \* ([A-Z]\d+) /gm)].map(([, id]) => ({ id: id!, path })),
)
const isGap = ({ guard }: (typeof rows)[number]): boolean => /^ (?:gap|from 1\.0 on)/.test(guard)

test('the specification numbers each invariant once', () => {
  const ids = rows.map(({ id }) => id)
  assert.ok(ids.length > 30)
  assert.deepEqual(ids, [...new Set(ids)])
})

test('what a file promises at its head is in the specification', () => {
  const known = new Set(rows.map(({ id }) => id))
  assert.deepEqual(
    claims.filter(({ id }) => !known.has(id)),
    [],
  )
})

test('an invariant that a file keeps is promised at its head', () => {
  const promised = new Set(claims.map(({ id, path }) => `${id} ${path}`))
  const silent = rows
    .flatMap(({ id, keeper }) => [...keeper.matchAll(/`([\w/-]+\.ts)`/g)].map(([, path]) => `${id} engine/${path}`))
    .filter((promise) => !promise.startsWith('E9 ') && !promised.has(promise))
  assert.deepEqual(silent, [])
})

test('the tests it names exist', () => {
  const missing = rows
    .filter((row) => !isGap(row))
    .filter(({ guard }) => {
      const named = [...guard.matchAll(/`(test\/[^`]+)`/g)].map(([, path]) => path!)
      return named.length === 0 || named.some((path) => !existsSync(join(root, path)))
    })
  assert.deepEqual(
    missing.map(({ id }) => id),
    [],
  )
})
