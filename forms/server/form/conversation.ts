/**
 * One post of a form's page → what the page holds now, and whether it may go on. Every page with a form speaks through this.
 *
 * Owns: files taken and forgotten, rows and tables pressed, steps forward and back, what is judged when. Does not own: what becomes
 * of an answer that is complete (the caller's), looks (render/).
 * Invariants
 * V1 Nothing that was typed is lost: every turn carries it, whatever was pressed and whatever was wrong.
 * V2 A turn is complete only when the whole form was judged, never one step of it.
 * V3 A file is taken only for a field that the page shows, within the limits that this field has with these answers.
 */
import type { Context } from '../../../engine/feel/index.ts'
import type { TownCalendar } from '../../../processes/town.ts'
import { attachmentsIn } from './attachment.ts'
import type { Fault, Language } from './faults.ts'
import { type Field, type Node, visibleFields, visibleRows } from './page.ts'
import type { Look } from './render/look.ts'
import { resolve } from './resolve.ts'
import type { Form } from './schema.ts'
import { STEP_CONTROL, type Step, stepAfter, stepAt, stepBefore, stepsOf } from './steps.ts'
import { type Typed, typedIn, withRowPressed } from './typed.ts'
import type { PersonAttachments, ReceivedFile } from './upload/attachments.ts'
import { takeFiles } from './upload/take-files.ts'
import { type Asked, type Faults, type Judgement, judge, mayGoOn, type Strictness, UNJUDGED } from './validate.ts'

/** What is asked of whom. */
export interface Asking {
  readonly form: Form
  readonly variables: Context
  readonly now: number
  readonly calendar?: TownCalendar | undefined
  readonly certified?: ReadonlySet<string>
  readonly frames?: readonly string[]
  readonly strictness?: Strictness
  /** Of whoever fills in; null: this page takes no files. */
  readonly attachments: PersonAttachments | null
  /** The practice whose documents may be among the answers; null when it is yet to come. */
  readonly practice: string | null
  /** Whether groups with property `step` are pages of their own. */
  readonly inSteps: boolean
  /** Values of the control `azione` that want the whole form complete; `avanti` always does, after the last step. */
  readonly final: readonly string[]
}

/** `body` is undefined on a first visit, `typed` may then be that of a draft. */
export interface Post {
  readonly body: unknown
  readonly files: readonly ReceivedFile[]
}

export interface Turn extends Asked {
  /** To be kept for a draft, or in hidden controls of a summary. */
  readonly typed: Typed
  /** What was pressed; null for rows, tables and files. */
  readonly wish: string | null
  readonly judgement: Judgement
  readonly steps: readonly Step[]
  /** The one to show; null when the form is one page. */
  readonly step: Step | null
  /** All of it was judged and nothing is wrong. */
  readonly isComplete: boolean
}

/** A first visit, or the return to a draft, at the step where it was left. */
export function begin(asking: Asking, draft: Typed | null = null): Turn {
  const asked = askedWith(asking, draft)
  return turnOf(asking, asked, draft ?? new Map(), null, UNJUDGED, (steps) => stepAt(steps, stepIn(draft)))
}

export async function hear(asking: Asking, { body, files }: Post): Promise<Turn> {
  if (body === undefined) return begin(asking)
  const posted = typedIn(body)
  const wish = posted.get('azione')?.at(-1) ?? null
  if (wish === 'ripristina') return startAgain(asking, posted)
  const { typed: received, refused } = await takeFiles(
    asking.attachments,
    files.length === 0 ? [] : askedWith(asking, posted).nodes,
    posted,
    files,
  )
  const typed = withRowPressed(received) ?? received
  await forget(asking, received, typed)
  const asked = askedWith(asking, typed)
  const show = (judgement: Judgement, at: (steps: readonly Step[]) => Step | null) =>
    turnOf(asking, asked, typed, wish, judgement, at)
  const here = (steps: readonly Step[]) => stepAt(steps, stepIn(typed))
  if (refused.size > 0) return show({ faults: refused, unasked: new Set() }, here)
  return goOn(asking, asked, typed, wish, show, here)
}

type Show = (judgement: Judgement, at: (steps: readonly Step[]) => Step | null) => Turn

async function goOn(
  asking: Asking,
  asked: Asked,
  typed: Typed,
  wish: string | null,
  show: Show,
  here: (steps: readonly Step[]) => Step | null,
): Promise<Turn> {
  const steps = asking.inSteps ? stepsOf(asked.nodes) : []
  const current = stepIn(typed) === null ? null : here(steps)
  if (wish === 'indietro' && current !== null) return show(UNJUDGED, () => stepBefore(steps, current))
  if (wish?.startsWith('passo:')) return show(UNJUDGED, () => stepAt(steps, wish.slice('passo:'.length)))
  const isForward = wish === 'avanti'
  if (!isForward && !asking.final.includes(wish ?? '')) return show(UNJUDGED, here)
  const { faults, unasked } = judge(asked)
  const whole = { unasked, faults: new Map([...(await goneFiles(asking, asked.nodes)), ...faults]) }
  if (isForward && current !== null) {
    const own = ofStep(whole, current)
    if (!mayGoOn(own)) return show(own, () => current)
    const next = stepAfter(steps, current)
    if (next !== null) return show(UNJUDGED, () => next)
  }
  const first = steps.find((step) => !mayGoOn(ofStep(whole, step)))
  if (first !== undefined) return show(ofStep(whole, first), () => first)
  return { ...show(whole, here), isComplete: mayGoOn(whole) }
}

/** Everything as it was at first; what was sent meanwhile is forgotten. */
async function startAgain(asking: Asking, posted: Typed): Promise<Turn> {
  await forget(asking, posted, new Map())
  return begin(asking)
}

const stepIn = (typed: Typed | null): string | null => typed?.get(STEP_CONTROL)?.at(-1) ?? null

function askedWith(asking: Asking, typed: Typed | null): Asked {
  const { form, variables, now, calendar, certified, frames, strictness, attachments } = asking
  const attachment = attachments === null ? undefined : (token: string) => attachments.open(token)
  const filling = {
    variables,
    typed,
    now,
    calendar,
    attachment,
    ...(certified && { certified }),
    ...(frames && { frames }),
  }
  return { form, filling, nodes: resolve(form, filling), ...(strictness && { strictness }) }
}

function turnOf(
  asking: Asking,
  asked: Asked,
  typed: Typed,
  wish: string | null,
  judgement: Judgement,
  at: (steps: readonly Step[]) => Step | null,
): Turn {
  const steps = asking.inSteps ? stepsOf(asked.nodes) : []
  return { ...asked, typed, wish, judgement, steps, step: at(steps), isComplete: false }
}

/** What is wrong on the pages of one step. */
function ofStep({ faults, unasked }: Judgement, { nodes }: Step): Judgement {
  const names = new Set([...visibleFields(nodes), ...visibleRows(nodes)].map(({ name }) => name))
  return {
    faults: new Map([...faults].filter(([name]) => names.has(name))),
    unasked: new Set([...unasked].filter((name) => names.has(name))),
  }
}

/** Files of tokens that the page holds no more are removed from the store, unless a practice has them. */
async function forget({ attachments }: Asking, before: Typed, after: Typed): Promise<void> {
  if (attachments === null) return
  const kept = new Set([...after.values()].flat())
  for (const text of [...before.values()].flat()) if (!kept.has(text)) await attachments.forget(text)
}

/** A draft may outlive a file of it. */
async function goneFiles({ attachments, practice }: Asking, nodes: readonly Node[]): Promise<Faults> {
  const faults = new Map<string, Fault>()
  if (attachments === null) return faults
  for (const field of visibleFields(nodes)) {
    const gone = []
    for (const text of sentOn(field)) {
      const file = attachments.open(text)
      if (file !== null && !(await attachments.isFree(file.id, practice)))
        gone.push({ nome: file.nome, reason: 'gone' as const, kinds: [] })
    }
    if (gone.length > 0) faults.set(field.name, { kind: 'refused', files: gone })
  }
  return faults
}

const sentOn = ({ around, typed }: Field): readonly string[] => (around.files === null ? [] : (typed ?? []))

/** What the renderer must know of a turn. */
export const lookAt = (
  { judgement, step, steps }: Turn,
  { language, headingLevel }: { readonly language: Language; readonly headingLevel: number },
): Look => ({
  ...judgement,
  language,
  headingLevel,
  isLive: false,
  step: steps.length === 0 ? undefined : (step?.id ?? null),
})

/** Ids of the documents among the answers that are submitted: the practice takes them. */
export const attachedIn = (nodes: readonly Node[]): readonly string[] =>
  [...visibleFields(nodes)].flatMap(({ around, value }) =>
    around.files === null ? [] : attachmentsIn(value).map(({ id }) => id),
  )
