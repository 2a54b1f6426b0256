/** Forms for tests: a few components, data and what was typed → the page and its HTML. */
import { type Context, fromJson } from '../../../engine/feel/index.ts'
import type { Node } from '../../../forms/server/form/page.ts'
import type { Look } from '../../../forms/server/form/render/look.ts'
import { renderPage } from '../../../forms/server/form/render/page.ts'
import { resolve } from '../../../forms/server/form/resolve.ts'
import { parseForm } from '../../../forms/server/form/schema.ts'
import { typedIn } from '../../../forms/server/form/typed.ts'
import { type Judgement, UNJUDGED, validate } from '../../../forms/server/form/validate.ts'

export const NOW = Date.parse('2027-03-01T09:00:00Z')

type Given = Readonly<Record<string, unknown>>

export const formOf = (...components: readonly Given[]) =>
  parseForm({
    type: 'default',
    components: components.map((component, index) => ({ id: `Field_${index}`, ...component })),
  })

/** `data` is JSON text; `typed` a form body, nothing on the first visit. */
export const filled = (
  components: readonly Given[],
  data = '{}',
  typed: Given | null = null,
  certified: readonly string[] = [],
) =>
  resolve(formOf(...components), {
    variables: fromJson(data) as Context,
    typed: typed && typedIn(typed),
    now: NOW,
    certified: new Set(certified),
  })

export const lookOf = (judged: Partial<Judgement>): Look => ({
  ...UNJUDGED,
  ...judged,
  language: 'it',
  headingLevel: 2,
  isLive: false,
})

export const markupOf = (nodes: readonly Node[], faults = validate(nodes)): string =>
  renderPage(nodes, lookOf({ faults })).markup
