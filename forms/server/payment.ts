/**
 * What is to be paid for a practice now, as `ca-pagamento` tells it: amount, why, until when. Owns: reading the notice from variables,
 * showing it. Does not own: the page on which it is paid (pay-online.ts), what was paid before (account.ts).
 */
import { z } from 'zod'
import { type Context, toJson } from '../../engine/feel/index.ts'
import { euros, renderReason } from './account.ts'
import type { Say } from './catalogue.ts'
import { DOCUMENTS } from './form/attachment.ts'
import { shown } from './form/display.ts'
import { type Html, html } from './html.ts'
import { stackedTable } from './stacked-table.ts'

/** The procedure that tells it, while it runs, and its variables: the notice, and those that are paid or have expired. */
export const PAYMENT_CALL = 'ca-pagamento'
export const PAYMENT_VARIABLES: readonly string[] = ['avviso', 'avvisi']

const noticeSchema = z.object({
  numeroAvviso: z.string().regex(/^\d{18}$/),
  centesimi: z.int().min(1),
  oggetto: z.string(),
  scadenza: z.iso.date(),
  voci: z.array(z.object({ voce: z.string(), centesimi: z.int(), motivo: z.string().nullish() })),
  documento: z.object({ id: z.string() }).nullish(),
})
export type OpenNotice = z.infer<typeof noticeSchema>
const closedSchema = z.array(z.object({ numeroAvviso: z.string() }))

/** Null where nothing is to be paid. Whether the practice still goes on is not looked at. */
export function openNoticeIn(variables: Context): OpenNotice | null {
  const [notice, closed] = PAYMENT_VARIABLES.map((name) => JSON.parse(toJson(variables.get(name) ?? null)) as unknown)
  const told = noticeSchema.safeParse(notice)
  if (!told.success) return null
  const isClosed = closedSchema
    .safeParse(closed)
    .data?.some(({ numeroAvviso }) => numeroAvviso === told.data.numeroAvviso)
  return isClosed ? null : told.data
}

/** The lines with their reasons, and the notice on paper. */
export function renderNotice(say: Say, { numeroAvviso, centesimi, scadenza, voci, documento }: OpenNotice): Html {
  const caption = say('paymentCaption', { amount: euros(centesimi), number: numeroAvviso, day: shown(scadenza) })
  const rows = voci.map(
    (line) =>
      html`<tr role="row"><th scope="row" role="rowheader">${line.voce}${renderReason(line.motivo)}</th><td role="cell" data-label="${say('accountAmount')}">${euros(line.centesimi)} €</td></tr>`,
  )
  const paper = documento && html`<p><a href="${`${DOCUMENTS}/${documento.id}`}">${say('paymentPaper')}</a></p>`
  return html`${stackedTable(caption, [say('accountItem'), say('accountAmount')], rows)}${paper}`
}
