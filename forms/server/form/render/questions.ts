/**
 * A form's questions as the server sends them: the page, and what a script needs to go on from there without asking.
 * Invariant: of the variables, only those leave the server that the form fills in or looks at.
 */
import { type Context, toJson } from '../../../../engine/feel/index.ts'
import type { TownCalendar } from '../../../../processes/town.ts'
import { Html, html } from '../../html.ts'
import type { Component, Form } from '../schema.ts'
import { hasTemplate } from '../template.ts'
import type { Asked } from '../validate.ts'
import type { Look } from './look.ts'
import { renderPage } from './page.ts'

/** The address of the script that reads it. */
export const QUESTIONS_SCRIPT = '/script/questions.js'

/** JSON in the page. */
export interface Script {
  readonly form: Form
  /** JSON text, whose numbers keep every digit. */
  readonly variables: string
  readonly now: number
  /** Of a form that asks which days count. */
  readonly calendar?: TownCalendar | undefined
  readonly certified: readonly string[]
  readonly requires: boolean
  /** Names of the controls that were told to be wrong. */
  readonly faults: readonly string[]
  readonly language: Look['language']
  readonly headingLevel: number
  /** Of a form in steps. */
  readonly step?: string | null | undefined
  readonly isPlaced?: boolean | undefined
  readonly frames?: readonly string[]
}

export function renderQuestions({ form, filling, nodes, strictness }: Asked, look: Look): Html {
  const { language, headingLevel, step, isPlaced } = look
  const script: Script = {
    form,
    variables: toJson(neededBy(form, filling.variables)),
    now: filling.now,
    calendar: COUNTS_DAYS.test(JSON.stringify(form)) ? filling.calendar : undefined,
    certified: [...(filling.certified ?? [])],
    requires: strictness?.requires ?? true,
    faults: [...look.faults.keys()],
    language,
    headingLevel,
    step,
    isPlaced,
    ...(filling.frames && { frames: filling.frames }),
  }
  // In a script element only "<" could end or open anything: as an escape it is the same JSON.
  const data = new Html(JSON.stringify(script).replaceAll('<', '\\u003c'))
  return html`<div id="domande">${renderPage(nodes, look)}</div><p class="visually-hidden" role="status" id="domande-novita"></p><script type="application/json" id="domande-dati">${data}</script>`
}

/** Of the `<form>` around the questions: files travel in parts. */
export const encodingOf = ({ form }: Pick<Asked, 'form'>): Html =>
  asksForFiles(form.components) ? html` enctype="multipart/form-data"` : html``

const asksForFiles = (components: readonly Component[]): boolean =>
  components.some((one) => one.type === 'filepicker' || ('components' in one && asksForFiles(one.components)))

const COUNTS_DAYS = /working\s+days?\b|\bis\s+holiday\b/
const WORD = /[\p{L}\p{N}_]+/gu
const PLACES: ReadonlySet<string> = new Set(['key', 'path', 'valuesKey'])

/** Those whose words appear in an expression, a template or the place of a field. A few too many are harmless. */
function neededBy(form: Form, variables: Context): Context {
  const words = new Set<string>()
  JSON.stringify(form, (property, value: unknown) => {
    if (typeof value === 'string' && (PLACES.has(property) || value.startsWith('=') || hasTemplate(value)))
      for (const word of value.match(WORD) ?? []) words.add(word)
    return value
  })
  return new Map([...variables].filter(([name]) => (name.match(WORD) ?? []).every((word) => words.has(word))))
}
