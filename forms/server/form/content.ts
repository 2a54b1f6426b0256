/** What a component without input shows: its templates filled, its addresses checked. Tables are in table.ts. */
import type { Context } from '../../../engine/feel/index.ts'
import { escapeText } from '../html.ts'
import { attachmentsIn } from './attachment.ts'
import { shown } from './display.ts'
import type { Expressions } from './expressions.ts'
import { escapeMarkdown } from './markdown.ts'
import type { Content } from './page.ts'
import type { ComponentOf, Display } from './schema.ts'
import { tableOf, type ViewOf } from './table.ts'

const DOCUMENTS_SHOWN_MAX = 100
const FRAME_HEIGHT_MAX = 2_000

/** What a page may show besides the form's own. */
export interface Permitted {
  /** Origins whose pages may stand inside ours, e.g. `https://mappe.comune.example`. */
  readonly frames: readonly string[]
  readonly viewOf: ViewOf
}

export function contentOf(
  component: Display,
  scope: Context,
  expressions: Expressions,
  { frames, viewOf }: Permitted,
  prefix: string,
): Content {
  switch (component.type) {
    case 'text':
      return {
        type: 'markdown',
        text: expressions.text(component.text, scope, (value) => escapeMarkdown(shown(value))),
      }
    case 'html':
      return { type: 'html', text: expressions.text(component.content, scope, (value) => escapeText(shown(value))) }
    case 'table':
      return tableOf(component, scope, expressions, viewOf, prefix)
    case 'image':
      return {
        type: 'image',
        source: imageSource(expressions.text(component.source, scope).trim()),
        alt: expressions.label(component.alt, scope),
      }
    case 'iframe':
      return frameOf(component, scope, expressions, frames)
    case 'documentPreview':
      return {
        type: 'documents',
        label: expressions.label(component.label, scope),
        documents: attachmentsIn(expressions.value(component.dataSource, scope)).slice(0, DOCUMENTS_SHOWN_MAX),
      }
    case 'separator':
      return { type: 'separator' }
    case 'spacer':
      return { type: 'spacer', height: component.height }
    // The page has its own button to go on, as Tasklist has.
    case 'button':
      return component.action === 'reset'
        ? { type: 'reset', label: expressions.label(component.label, scope) }
        : { type: 'nothing' }
    case 'unknown':
      return { type: 'unknown', named: component.named }
  }
}

const IMAGE_DATA = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$/
const OWN_PATH = /^\/(?![/\\])[^\s<>"'`\\]*$/

/** An image from elsewhere would tell its host who reads which form. */
const imageSource = (source: string): string | null =>
  IMAGE_DATA.test(source) || OWN_PATH.test(source) ? source : null

/** Property of the component → word of the attribute `sandbox`, for what is not a permission of its own. */
const SANDBOX: Readonly<Record<string, string>> = {
  allowScripts: 'allow-scripts',
  allowSameOrigin: 'allow-same-origin',
  allowForms: 'allow-forms',
  allowModals: 'allow-modals',
  allowPopups: 'allow-popups',
}

function frameOf(
  { label, url, height, security }: ComponentOf<'iframe'>,
  scope: Context,
  expressions: Expressions,
  frames: readonly string[],
): Content {
  const address = secureAddress(expressions.text(url, scope).trim())
  return {
    type: 'frame',
    label: expressions.label(label, scope),
    address: address?.href ?? null,
    isAllowed: address !== null && frames.includes(address.origin),
    height: Math.min(Math.max(height, 1), FRAME_HEIGHT_MAX),
    permissions: Object.entries({ allowScripts: true, ...security })
      .flatMap(([name, isGiven]) => (isGiven && SANDBOX[name] !== undefined ? [SANDBOX[name]] : []))
      .join(' '),
  }
}

function secureAddress(text: string): URL | null {
  try {
    const address = new URL(text)
    return address.protocol === 'https:' && address.username === '' ? address : null
  } catch {
    return null
  }
}
