/** Windows in which a story is played one way: by whichever hand, with or without script, as large as a phone or a desk. */
import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import { PATIENCE_MS } from './chromium.ts'
import type { Hand } from './hand.ts'

export interface Way {
  /** For the name of a test. */
  readonly way: string
  readonly viewport: { readonly width: number; readonly height: number }
  readonly hand: (page: Page) => Hand
  readonly javaScriptEnabled: boolean
}

/** `newHand`: a window that nobody has used yet, and a hand in it. All close with the story; a script that fails fails it. */
export async function inWindows(
  chrome: Browser,
  { viewport, hand, javaScriptEnabled }: Way,
  story: (newHand: () => Promise<Hand>) => Promise<void>,
): Promise<void> {
  const contexts: Awaited<ReturnType<Browser['newContext']>>[] = []
  const errors: string[] = []
  try {
    await story(async () => {
      const context = await chrome.newContext({ viewport, javaScriptEnabled, locale: 'it-IT' })
      contexts.push(context)
      const page = await context.newPage()
      page.setDefaultTimeout(PATIENCE_MS)
      page.on('pageerror', (error) => errors.push(`${page.url()}: ${error.message}`))
      return hand(page)
    })
  } finally {
    for (const context of contexts) await context.close()
  }
  assert.deepEqual(errors, [])
}
