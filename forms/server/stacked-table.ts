/** A table of pages for citizens and clerks alike. */
import { type Html, html } from './html.ts'

/** A table that a phone stacks; roles are written out, because one that is laid out otherwise would be none for a reader. */
export function stackedTable(caption: string, columns: readonly string[], rows: readonly Html[]): Html {
  const heads = columns.map((column) => html`<th scope="col" role="columnheader">${column}</th>`)
  return html`<table class="table iter-stack" role="table"><caption>${caption}</caption><thead role="rowgroup"><tr role="row">${heads}</tr></thead><tbody role="rowgroup">${rows}</tbody></table>`
}
