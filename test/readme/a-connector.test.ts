/** The guide to a connector, followed step by step in a copy of the house: what it lays out, what it asks for, and that the house stays whole. */
import assert from 'node:assert/strict'
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, test } from 'node:test'
import { root, textOf } from '../house/sources.ts'
import { shell, shellBlocksOf } from './shell.ts'

const LEFT_OUT = new Set(['node_modules', '.git', 'data', 'build'])
const copy = mkdtempSync(join(tmpdir(), 'iter-connector-'))
cpSync(root, copy, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) })
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
after(() => rmSync(copy, { recursive: true }))

const guide = textOf('docs/a-connector-in-an-hour.md')
const steps = shellBlocksOf(guide)
const step = (part: string, index = 0) => steps.filter(({ command }) => command.includes(part))[index]!
const blocks = (language: string): readonly string[] =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, block]) => block!)
const inCopy = (path: string): string => readFileSync(join(copy, path), 'utf8')
function change(path: string, from: string | RegExp, to: string): void {
  const text = inCopy(path)
  const changed = text.replace(from, () => to)
  assert.notEqual(changed, text, `${path} has no ${from}`)
  writeFileSync(join(copy, path), changed)
}
const everyFile = (): readonly string[] => globSync('{connectors,workers,test/connectors}/**/*', { cwd: copy }).sort()

const CONTRACT = 'test/connectors/pesi-pubblici.test.ts'

test('a name that cannot be, or is taken, is refused in a sentence and nothing is written', async () => {
  const before = everyFile()
  const refusals: readonly (readonly [string, RegExp])[] = [
    ['', /^Expected one name, but found 0/],
    ['uno due', /^Expected one name, but found 2/],
    ['Pesi', /lower case with hyphens, like pesi-pubblici, but found "Pesi"/],
    ['../fuori', /but found "\.\.\/fuori"/],
    ['pesi_pubblici', /lower case with hyphens/],
    ['2pesi', /lower case with hyphens/],
    ['pesi2', /Expected a job type of letters/],
    ['pesi --job invia', /Expected a job type of letters as area\.azione/],
    ['mail', /Expected connectors\/mail to be free/],
    ['ledger', /Expected connectors\/ledger to be free/],
    ['population', /Expected the name population to be free/],
    ['pesi --job protocollo.registra', /Expected workers\/protocollo\/registra\.ts to be free/],
    ['pesi --altro', /Unknown option/],
  ]
  for (const [words, said] of refusals) {
    const { stdout, status } = await shell(`npm run new:connector -- ${words} 2>&1`, copy)
    assert.equal(status, 1, words)
    assert.match(stdout.trim(), said, words)
    assert.doesNotMatch(stdout, /^\s+at /m, words)
  }
  assert.deepEqual(everyFile(), before)
})

test('--help says what it does', async () => {
  const { stdout, status } = await shell('npm run new:connector -- --help', copy)
  assert.equal(status, 0)
  assert.match(stdout, /--job TYPE[\s\S]*docs\/a-connector-in-an-hour\.md/)
})

test('step 1: it is laid out as the guide says; format, lint, templates and house rules hold', async () => {
  const { command, printed } = step('new:connector')
  const { stdout, status } = await shell(command, copy)
  assert.equal(status, 0)
  assert.ok(stdout.startsWith(printed), stdout)
  assert.match(
    stdout,
    /Next:\n {2}1\. node --test test\/connectors\/pesi-pubblici\.test\.ts +fails, and says what to write/,
  )
  const written = printed.trim().split('\n').join(' ')
  assert.equal((await shell(`biome check ${written} 2>&1`, copy)).status, 0)
  assert.equal((await shell('node --test test/house/templates.test.ts test/house/directions.test.ts', copy)).status, 0)
  assert.ok(existsSync(join(copy, 'processes/.camunda/element-templates/pesi.json')))
})

test('a second time its folder is in the way', async () => {
  const { stdout, status } = await shell(`${step('new:connector').command.trim()} 2>&1`, copy)
  assert.equal(status, 1)
  assert.match(stdout, /^Expected connectors\/pesi-pubblici to be free, but it is there\./)
})

test('step 2: the contract test fails, alone, and says what to write', async () => {
  const { command, printed } = step(CONTRACT)
  const { stdout, status } = await shell(command, copy)
  assert.equal(status, 1)
  assert.ok(stdout.includes(printed.trim()), stdout)
  assert.match(stdout, /fail 1\n/)
  for (const file of ['types', 'client', 'sandbox']) assert.ok(stdout.includes(`${file}.ts`))
})

test('steps 3 and 4: with the platform’s words and its contract all pass, and the types of all that was laid out hold', async () => {
  const [before = '', becomes = '', contract = ''] = blocks('ts')
  change('connectors/pesi-pubblici/sandbox.ts', before, becomes)
  change(CONTRACT, /test\('client and sandbox speak[\s\S]*$/, contract)
  change(
    CONTRACT,
    "import { after, test } from 'node:test'\n",
    "import { after, test } from 'node:test'\nimport { z } from 'zod'\n",
  )
  const { stdout, status } = await shell(step(CONTRACT, 1).command, copy)
  assert.equal(status, 0, stdout)
  assert.match(stdout, /fail 0\n/)
  assert.deepEqual(await shell('tsc -p . 2>&1', copy), { stdout: '', status: 0 })
})

test('step 5: after a change of a schema the templates follow', async () => {
  change('workers/pesi/invia.ts', "title: 'Oggetto'", "title: 'Che cosa si pesa'")
  const { stdout, status } = await shell(step('templates').command, copy)
  assert.equal(status, 0)
  assert.deepEqual(stdout.trim().split('\n').sort(), [
    'docs/lavori/pesi.md',
    'processes/.camunda/element-templates/pesi.json',
  ])
  assert.match(
    inCopy('processes/.camunda/element-templates/pesi.json'),
    /"name": "Pesi pubblici: invia"[\s\S]*"label": "Che cosa si pesa"/,
  )
})

test('step 6: the diagram is filled in as the template does it, and its scenarios hold', async () => {
  const [xml = ''] = blocks('xml')
  const flat = (text: string) => text.replace(/\s+/g, ' ').trim()
  assert.ok(flat(textOf('docs/first-steps/pesi/pesi.bpmn')).includes(flat(xml)))
  const { stdout, status } = await shell(step('scenarios').command, copy)
  assert.equal(status, 0, stdout)
  assert.match(stdout, /2 of 2 scenarios hold/)
})

test('every link of the guide leads somewhere', () => {
  const linked = [...guide.matchAll(/\]\(((?!http)[^)#]+)/g)].map(([, path]) => path!)
  assert.deepEqual(
    linked.filter((path) => !existsSync(join(root, 'docs', path))),
    [],
  )
})
