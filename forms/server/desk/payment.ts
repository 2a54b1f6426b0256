/** What the applicant of a practice has to pay now, for the desk. */
import { html, type Part } from '../html.ts'
import type { PersonVisit, TownHall } from '../page.ts'
import { openNoticeIn, PAYMENT_CALL, PAYMENT_VARIABLES, renderNotice } from '../payment.ts'
import type { InstanceStory } from './instance-story.ts'
import { contextOf, textIn } from './practice-of.ts'

/** Nothing while no called instance waits for a payment. */
export async function renderPayment(
  { gateway }: TownHall,
  { say }: PersonVisit,
  { called, readable }: InstanceStory,
): Promise<Part> {
  const waiting = [readable.row, ...called].find(
    (row) => row.processDefinitionId === PAYMENT_CALL && row.state === 'ACTIVE',
  )
  if (waiting === undefined) return null
  const scope = textIn(waiting, 'processInstanceKey')
  const { items } = await gateway.query.search('variables', {
    filter: [
      { field: 'scopeKey', operator: '$eq', value: scope },
      { field: 'name', operator: '$in', value: [...PAYMENT_VARIABLES] },
    ],
    sort: [],
    page: { limit: PAYMENT_VARIABLES.length },
  })
  const notice = openNoticeIn(contextOf(items))
  return notice && html`<h2 class="h4" id="da-pagare">${say('paymentOpen')}</h2>${renderNotice(say, notice)}`
}
