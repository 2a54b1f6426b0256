/**
 * What the tests of FEEL and DMN ask, and the cases of the DMN TCK, asked in a browser: values, warnings, faults and the number of
 * steps are those of the server, whether the browser knows `Temporal` or not.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { bundle } from '../../forms/server/shell/bundle.ts'
import { kit } from '../conformance/dmn-tck.ts'
import { answerTo, type Models, type Question } from './answers.ts'
import { openChromium, withoutChromium } from './chromium.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const AT_ONCE = 1_000

/** Runs a program whose evaluator writes down what it is asked. What it finds is not of interest: it has its own tests. */
async function recorded(folder: string, ...args: readonly string[]): Promise<void> {
  // Without the mark of a test that runs, a runner of tests would not start another.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const NODE_OPTIONS = `--import ${new URL('./recorder.ts', import.meta.url)}`
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...env, NODE_OPTIONS, ITER_QUESTIONS: folder },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await once(child, 'exit')
}

/** Tests that start programs: those ask nothing of their own. */
const PROGRAMS = /(?:tck|tools|dmn-documentation)\.test\.ts$/

interface Asked {
  readonly models: Models
  readonly questions: readonly Question[]
}

/** Each once. */
async function askedByTheTests(): Promise<Asked> {
  const folder = mkdtempSync(join(tmpdir(), 'iter-questions-'))
  try {
    const files = globSync('test/feel/*.test.ts', { cwd: root }).filter((file) => !PROGRAMS.test(file))
    await recorded(folder, '--test', ...files)
    const adapter = here('../conformance/dmn-adapter.ts')
    if (kit !== null) await recorded(folder, join(kit, 'run.mjs'), '--engine', adapter, join(kit, 'TestCases'))
    const all = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Asked)
    const texts = new Set(all.flatMap(({ questions }) => questions.map((question) => JSON.stringify(question))))
    const models = Object.assign({}, ...all.map((one) => one.models)) as Models
    return { models, questions: [...texts].map((text) => JSON.parse(text) as Question) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

let models: Models = {}
let questions: readonly Question[] = []
let expected: readonly string[] = []
before(async () => {
  if (withoutChromium) return
  ;({ models, questions } = await askedByTheTests())
  expected = questions.map((question) => answerTo(question, models))
})

async function assertSameAnswers(page: Page): Promise<void> {
  const scripts = await bundle(here('./answering-window.ts'))
  const [script] = [...scripts.values()]
  await page.addScriptTag({ type: 'module', content: Buffer.from(script!.bytes).toString() })
  await page.evaluate(`learn(${JSON.stringify(JSON.stringify(models))})`)
  for (let from = 0; from < questions.length; from += AT_ONCE) {
    const asked = questions.slice(from, from + AT_ONCE)
    const answers = JSON.parse(await page.evaluate(`answersTo(${JSON.stringify(JSON.stringify(asked))})`)) as string[]
    for (const [index, answer] of answers.entries())
      assert.equal(answer, expected[from + index], JSON.stringify(asked[index]).slice(0, 500))
  }
}

const skip = withoutChromium
for (const temporal of ['object', 'undefined'])
  test(`in a browser whose Temporal is ${temporal}`, { skip }, async (t) => {
    const page = await (await openChromium(t)).newWindow()
    if (temporal === 'undefined') await page.addInitScript('delete globalThis.Temporal')
    await page.goto('about:blank')
    assert.equal(await page.evaluate('typeof Temporal'), temporal)
    assert.ok(questions.length > 10_000)
    await assertSameAnswers(page)
  })
