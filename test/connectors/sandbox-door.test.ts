/** The addresses that the start prints: each shows a person something. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
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
