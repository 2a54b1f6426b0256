/** A hand that clicks and types, with whatever the page offers where no script runs. */
import type { Page } from 'playwright-core'
import { type Hand, said, type Words } from './hand.ts'

export function pointerOn(page: Page): Hand {
  const labelled = (label: Words) => page.getByLabel(said(label)).filter({ visible: true }).first()
  /** As a person does, by the words: the kit hides the control itself. */
  const click = (label: Words) =>
    page
      .locator('label')
      .filter({ hasText: said(label) })
      .first()
      .click()
  const go = async (name: Words): Promise<void> => {
    const found = page.locator('a, button:not(.visually-hidden)').filter({ hasText: said(name), visible: true })
    await Promise.all([page.waitForEvent('load'), found.first().click()])
  }
  return {
    page,
    go,
    write: (label, text) => labelled(label).fill(text),
    date: (label, day) => labelled(label).fill(day),
    choose: click,
    tick: click,
    async pick(label, option) {
      const texts = await labelled(label).locator('option').allInnerTexts()
      await labelled(label).selectOption({ label: texts.find((text) => text.startsWith(option)) ?? option })
    },
    attach: (label, file) => labelled(label).setInputFiles(file),
    async isAsked(label) {
      const question = page.getByText(said(label)).filter({ visible: true }).first()
      if (!(await question.isVisible())) await go('Aggiorna le domande')
      await question.waitFor()
    },
  }
}
