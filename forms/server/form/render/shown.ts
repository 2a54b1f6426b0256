/** What a form shows and does not ask: texts, images, frames, documents, lines. What cannot be shown says so, and what to do. */
import { attributes, type Html, html } from '../../html.ts'
import { markdown } from '../markdown.ts'
import type { Content } from '../page.ts'
import { sanitised } from '../sanitised-html.ts'
import { words } from '../words.ts'
import { renderFileLink } from './files.ts'
import type { Look } from './look.ts'
import { renderTable } from './table.ts'

export function renderContent(content: Content, look: Look): Html {
  const word = words[look.language]
  switch (content.type) {
    case 'markdown':
      return html`<div class="mb-4">${markdown(content.text, look.headingLevel)}</div>`
    case 'html':
      return html`<div class="mb-4">${sanitised(content.text, look.headingLevel)}</div>`
    case 'table':
      return renderTable(content, look)
    case 'image':
      return renderImage(content, look)
    case 'frame':
      return renderFrame(content, look)
    case 'documents':
      return renderDocuments(content, look)
    case 'separator':
      return html`<hr>`
    case 'spacer':
      return html`<div class="${spaceClass(content.height)}"></div>`
    case 'reset':
      if (look.isStill) return html``
      return html`<p class="mb-4"><button type="submit" class="btn btn-outline-primary" name="azione" value="ripristina" formnovalidate>${content.label || word.reset}</button></p>`
    case 'unknown':
      return html`<div class="alert alert-warning" role="note">${word.notShown(content.named)}</div>`
    case 'nothing':
      return html``
  }
}

/** The page's policy allows no style of its own: the nearest of the kit's distances. */
const SPACES: readonly (readonly [pixels: number, name: string])[] = [
  [8, 'pt-1'],
  [16, 'pt-2'],
  [32, 'pt-3'],
  [48, 'pt-4'],
]
const spaceClass = (height: number): string => SPACES.find(([pixels]) => height <= pixels)?.[1] ?? 'pt-5'

function renderImage({ source, alt }: Extract<Content, { type: 'image' }>, look: Look): Html {
  if (source === null)
    return html`<div class="alert alert-warning" role="note">${words[look.language].noImage(alt)}</div>`
  return html`<div class="mb-4"><img class="img-fluid" src="${source}" alt="${alt}"></div>`
}

function renderFrame(
  { label, address, isAllowed, height, permissions }: Extract<Content, { type: 'frame' }>,
  look: Look,
) {
  const word = words[look.language]
  if (address === null) return html`<div class="alert alert-warning" role="note">${word.noFrame(label)}</div>`
  const name = label || new URL(address).host
  const link = html`<a href="${address}" target="_blank" rel="noopener noreferrer">${name} <small>(${word.newTab})</small></a>`
  if (!isAllowed) return html`<div class="alert alert-warning" role="note"><p>${word.foreignFrame}</p>${link}</div>`
  const given = attributes({ src: address, title: name, height, sandbox: permissions, loading: 'lazy' })
  return html`<div class="mb-4"><iframe class="w-100 border"${given} referrerpolicy="no-referrer"></iframe><p class="small">${link}</p></div>`
}

function renderDocuments({ label, documents }: Extract<Content, { type: 'documents' }>, look: Look): Html {
  const word = words[look.language]
  const title = label || word.documents
  if (documents.length === 0) return html`<p class="mb-4">${title}: ${word.noDocuments}</p>`
  const items = documents.map((file) => html`<li class="mb-2">${renderFileLink(file)}</li>`)
  return html`<div class="mb-4"><p class="fw-semibold mb-1">${title}</p><ul>${items}</ul></div>`
}
