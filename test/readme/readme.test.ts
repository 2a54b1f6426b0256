/** What README shows is what lies in docs/first-steps, and it runs. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startInMemory } from '../conformance/engine-under-test.ts'
import { root, textOf } from '../house/sources.ts'
import { commandsIn, shell, shellBlocksOf } from './shell.ts'

const readme = textOf('README.md')

test('README shows the worker as it lies in docs/first-steps', () => {
  assert.ok(readme.includes(`\`\`\`js\n${textOf('docs/first-steps/saluto.mjs')}\`\`\``))
})

test('README names only files and scripts that exist', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { readonly scripts: Record<string, string> }
  const missing = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!).filter((name) => !scripts[name])
  assert.deepEqual(missing, [])
  const linked = [...readme.matchAll(/\]\(((?!http)[^)#]+)/g)].map(([, path]) => path!)
  assert.deepEqual(
    linked.filter((path) => !existsSync(join(root, path))),
    [],
  )
})

test('the first ten minutes: deploy, start, a worker answers', async (t) => {
  const { ports, close } = await startInMemory()
  t.after(close)
  const worker = spawn(process.execPath, [join(root, 'docs/first-steps/saluto.mjs')], {
    env: { ...process.env, ZEEBE_GRPC_ADDRESS: `grpc://${ports.grpc}` },
    stdio: 'ignore',
  })
  t.after(() => worker.kill())
  for (const command of commandsIn(readme, ports.rest)) {
    const { stdout, status } = await shell(command)
    assert.equal(status, 0, command)
    if (command.includes('process-instances')) assert.equal(JSON.parse(stdout).variables.saluto, 'Buongiorno, Ada')
  }
})

test('README tries out an expression and a table', async () => {
  const [block] = shellBlocksOf(readme).filter(({ command }) => command.startsWith('npm run'))
  const { stdout, status } = await shell(block!.command)
  assert.equal(status, 0)
  assert.match(stdout, /^122 {2}\(number\)$/m)
  assert.match(stdout, /^Tariffa mensa .* = 1.68$/m)
})
