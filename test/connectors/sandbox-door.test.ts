/** The addresses that the start prints: each shows a person something. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startSandboxes } from '../../connectors/sandboxes.ts'

test('every sandbox opens in a browser: its page, or what it has done', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'iter-door-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const sandboxes = await startSandboxes({ directory, now: () => 0 })
  t.after(sandboxes.close)
  for (const [name, { url }] of Object.entries(sandboxes.platforms)) {
    const answer = await fetch(url)
    assert.equal(answer.status, 200, name)
    if (!(answer.headers.get('content-type') ?? '').includes('html')) assert.deepEqual(await answer.json(), [], name)
  }
})

test('an address that nobody could read is refused, and breaks no connection', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'iter-door-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const sandboxes = await startSandboxes({ directory, now: () => 0 })
  t.after(sandboxes.close)
  for (const { url } of Object.values(sandboxes.platforms))
    for (const path of ['//', '/%zz', '/collections/strade/items/%E0%A4%A', '/avvisi/%'])
      assert.equal(await statusOf(url, path), 400, `${url} ${path}`)
})

/** As it is written: `fetch` mends what it is given. */
const statusOf = (url: string, path: string): Promise<number | undefined> => {
  const { hostname, port } = new URL(url)
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
  request({ hostname, port, path }, ({ statusCode }) => resolve(statusCode))
    .on('error', reject)
    .end()
  return promise
}
