/** A field for files: those that are there with a button each, the control for more, what it takes. Works by posts alone. */
import { attributes, type Html, html } from '../../html.ts'
import { type Attachment, addressOf } from '../attachment.ts'
import { acceptOf, FILE_BYTES_MAX, type FileLimits, KINDS, kindNames, sizeText } from '../files.ts'
import type { Field } from '../page.ts'
import { ROW_CONTROL } from '../typed.ts'
import { words } from '../words.ts'
import { caption, described, isRequired, wasShown } from './described.ts'
import type { Look } from './look.ts'

export function renderFiles(field: Field, limits: FileLimits, look: Look): Html {
  const { id, fault, describedBy, notes } = described(field, look)
  const word = words[look.language]
  const there = filesThere(field)
  const items = there.map(([text, file], index) => renderFile(field, text, file, index, look))
  const isFull = there.length >= limits.max
  const help = `${id}-tipi`
  const given = attributes({
    class: `form-control${fault ? ' is-invalid' : ''}`,
    type: 'file',
    id,
    name: field.name,
    accept: acceptOf(limits.kinds),
    multiple: limits.max > 1,
    required: isRequired(field) && there.length === 0,
    'aria-labelledby': `${id}-legenda ${id}-scegli`,
    'aria-invalid': fault ? 'true' : null,
    'aria-describedby': [help, describedBy].filter(Boolean).join(' '),
    'data-byte-max': FILE_BYTES_MAX,
  })
  const control = html`<label class="active d-block" id="${id}-scegli" for="${id}">${word.chooseFile(limits.max)}</label><input${given}><small class="form-text d-block" id="${help}">${word.fileHelp(kindNames(limits.kinds), sizeText(FILE_BYTES_MAX), limits.max)}</small><button type="submit" class="btn btn-outline-primary btn-sm mt-2" name="azione" value="aggiorna" formnovalidate>${word.upload}<span class="visually-hidden"> – ${field.label}</span></button>`
  const full = html`<p class="small mb-0" id="${id}" tabindex="-1">${word.filesFull(limits.max)}</p>`
  const none = html`<div class="alert alert-warning" role="note">${word.noKind}</div>`
  return html`<fieldset class="form-group iter-files"><legend class="h6" id="${id}-legenda">${caption(field, look)}</legend>${wasShown(field)}${
    items.length > 0 && html`<ul class="list-unstyled">${items}</ul>`
  }${limits.kinds.length === 0 ? none : isFull ? full : control}${notes}</fieldset>`
}

/** What is posted for each file, and the file. */
export function filesThere(field: Field): readonly (readonly [text: string, file: Attachment])[] {
  const { attachment } = field.around
  const texts = field.typed ?? attachmentIds(field)
  return [...new Set(texts)].flatMap((text) => {
    const file = text === '' ? null : attachment(text)
    return file === null ? [] : [[text, file] as const]
  })
}

const attachmentIds = ({ value, around }: Field): readonly string[] =>
  (Array.isArray(value) ? value : []).flatMap((one) => {
    const id: unknown = one instanceof Map ? one.get('id') : null
    return typeof id === 'string' && around.attachment(id) !== null ? [id] : []
  })

function renderFile(field: Field, text: string, file: Attachment, index: number, { language }: Look): Html {
  const word = words[language]
  return html`<li class="d-flex flex-wrap align-items-center gap-2 mb-2"><input type="hidden" name="${field.name}" value="${text}">${renderFileLink(file, text)} <button type="submit" class="btn btn-outline-primary btn-xs" formnovalidate${attributes({ name: ROW_CONTROL, value: `~${field.name}[${index}]` })}>${word.removeFile}<span class="visually-hidden"> ${file.nome}</span></button></li>`
}

/** Name, type and size, as whoever follows a link to a file must know. */
export const renderFileLink = (file: Attachment, token: string | null = null): Html =>
  html`<a href="${addressOf(file, token)}">${file.nome}</a> <small>${factsOf(file)}</small>`

function factsOf({ tipo, byte }: Attachment): string {
  const kind = Object.values(KINDS).find(({ mediaType }) => mediaType === tipo)?.name ?? tipo
  const facts = [kind, byte === null ? '' : sizeText(byte)].filter((fact) => fact !== '')
  return facts.length === 0 ? '' : `(${facts.join(', ')})`
}
