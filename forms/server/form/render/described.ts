/** What stands around every control: its caption, hint, error, and the button that asks the server for the questions that follow. */
import { type Html, html, type Part } from '../../html.ts'
import { faultText } from '../faults.ts'
import { isMapField } from '../map-field.ts'
import type { Field } from '../page.ts'
import { words } from '../words.ts'
import { faultIn, idOf, type Look } from './look.ts'

export const isRequired = ({ component }: Field): boolean =>
  component.validate.required === true && !isMapField(component)

export const caption = (field: Field, look: Look): Html =>
  html`${field.label}${adorners(field)}${isRequired(field) ? html` <span aria-hidden="true">*</span>` : html` ${words[look.language].optional}`}`

const adorners = ({ prefix, suffix }: Field): Part =>
  prefix || suffix ? ` (${[prefix, suffix].filter(Boolean).join(' … ')})` : ''

/** Ties hint and error to the control, and keeps both when the control is refused. */
export function described(field: Field, look: Look) {
  const id = idOf(field.name)
  const fault = faultIn(look, field)
  const ids = [field.description && `${id}-aiuto`, fault && `${id}-errore`].filter(Boolean).join(' ')
  return {
    id,
    fault,
    describedBy: ids === '' ? null : ids,
    notes: html`${field.description && html`<small class="form-text" id="${id}-aiuto">${field.description}</small>`}${
      fault &&
      html`<div class="form-feedback just-validate-error-label" id="${id}-errore">${faultText(fault, look.language)}</div>`
    }${field.isWatched && !look.isLive && refresh(look)}`,
  }
}

const refresh = (look: Look): Html =>
  html`<div class="mt-2 iter-refresh"><button type="submit" class="btn btn-outline-primary btn-xs" name="azione" value="aggiorna" formnovalidate>${
    words[look.language].refresh
  }</button> <small class="form-text">${words[look.language].refreshHelp}</small></div>`

/** An empty text under the same name says that the control was shown and left alone. */
export const wasShown = ({ name }: Field): Html => html`<input type="hidden" name="${name}" value="">`
