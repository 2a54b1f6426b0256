/** One field → its label, control, hint and error, as Bootstrap Italia has them; no script needed. */
import { isList, type Value } from '../../../../engine/feel/index.ts'
import { attributes, type Html, html, type Part } from '../../html.ts'
import { attachmentsIn } from '../attachment.ts'
import { shown } from '../display.ts'
import type { Language } from '../faults.ts'
import { isMapField } from '../map-field.ts'
import { tokenOf } from '../options.ts'
import type { Field } from '../page.ts'
import { words } from '../words.ts'
import { caption, described, isRequired, wasShown } from './described.ts'
import { renderFileLink, renderFiles } from './files.ts'
import type { Look } from './look.ts'
import { renderMap, sizeText } from './map.ts'

export function renderField(field: Field, look: Look): Html {
  if (field.isReadonly) return renderFixed(field, look)
  switch (field.component.type) {
    case 'textfield':
      return isMapField(field.component) ? renderMap(field, renderText(field, look), look) : renderInput(field, look)
    case 'number':
      return renderInput(field, look)
    case 'textarea':
      return renderTextarea(field, look)
    case 'checkbox':
      return renderCheckbox(field, look)
    case 'datetime':
      return renderMoment(field, look)
    case 'select':
      return renderSelect(field, look)
    case 'radio':
    case 'checklist':
    case 'taglist':
      return renderChoices(field, look)
    case 'filepicker':
      return field.around.files === null ? html`` : renderFiles(field, field.around.files, look)
  }
}

/** What a person may not change is text, not a control that refuses. */
function renderFixed(field: Field, look: Look): Html {
  const { source } = field.component.properties
  const word = words[look.language]
  return html`<dl class="mb-4"><dt>${field.label}</dt><dd class="mb-0">${fixedValue(field, look.language) || word.notGiven}${
    source && html` <small class="form-text d-block">${word.source(word.sources[source] ?? source)}</small>`
  }</dd></dl>`
}

/** Files by links, everything else as text. */
const fixedValue = (field: Field, language: Language): Part => {
  const files = field.around.files === null ? [] : attachmentsIn(field.value)
  return files.length === 0
    ? valueText(field, language)
    : files.map((file) => html`<span class="d-block">${renderFileLink(file)}</span>`)
}

/** The value as people read it, an option by its label, a file by its name. */
export function valueText(field: Field, language: Language): string {
  const { value } = field
  const { options, files } = field.around
  if (isMapField(field.component)) return sizeText(field, language) ?? shown(value)
  if (files !== null)
    return attachmentsIn(value)
      .map(({ nome }) => nome)
      .join(', ')
  if (options.length === 0) return shown(value)
  const chosen = new Set((isList(value) ? value : [value]).map(tokenOf))
  return options
    .filter(({ token }) => chosen.has(token))
    .map(({ label }) => label)
    .join(', ')
}

const typedText = (field: Field, stored: (value: Value) => string): string => field.typed?.at(-1) ?? stored(field.value)

const HINTS = { email: { type: 'email', autocomplete: null }, phone: { type: 'tel', autocomplete: null } } as const

function renderInput(field: Field, look: Look): Html {
  const { id, notes } = described(field, look)
  return html`<div class="form-group"><label class="active" for="${id}">${caption(field, look)}</label>${renderText(field, look)}${notes}</div>`
}

/** The control alone. */
function renderText(field: Field, look: Look): Html {
  const { component, around } = field
  const { id, fault, describedBy } = described(field, look)
  const kind = component.type === 'textfield' ? (component.validate.validationType ?? '') : ''
  const given = attributes({
    class: `form-control${fault ? ' is-invalid' : ''}`,
    type: kind === 'email' || kind === 'phone' ? HINTS[kind].type : 'text',
    inputmode: component.type === 'number' ? 'decimal' : null,
    id,
    name: field.name,
    value: typedText(field, component.type === 'number' ? shown : plain),
    required: isRequired(field),
    maxlength: around.maxLength === null || isMapField(component) ? null : String(around.maxLength),
    autocomplete: component.properties.autocomplete,
    'aria-invalid': fault ? 'true' : null,
    'aria-describedby': describedBy,
  })
  return html`<input${given}>`
}

const plain = (value: Value): string => (typeof value === 'string' ? value : shown(value))

function renderTextarea(field: Field, look: Look): Html {
  const { id, fault, describedBy, notes } = described(field, look)
  const given = attributes({
    class: `form-control${fault ? ' is-invalid' : ''}`,
    id,
    name: field.name,
    rows: 5,
    required: isRequired(field),
    'aria-invalid': fault ? 'true' : null,
    'aria-describedby': describedBy,
  })
  // The first line break after the tag is dropped by browsers: with ours, a text keeps its own.
  return html`<div class="form-group"><label class="active" for="${id}">${caption(field, look)}</label><textarea${given}>
${typedText(field, plain)}</textarea>${notes}</div>`
}

function renderCheckbox(field: Field, look: Look): Html {
  const { id, fault, describedBy, notes } = described(field, look)
  const given = attributes({
    type: 'checkbox',
    id,
    name: field.name,
    value: 'true',
    checked: field.value === true,
    required: isRequired(field),
    class: fault ? 'is-invalid' : null,
    'aria-invalid': fault ? 'true' : null,
    'aria-describedby': describedBy,
  })
  return html`<div class="form-group">${wasShown(field)}<div class="form-check"><input${given}><label for="${id}">${caption(field, look)}</label></div>${notes}</div>`
}

function renderSelect(field: Field, look: Look): Html {
  const { id, fault, describedBy, notes } = described(field, look)
  const chosen = tokenOf(field.value)
  const given = attributes({
    class: fault ? 'is-invalid' : null,
    id,
    name: field.name,
    required: isRequired(field),
    autocomplete: field.component.properties.autocomplete,
    'aria-invalid': fault ? 'true' : null,
    'aria-describedby': describedBy,
  })
  const options = field.around.options.map(
    ({ token, label }) =>
      html`<option${attributes({ value: token, selected: field.value !== null && token === chosen })}>${label}</option>`,
  )
  return html`<div class="form-group"><div class="select-wrapper"><label for="${id}">${caption(field, look)}</label><select${given}><option value="">${
    words[look.language].choose
  }</option>${options}</select></div>${notes}</div>`
}

/** Radio buttons, or boxes of which several may be ticked. */
function renderChoices(field: Field, look: Look): Html {
  const { id, fault, describedBy, notes } = described(field, look)
  const isRadio = field.component.type === 'radio'
  const chosen = new Set((isList(field.value) ? field.value : [field.value]).map(tokenOf))
  const choices = field.around.options.map(({ token, label }, index) => {
    const own = index === 0 ? id : `${id}-${index}`
    const given = attributes({
      type: isRadio ? 'radio' : 'checkbox',
      id: own,
      name: field.name,
      value: token,
      checked: field.value !== null && chosen.has(token),
      required: isRadio && isRequired(field),
    })
    return html`<div class="form-check"><input${given}><label for="${own}">${label}</label></div>`
  })
  const given = attributes({
    role: isRadio ? 'radiogroup' : null,
    'aria-required': isRadio && isRequired(field) ? 'true' : null,
    'aria-invalid': isRadio && fault ? 'true' : null,
    'aria-describedby': describedBy,
  })
  return html`<fieldset class="form-group"${given}><legend class="h6">${caption(field, look)}</legend>${wasShown(field)}${choices}${notes}</fieldset>`
}

function renderMoment(field: Field, look: Look): Html {
  const { component } = field
  if (component.type !== 'datetime') return html``
  const { subtype, timeLabel } = component
  if (subtype !== 'datetime') return renderMomentPart(field, look, subtype, field.label, 0)
  const word = words[look.language]
  return html`<fieldset><legend class="h6">${field.label}</legend><div class="row"><div class="col-md">${renderMomentPart(
    field,
    look,
    'date',
    `${field.label}: ${word.date}`,
    0,
  )}</div><div class="col-md">${renderMomentPart(field, look, 'time', timeLabel ?? `${field.label}: ${word.time}`, 1)}</div></div></fieldset>`
}

function renderMomentPart(field: Field, look: Look, part: 'date' | 'time', label: string, index: number): Html {
  const { id, fault, describedBy, notes } = described(field, look)
  const own = index === 0 ? id : `${id}-ora`
  const text = field.typed?.[index] ?? storedPart(field.value, part)
  // A browser's date control shows only dates that exist: what else was typed is kept in a plain one.
  const isNative = text === '' || (part === 'date' ? /^\d{4}-\d\d-\d\d$/ : /^\d\d:\d\d$/).test(text)
  const given = attributes({
    class: `form-control${fault ? ' is-invalid' : ''}`,
    type: isNative ? part : 'text',
    id: own,
    name: field.name,
    value: text,
    required: isRequired(field),
    autocomplete: field.component.properties.autocomplete,
    'aria-invalid': fault ? 'true' : null,
    'aria-describedby': describedBy,
  })
  const mark = isRequired(field) ? html` <span aria-hidden="true">*</span>` : html` ${words[look.language].optional}`
  return html`<div class="form-group"><label class="active" for="${own}">${label}${mark}</label><input${given}>${index === 0 && notes}</div>`
}

function storedPart(value: Value, part: 'date' | 'time'): string {
  if (typeof value !== 'string') return ''
  const [date, time] = value.includes('T') ? value.split('T') : part === 'date' ? [value, ''] : ['', value]
  return part === 'date' ? date! : time!.slice(0, 5)
}
