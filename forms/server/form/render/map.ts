/**
 * An area on the map: what is drawn, in words; the place for the script that draws; and the corners as text, folded, for who has them.
 * The script owns what is inside its place (`data-own`, see browser/morph.ts).
 */
import { attributes, type Html, html } from '../../html.ts'
import { shown } from '../display.ts'
import type { Language } from '../faults.ts'
import { drawnIn, roundedSize } from '../map-field.ts'
import type { Field } from '../page.ts'
import { words } from '../words.ts'
import { caption, described } from './described.ts'
import type { Look } from './look.ts'

export function renderMap(field: Field, control: Html, look: Look): Html {
  const word = words[look.language]
  const { id, fault, notes } = described(field, look)
  const size = sizeText(field, look.language)
  const place = attributes({
    id: `${id}-mappa`,
    class: 'iter-map',
    'data-map': field.name,
    'data-language': look.language,
  })
  const given = attributes({ class: 'iter-map-text', open: fault !== null })
  return html`<fieldset class="form-group"><legend class="h6">${caption(field, look)}</legend><div${place}></div>${
    size !== null && html`<p class="mb-2">${size}</p>`
  }<details${given}><summary>${word.corners}</summary><label class="active" for="${id}">${word.cornersAsText}</label>${control}</details>${notes}</fieldset>`
}

/** How large it is, and that it counts before what was written. Null when nothing, or nothing that can be, is drawn. */
export function sizeText({ value, around: { declaredSize } }: Field, language: Language): string | null {
  const area = drawnIn(value)
  if (area === null) return null
  const word = words[language]
  const size = roundedSize(area)
  const isOther = declaredSize !== null && Math.abs(Number(declaredSize) - size) >= 0.1
  const drawn = word.drawnSize(shown(size))
  return isOther ? `${drawn} ${word.drawnCounts(shown(declaredSize))}` : drawn
}
