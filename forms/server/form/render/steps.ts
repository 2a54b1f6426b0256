/** Where a person stands among the steps of a form, and the way back; Bootstrap Italia's stepper, readable without its styles. */
import { attributes, type Html, html } from '../../html.ts'
import { STEP_CONTROL, type Step } from '../steps.ts'
import { words } from '../words.ts'
import type { Look } from './look.ts'

/** "Passo 2 di 6: Il nuovo indirizzo", for the title of the page too. */
export function positionText(steps: readonly Step[], step: Step, { language }: Pick<Look, 'language'>): string {
  return words[language].position(placeOf(steps, step) + 1, steps.length, step.label)
}

const placeOf = (steps: readonly Step[], { id }: Step): number => steps.findIndex((step) => step.id === id)

export function renderPosition(steps: readonly Step[], current: Step, { language, isPlaced }: Look): Html {
  const control = html`<input type="hidden" name="${STEP_CONTROL}" value="${current.id}">`
  if (isPlaced) return control
  const word = words[language]
  const here = placeOf(steps, current)
  const items = steps.map((step, index) => {
    const state = index < here ? 'confirmed' : index === here ? 'active' : null
    const told = index < here ? word.stepDone : index === here ? word.stepHere : null
    return html`<li${attributes({ class: state, 'aria-current': index === here ? 'step' : null })}>${step.label}${
      told && html`<span class="visually-hidden"> (${told})</span>`
    }</li>`
  })
  return html`<div class="steppers mb-4"><div class="steppers-header" role="group" aria-label="${word.steps}"><ol>${items}</ol><span class="steppers-index">${here + 1}/${steps.length}<span class="visually-hidden"> ${word.position(here + 1, steps.length, current.label)}</span></span></div></div>${control}`
}

/** Nothing in the first step. What is typed comes along. */
export const renderBack = (steps: readonly Step[], current: Step | null, { language }: Pick<Look, 'language'>): Html =>
  current === null || placeOf(steps, current) === 0
    ? html``
    : html`<button type="submit" class="btn btn-outline-primary me-3" name="azione" value="indietro" formnovalidate>${words[language].back}</button>`
