/**
 * What a person does on a page, told by the words they read. Two hands do it: the keyboard alone (keyboard.ts), and the pointer, which
 * needs no script (pointer.ts). A story (residence-story.ts) is told once and played by either.
 * Invariant: an act ends when what it leads to is there, so that the next one never meets the page before or a script half way.
 */
import type { Page } from 'playwright-core'

/** The beginning of the words, or a pattern. */
export type Words = string | RegExp

export interface Hand {
  readonly page: Page
  /** A link or a button that leads to a page; ends when that page has loaded. */
  go(name: Words): Promise<void>
  write(label: Words, text: string): Promise<void>
  /** A day, as 2027-02-20. */
  date(label: Words, day: string): Promise<void>
  /** One of several. */
  choose(label: Words): Promise<void>
  tick(label: Words): Promise<void>
  pick(label: Words, option: string): Promise<void>
  attach(label: Words, file: AttachedFile): Promise<void>
  /** The question that an answer has brought up: waits for it, or asks for it where no script does. */
  isAsked(label: Words): Promise<void>
}

export interface AttachedFile {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

export const said = (name: Words): RegExp =>
  typeof name === 'string' ? new RegExp(`^\\s*${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`) : name

/** Shown to whoever looks. */
export const sees = (page: Page, text: string | RegExp): Promise<void> =>
  page.locator('main').getByText(text).filter({ visible: true }).first().waitFor()

/** What the town is still working on: the page is opened again until it says so. */
export async function seesInTime(page: Page, text: string | RegExp, patienceMs = 60_000): Promise<void> {
  const shown = page.locator('main').getByText(text).filter({ visible: true }).first()
  for (const end = Date.now() + patienceMs; !(await shown.isVisible()); await page.reload())
    if (Date.now() > end) throw new Error(`Expected ${page.url()} to say ${text}, but it says: ${await textOf(page)}`)
}

/** What the page says, on one line. */
export const textOf = async (page: Page): Promise<string> =>
  ((await page.locator('main').textContent()) ?? '').replace(/\s+/g, ' ')
