/**
 * A hand that has nothing but a keyboard: the tabulator to what has these words, then the key that works it.
 * Invariants
 * K1 What has the focus can be seen, or the words that name it (2.4.7).
 * K2 After every entry the control holds what was meant: a key that a script swallowed is a failure here, not three pages later.
 */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { type Hand, said, type Words } from './hand.ts'

/** More stops than any page has. */
const TABS_MAX = 150
const OPTIONS_MAX = 40

type Kind = 'link' | 'button' | 'text' | 'date' | 'radio' | 'checkbox' | 'select' | 'file' | 'other'

interface Focus {
  readonly kind: Kind
  readonly name: string
  readonly value: string
  readonly isChecked: boolean
  readonly isSeen: boolean
}

/** In the page: what has the focus, as a person tells it; null when nothing has. */
const FOCUS = `(() => {
  const one = document.activeElement
  if (one === null || one === document.body || one === document.documentElement) return null
  const words = (element) => (element?.textContent ?? '').replace(/\\s+/g, ' ').trim()
  const ids = (one.getAttribute('aria-labelledby') ?? '').split(' ').filter((id) => id !== '')
  const label = one.labels?.[0]
  const name = ids.map((id) => words(document.getElementById(id))).join(' ') || words(label) || one.getAttribute('aria-label') || words(one)
  const kinds = { radio: 'radio', checkbox: 'checkbox', file: 'file', date: 'date', 'select-one': 'select', submit: 'button', button: 'button' }
  const isText = one.matches('textarea, input')
  const kind = one.matches('a[href]') ? 'link' : one.matches('summary') ? 'button' : kinds[one.type] ?? (isText ? 'text' : 'other')
  const isLarge = (element) => { const { width, height } = element.getBoundingClientRect(); return width > 1 && height > 1 }
  const option = one.selectedOptions?.[0]
  return { kind, name, value: option ? words(option) : String(one.value ?? ''), isChecked: one.checked === true, isSeen: isLarge(one) || (label !== undefined && isLarge(label)) }
})()`

const focusIn = (page: Page): Promise<Focus | null> => page.evaluate<Focus | null>(FOCUS)

/** By the tabulator alone; past the last stop it begins anew, as in every browser. */
export async function reach(page: Page, kinds: readonly Kind[], name: Words): Promise<Focus> {
  // Scripts that are deferred have run by then.
  await page.waitForLoadState('load')
  const passed: string[] = []
  for (let tabs = 0; tabs < TABS_MAX; tabs++) {
    await page.keyboard.press('Tab')
    const focus = await focusIn(page)
    if (focus === null) continue
    assert.ok(focus.isSeen, `Expected the focus on ${page.url()} to be seen, but '${focus.name}' is not.`)
    if (kinds.includes(focus.kind) && said(name).test(focus.name)) return focus
    passed.push(`${focus.kind} ${focus.name.slice(0, 40)}`)
  }
  const stops = [...new Set(passed)].join(' | ')
  return assert.fail(`Expected the keyboard to reach ${name} on ${page.url()}, but it stops at: ${stops}`)
}

async function assertHolds(page: Page, name: Words, holds: (focus: Focus) => boolean): Promise<void> {
  const focus = await focusIn(page)
  assert.ok(focus !== null && said(name).test(focus.name) && holds(focus), `${name}: ${JSON.stringify(focus)}`)
}

export function keyboardOn(page: Page): Hand {
  // Without anybody who listens, the browser would show its own dialog; the listening takes a moment to begin.
  page.on('filechooser', () => {})
  return handOn(page)
}

const handOn = (page: Page): Hand => ({
  page,
  async go(name) {
    await reach(page, ['link', 'button'], name)
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
  },
  async write(label, text) {
    await reach(page, ['text'], label)
    await page.keyboard.type(text)
    await assertHolds(page, label, ({ value }) => value === text)
  },
  async date(label, day) {
    await reach(page, ['date'], label)
    const [year, month, date] = day.split('-')
    // The browser's own control, whose parts are in the order of its language: chromium.ts fixes that.
    await page.keyboard.type(`${month}${date}${year}`)
    await assertHolds(page, label, ({ value }) => value === day)
  },
  async choose(label) {
    let focus = await reachGroupOf(page, label)
    for (let arrows = 0; !said(label).test(focus.name); arrows++) {
      assert.ok(arrows < OPTIONS_MAX, `Expected the arrows to reach ${label} on ${page.url()}, but they do not.`)
      await page.keyboard.press('ArrowDown')
      focus = (await focusIn(page)) ?? focus
    }
    if (!focus.isChecked) await page.keyboard.press('Space')
    await assertHolds(page, label, ({ isChecked }) => isChecked)
  },
  async tick(label) {
    const { isChecked } = await reach(page, ['checkbox'], label)
    if (!isChecked) await page.keyboard.press('Space')
    await assertHolds(page, label, (focus) => focus.isChecked)
  },
  async pick(label, option) {
    let focus = await reach(page, ['select'], label)
    for (let arrows = 0; !focus.value.startsWith(option); arrows++) {
      assert.ok(arrows < OPTIONS_MAX, `Expected ${label} on ${page.url()} to offer ${option}, but it does not.`)
      await page.keyboard.press('ArrowDown')
      focus = (await focusIn(page)) ?? focus
    }
    await assertHolds(page, label, ({ value }) => value.startsWith(option))
  },
  async attach(label, file) {
    await reach(page, ['file'], label)
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')])
    await chooser.setFiles(file)
    await assertHolds(page, label, ({ value }) => value.endsWith(file.name))
  },
  async isAsked(label) {
    await page.getByText(said(label)).filter({ visible: true }).first().waitFor()
  },
})

/** The one stop of a group of radio buttons: the one that is chosen, else the first. */
async function reachGroupOf(page: Page, label: Words): Promise<Focus> {
  const group = await page.evaluate<readonly string[]>(`(() => {
    const words = (element) => element.textContent.replace(/\\s+/g, ' ').trim()
    const label = [...document.querySelectorAll('label')].find((one) => ${said(label)}.test(words(one)))
    return label ? [...document.getElementsByName(label.control.name)].flatMap((one) => [...(one.labels ?? [])].map(words)) : []
  })()`)
  assert.notEqual(group.length, 0, `Expected ${page.url()} to offer ${label}, but it does not.`)
  return reach(page, ['radio'], new RegExp(group.map((name) => said(name).source).join('|')))
}
