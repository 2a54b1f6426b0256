/** Who acts at the counter for the person a practice is about: asked, checked, or left out when they came themselves. */
import type { Typed } from '../form/typed.ts'
import { attributes, type Html, html, type Part } from '../html.ts'
import type { PersonVisit } from '../page.ts'
import { withoutNul } from './fields.ts'
import { TAX_CODE } from './person-at-counter.ts'

const TEXT_MAX = 200

/** By which right, in the words of the register. */
export const TITLES = [
  'delega',
  'procura',
  'tutela',
  'amministrazione di sostegno',
  'responsabilità genitoriale',
] as const

export interface Delegate {
  readonly title: string
  readonly name: string
  readonly taxCode: string
  readonly identifiedBy: string
}

export interface DelegateFault {
  readonly field: string
  readonly text: string
}

const CONTROLS = {
  title: 'delegato-titolo',
  name: 'delegato-nome',
  taxCode: 'delegato-cf',
  identifiedBy: 'delegato-documento',
} as const

/** Null when the person came themselves. */
export function delegateIn(typed: Typed | null): Delegate | null {
  const text = (name: string): string =>
    withoutNul(typed?.get(name)?.at(-1) ?? '')
      .trim()
      .slice(0, TEXT_MAX)
  const title = TITLES.find((one) => one === text(CONTROLS.title))
  if (title === undefined) return null
  return {
    title,
    name: text(CONTROLS.name),
    taxCode: text(CONTROLS.taxCode).toUpperCase(),
    identifiedBy: text(CONTROLS.identifiedBy),
  }
}

/** Papers of somebody who acts for nobody are a choice forgotten. */
export function delegateFaults(
  { say }: PersonVisit,
  delegate: Delegate | null,
  hasPapers: boolean,
): readonly DelegateFault[] {
  if (delegate === null) return hasPapers ? [{ field: CONTROLS.title, text: say('delegateNoTitle') }] : []
  const faults: DelegateFault[] = []
  if (delegate.name === '') faults.push({ field: CONTROLS.name, text: say('delegateNoName') })
  if (!TAX_CODE.test(delegate.taxCode)) faults.push({ field: CONTROLS.taxCode, text: say('delegateNoTaxCode') })
  if (delegate.identifiedBy === '') faults.push({ field: CONTROLS.identifiedBy, text: say('delegateNoDocument') })
  return faults
}

export function renderDelegate(
  { say }: PersonVisit,
  delegate: Delegate | null,
  faults: readonly DelegateFault[],
  papers: Html,
): Html {
  const fault = (field: string): Part => {
    const found = faults.find((one) => one.field === field)
    return found && html`<p class="iter-fault" id="${field}-errore">${found.text}</p>`
  }
  const input = (field: string, label: string, value: string, help: string): Html =>
    html`<div class="form-group"><label class="active" for="${field}">${label}</label><input class="form-control" id="${field}" name="${field}" value="${value}" maxlength="${TEXT_MAX}" autocomplete="off"${attributes({ 'aria-invalid': faults.some((one) => one.field === field) && 'true', 'aria-describedby': `${field}-aiuto${faults.some((one) => one.field === field) ? ` ${field}-errore` : ''}` })}><small class="form-text" id="${field}-aiuto">${help}</small>${fault(field)}</div>`
  return html`<fieldset class="border rounded p-3 mb-5"><legend class="h5">${say('delegateLegend')}</legend><p class="small">${say('delegateText')}</p><div class="select-wrapper mb-5"><label for="${CONTROLS.title}">${say('delegateTitle')}</label><select id="${CONTROLS.title}" name="${CONTROLS.title}"${attributes({ 'aria-describedby': faults.some((one) => one.field === CONTROLS.title) && `${CONTROLS.title}-errore` })}><option value="">${say('delegateSelf')}</option>${TITLES.map(
    (title) => html`<option${attributes({ value: title, selected: delegate?.title === title })}>${title}</option>`,
  )}</select>${fault(CONTROLS.title)}</div><div class="row"><div class="col-md-4">${input(CONTROLS.name, say('delegateName'), delegate?.name ?? '', say('delegateNameHelp'))}</div><div class="col-md-4">${input(CONTROLS.taxCode, say('delegateTaxCode'), delegate?.taxCode ?? '', say('delegateTaxCodeHelp'))}</div><div class="col-md-4">${input(CONTROLS.identifiedBy, say('delegateDocument'), delegate?.identifiedBy ?? '', say('delegateDocumentHelp'))}</div></div>${papers}</fieldset>`
}
