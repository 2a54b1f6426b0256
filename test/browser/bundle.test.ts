/** What a browser has to load, and how it is served. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import express from 'express'
import { QUESTIONS_SCRIPT } from '../../forms/server/form/render/questions.ts'
import { assets } from '../../forms/server/shell/assets.ts'
import { bundle, type Scripts } from '../../forms/server/shell/bundle.ts'

const FIRST_LOAD_MAX = 60_000

/** Compressed, with everything that is there before it runs. */
function loadOf(scripts: Scripts, name: string): number {
  const loaded = new Set([name])
  for (const one of loaded) for (const needed of scripts.get(one)?.needs ?? []) loaded.add(needed)
  return [...loaded].reduce((bytes, one) => bytes + (scripts.get(one)?.gzip.length ?? Number.NaN), 0)
}

for (const [name, module] of Object.entries({
  'the evaluator of expressions': './evaluator.ts',
  'a page with questions': '../../forms/server/form/browser/questions.ts',
}))
  test(`${name} loads at most ${FIRST_LOAD_MAX} bytes`, async () => {
    const scripts = await bundle(fileURLToPath(new URL(module, import.meta.url)))
    const load = loadOf(scripts, module.replace(/^.*\//, '').replace('.ts', '.js'))
    assert.ok(load <= FIRST_LOAD_MAX, `${load} bytes`)
  })

test('the script of the questions is asked for again, what it loads is kept for ever', async (t) => {
  const server = express().use(assets()).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const entry = await fetch(origin + QUESTIONS_SCRIPT)
  assert.equal(entry.headers.get('content-encoding'), 'gzip')
  assert.equal(entry.headers.get('cache-control'), 'no-cache')
  const known = { 'if-none-match': entry.headers.get('etag')!, 'cache-control': 'max-age=0' }
  const again = await fetch(origin + QUESTIONS_SCRIPT, { headers: known })
  assert.equal(again.status, 304)
  const later = /import\("\.\/([\w-]+\.js)"\)/.exec(await entry.text())?.[1]
  const whole = await fetch(`${origin}/script/${later}`, { headers: { 'accept-encoding': 'identity' } })
  assert.equal(whole.headers.get('content-encoding'), null)
  assert.match(whole.headers.get('cache-control') ?? '', /immutable/)
  assert.match(await whole.text(), /keepInStep/)
  assert.equal((await fetch(`${origin}/script/live-00000000.js`)).status, 404)
})
