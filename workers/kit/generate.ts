/**
 * `npm run templates`: writes the Modeler's element templates and the docs pages of all steps, removes those of steps that are gone, and
 * applies the templates in the delivered diagrams.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { withTemplates } from './applied.ts'
import { elementTemplate } from './element-template.ts'
import { areaPage, indexPage } from './page.ts'
import { everyStep, type Step, templateVersion } from './step.ts'

export const TEMPLATES = 'processes/.camunda/element-templates'
export const PAGES = 'docs/lavori'
const DIAGRAMS = 'processes/**/*.bpmn'
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** What is to be written: text by path, relative to the repository. */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  const steps = await everyStep()
  const version = await templateVersion()
  const areas = Map.groupBy(steps, ({ area }) => area)
  const inOrder: ReadonlyMap<string, readonly Step[]> = new Map(
    [...areas].sort(([one], [other]) => (one < other ? -1 : 1)),
  )
  const files = [...inOrder].flatMap(([area, own]) => {
    const templates = own.map((step) => elementTemplate(step, version))
    return [
      [`${TEMPLATES}/${area}.json`, `${JSON.stringify(templates, null, 2)}\n`],
      [`${PAGES}/${area}.md`, areaPage(area, own)],
    ] as const
  })
  const templates = new Map(steps.map((step) => [step.id, elementTemplate(step, version)]))
  const diagrams = globSync(DIAGRAMS, { cwd: ROOT }).map(
    (path) => [path, withTemplates(readFileSync(join(ROOT, path), 'utf8'), templates)] as const,
  )
  return new Map([...files, [`${PAGES}/README.md`, indexPage(inOrder)], ...diagrams])
}

/** Files in the generated folders, whoever wrote them. */
export const present = (root: string): readonly string[] =>
  globSync([`${TEMPLATES}/*.json`, `${PAGES}/*.md`], { cwd: root }).sort()

async function write(root: string): Promise<readonly string[]> {
  const files = await generated()
  const changed = [...files].filter(([path, text]) => {
    const file = join(root, path)
    if (existsSync(file) && readFileSync(file, 'utf8') === text) return false
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return true
  })
  const gone = present(root).filter((path) => !files.has(path))
  for (const path of gone) rmSync(join(root, path))
  return [...changed.map(([path]) => path), ...gone.map((path) => `${path} (removed)`)]
}

const HELP = `Writes the element templates (${TEMPLATES}) and the pages (${PAGES}) of all job types and call activities,
and applies the templates in the delivered diagrams.

  npm run templates

What they say comes from the schemas of the workers and from processes/comuni/*/interfaccia.json.`

if (import.meta.main) {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } })
  if (values.help) console.log(HELP)
  else for (const path of await write(ROOT)) console.log(path)
}
