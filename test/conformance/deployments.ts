/**
 * What Zeebe 8.8.0 answered to the diagrams, decision models and forms beside the repository, and when an answer of ours is the same.
 * deployments.json has one entry a file: a hash of its content and 'deploys' or the text of the rejection; `record-deployments.ts`
 * writes it. The files themselves are not here.
 */
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sharedPath } from '../shared-data.ts'

export const DEPLOYS = 'deploys'

export interface Recorded {
  readonly sha256: string
  /** 'deploys', or the reason without the name of the command. */
  readonly zeebe: string
}
export const TABLE = fileURLToPath(new URL('./deployments.json', import.meta.url))
export const recorded = (): Readonly<Record<string, Recorded>> => JSON.parse(readFileSync(TABLE, 'utf8'))

/** The TCK of DMN is measured by `npm run tck`. */
export const conformanceFiles = (): readonly string[] =>
  globSync('**/*.{bpmn,dmn,form}', { cwd: sharedPath('conformance') })
    .filter((path) => !path.startsWith('dmn-tck/'))
    .sort()
export const conformanceFile = (path: string): Buffer => readFileSync(sharedPath(`conformance/${path}`))
export const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex').slice(0, 16)

interface Exception {
  readonly why: string
  /** Of the texts, which are not equal. */
  readonly holds: (zeebe: string, ours: string) => boolean
}

const isRefusal = (text: string): boolean => text !== DEPLOYS
const bothRefuse = (zeebe: string, ours: string): boolean => isRefusal(zeebe) && isRefusal(ours)
const named = (text: string): string | undefined => /^'([^']*)': /m.exec(text)?.[1]
const isDecisionModel = (text: string): boolean => named(text)?.endsWith('.dmn') ?? false

const XML_FAULT = /^'[^']*': (?<fault>(?:Fatal )?Error: URI=null Line=\d+): (?<rule>[\w.-]+:)?/m
const JAVA =
  /cannot be cast to class|Cannot invoke "|Cannot read field "|^'[^']*': null$|No enum constant|Collection expected to have/m
/** What is said of the elements that Iter runs and Zeebe 8.8 does not. */
const BEYOND = [
  /^ {4}- ERROR: Elements of type 'Transaction' are currently not supported\./,
  /^ {4}- ERROR: Event definition of this type is not supported$/,
  /^ {4}- ERROR: (?:Event definition|Boundary events|End events) must be /,
  /^ {4}- ERROR: Start events in event subprocesses must be one of: /,
  /^ {4}- ERROR: Must not have both a compensation boundary event and a compensation event subprocess/,
  /^ {4}- ERROR: Non-Interrupting event of this type is not allowed$/,
]
const CONDITION = /^- Element: [^\n]*Conditional[^\n]* > condition\n(?: {4}- ERROR: .*\n?)*/gm

/** The only ways in which answers may differ. */
export const exceptions: Readonly<Record<string, Exception>> = {
  schema: {
    why: "faults of the XML and of its schema are in our words, and all of the schema's come: the first has the same line and rule",
    holds(zeebe, ours) {
      const [one, other] = [XML_FAULT.exec(zeebe)?.groups, XML_FAULT.exec(ours)?.groups]
      return one !== undefined && one.fault === other?.fault && one.rule === other?.rule
    },
  },
  reference: {
    why: 'Zeebe says at the end of the file that an id is missing; we say it where it is referred to',
    holds: (zeebe, ours) => {
      const missing = /cvc-id\.1: .*/.exec(zeebe)?.[0].trim()
      return missing !== undefined && ours.includes(missing)
    },
  },
  part: {
    why: 'a file that holds a part of a diagram: Zeebe checks the part by the schema and then fails; we say that it is no diagram',
    holds: (zeebe, ours) => bothRefuse(zeebe, ours) && ours.includes('cvc-elt.1.a: Cannot find the declaration'),
  },
  java: {
    why: 'Zeebe fails with a text of its implementation; we say what is wrong and where',
    holds: (zeebe, ours) => bothRefuse(zeebe, ours) && JAVA.test(zeebe),
  },
  form: {
    why: 'Zeebe does not name the form that is at fault',
    holds: (zeebe, ours) => bothRefuse(zeebe, ours) && ours.replace(/^'[^']*\.form': /m, '') === zeebe,
  },
  decision: {
    why: 'decision models: the fault with decision and place, where Zeebe repeats one sentence without; see docs/differences-from-zeebe.md',
    holds: (zeebe, ours) => bothRefuse(zeebe, ours) && isDecisionModel(ours),
  },
  dialect: {
    why: 'a decision model that is not made for Camunda Cloud is read as DMN 1.5; see docs/differences-from-zeebe.md',
    holds: (zeebe, ours) => isDecisionModel(zeebe) && ours === DEPLOYS,
  },
  beyond: {
    why: 'transactions, cancel events, conditional events and compensation event sub-processes, which Zeebe 8.8 does not run; see docs/beyond-zeebe.md',
    holds: (zeebe, ours) => {
      if (!BEYOND.some((line) => zeebe.split('\n').some((one) => line.test(one)))) return false
      return comparable(withoutBeyond(zeebe)) === comparable(withoutBeyond(ours.replace(CONDITION, '')))
    },
  },
}

/** Rejections without what belongs to elements beyond Zeebe; nothing left is no rejection. */
function withoutBeyond(answer: string): string {
  const lines = answer.split('\n').filter((line) => !BEYOND.some((beyond) => beyond.test(line)))
  const left = lines.filter((line, i) => !isHead(line) || lines[i + 1]?.startsWith('    - ERROR: '))
  const file = named(answer)
  const text = left.join('\n')
  if (!text.includes('- ERROR: ')) return DEPLOYS
  return named(text) === undefined ? text.replace('- Element: ', `'${file}': - Element: `) : text
}
const isHead = (line: string): boolean => line.includes('- Element: ')

/**
 * The order of elements, and of the errors of one element, is that of a hash table in Zeebe; some errors come once for each check that
 * finds them; what FEEL's parser expected is a matter of its grammar.
 */
export function comparable(text: string): string {
  const [head = '', ...blocks] = text.split(/(?=- (?:Element|Process): )/)
  const sorted = blocks.map((block) => {
    const [element = '', ...errors] = block.split(/\n(?= {4}- ERROR: )/)
    return [element, ...new Set(errors.map((error) => error.trim()))].sort().join('\n')
  })
  return [head, ...sorted.sort()]
    .join('\n')
    .replace(/(failed to parse expression '.*?': )Expected.*/g, '$1…')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')
}

/** Null when the answers say the same, else the name of the exception that covers the difference; undefined when none does. */
export function difference(zeebe: string, ours: string): string | null | undefined {
  if (comparable(zeebe) === comparable(ours)) return null
  return Object.keys(exceptions).find((name) => exceptions[name]!.holds(zeebe, ours))
}
