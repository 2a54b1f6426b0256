/**
 * The questions in step with the answers, as the person types: the page is resolved and rendered by the very functions of the
 * server, and what differs is changed in place.
 */
/// <reference lib="dom" />
import { type Context, fromJson } from '../../../../engine/feel/index.ts'
import { saidBy } from '../attachment.ts'
import { markdown } from '../markdown.ts'
import type { Node } from '../page.ts'
import { renderPage } from '../render/page.ts'
import type { Script } from '../render/questions.ts'
import { resolve } from '../resolve.ts'
import { isViewControl, ROW_CONTROL, type Typed, typedIn, withRowPressed } from '../typed.ts'
import { validate } from '../validate.ts'
import { words } from '../words.ts'
import { morph } from './morph.ts'

export function keepInStep(form: HTMLFormElement, questions: HTMLElement): void {
  const script = JSON.parse(document.getElementById('domande-dati')?.textContent ?? '') as Script
  const news = document.getElementById('domande-novita')
  const filling = {
    variables: fromJson(script.variables) as Context,
    now: script.now,
    calendar: script.calendar,
    certified: new Set(script.certified),
    attachment: saidBy,
    frames: script.frames ?? [],
  }
  const resolved = (typed: Typed): readonly Node[] => resolve(script.form, { ...filling, typed })
  let known = namesIn(resolved(typedInto(form)))

  const show = (typed: Typed): void => {
    const nodes = resolved(typed)
    const faults = new Map([...validate(nodes, script)].filter(([name]) => script.faults.includes(name)))
    const { language, headingLevel, step, isPlaced } = script
    const look = { faults, unasked: new Set<string>(), language, headingLevel, step, isPlaced, isLive: true }
    morph(questions, renderPage(nodes, look).markup)
    const names = namesIn(nodes)
    if (news) tell(news, script, missingFrom(known, names), missingFrom(names, known))
    known = names
  }
  const refresh = (): void => show(typedInto(form))
  form.addEventListener('input', refresh)
  form.addEventListener('change', refresh)
  form.addEventListener('submit', (event) => {
    const before = typedInto(form, event.submitter)
    const isView = isViewControl(event.submitter?.getAttribute('name'))
    const typed = isView ? before : withRowPressed(before)
    // Files that go with a row, or alone, are the server's to remove.
    if (typed === null || tokensIn(before) !== tokensIn(typed)) return
    event.preventDefault()
    show(typed)
    if (!isView) focusOnRow(questions, event.submitter?.getAttribute('value') ?? '')
  })
  refresh()
}

/** As the server would receive it. */
function typedInto(form: HTMLFormElement, pressed: HTMLElement | null = null): Typed {
  const texts = new Map<string, string[]>()
  for (const [name, text] of new FormData(form))
    if (typeof text === 'string') texts.set(name, [...(texts.get(name) ?? []), text])
  const name = pressed?.getAttribute('name') ?? ''
  if (name === ROW_CONTROL || isViewControl(name)) texts.set(name, [pressed?.getAttribute('value') ?? ''])
  return typedIn(Object.fromEntries(texts))
}

/** How many files the page holds. */
const tokensIn = (typed: Typed): number => [...typed.values()].flat().filter((text) => saidBy(text) !== null).length

type Names = ReadonlyMap<string, string>

/** What a person sees, by its place: the label of a question, the words of a text. */
function namesIn(nodes: readonly Node[]): Names {
  return new Map(visible(nodes, ''))
}
function* visible(nodes: readonly Node[], place: string): Generator<readonly [place: string, name: string]> {
  for (const [index, node] of nodes.entries()) {
    const here = `${place}/${index}`
    if (node.isHidden) continue
    if (node.kind === 'field') yield [here, node.label]
    else if (node.kind === 'section') yield* visible(node.nodes, here)
    else if (node.kind === 'rows')
      for (const [row, inside] of node.rows.entries()) yield* visible(inside, `${here}/${row}`)
    else if (node.kind === 'shown' && node.content.type === 'markdown') yield [here, wordsOf(node.content.text)]
  }
}

function wordsOf(text: string): string {
  const page = document.createElement('template')
  page.innerHTML = markdown(text, 1).markup
  return page.content.textContent?.trim() ?? ''
}

const missingFrom = (old: Names, fresh: Names): readonly string[] =>
  [...fresh].filter(([place]) => !old.has(place)).map(([, name]) => name)

/** Left as it is while nothing comes or goes, so that nothing is read out twice. */
function tell(news: HTMLElement, { language }: Script, fresh: readonly string[], gone: readonly string[]): void {
  const sentences = [
    fresh.length > 0 && words[language].appeared(fresh),
    gone.length > 0 && words[language].gone(gone),
  ].filter((sentence) => sentence !== false)
  if (sentences.length > 0) news.textContent = sentences.join(' ')
}

/** The first control of the row that was added, or the button that adds another after one was removed. */
function focusOnRow(questions: HTMLElement, press: string): void {
  const list = press.slice(1).replace(/\[\d+\]$/, '')
  const named = [...questions.querySelectorAll<HTMLElement>('[name]:not([type=hidden])')]
  const adds = named.find((control) => control.getAttribute('value') === `+${list}`)
  const inList = named.filter((control) => control.getAttribute('name')?.startsWith(`${list}[`))
  const last = /\[(\d+)\]/.exec(inList.at(-1)?.getAttribute('name')?.slice(list.length) ?? '')?.[0]
  const added = inList.find((control) => control.getAttribute('name')?.startsWith(`${list}${last}`))
  const target = press.startsWith('+') ? added : adds
  target?.focus()
}
