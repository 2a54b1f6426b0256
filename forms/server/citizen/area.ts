/** The home of the personal area, what waits for the citizen first; and all dates that concern them. */
import type { MessageKey } from '../catalogue.ts'
import { dayIn } from '../day.ts'
import { type Html, html, type Part } from '../html.ts'
import type { Answer, CitizenVisit, TownHall } from '../page.ts'
import { stackedTable } from '../stacked-table.ts'
import { areaPage } from './area-frame.ts'
import { draftsOf, renderDrafts } from './drafts.ts'
import { renderMessages } from './message-pages.ts'
import { MESSAGES, messagesFor } from './messages.ts'
import { ownStories, PRACTICES, serviceName, timeTag } from './own-practice.ts'
import { PAY, payAddress } from './payment.ts'
import { type Awaited, awaitedOf } from './practice-state.ts'
import { dueDayOf, isEnded, protocolOf, type Story } from './practice-story.ts'
import { renderPractices } from './practices.ts'

const LATEST = 3

export async function showArea(hall: TownHall, visit: CitizenVisit): Promise<Answer> {
  const { say } = visit
  const [stories, drafts] = await Promise.all([ownStories(hall, visit), draftsOf(hall, visit)])
  const messages = await messagesFor(hall, visit, stories)
  const waiting = stories.flatMap((story) => awaitedOf(story).map((awaited) => ({ story, ...awaited })))
  const isIdle = waiting.length === 0 && drafts.length === 0
  const first =
    (isIdle || waiting.length > 0) &&
    html`<section class="mb-5" aria-labelledby="aspetta"><h2 class="h4" id="aspetta">${say('waitsForYou')}</h2>${
      isIdle ? html`<p>${say('nothingWaits')}</p>` : renderWaiting(hall, visit, waiting)
    }</section>`
  const content = html`${first}${renderDrafts(hall, visit, drafts)}${section(say('latestMessages'), 'messaggi', [
    messages.length === 0
      ? html`<p>${say('noMessages')}</p>`
      : [renderMessages(hall, visit, messages.slice(0, LATEST)), more(MESSAGES, say('allMessages'))],
  ])}${section(say('latestPractices'), 'pratiche', [
    stories.length === 0
      ? html`<p>${say('noPractices')}</p>`
      : [renderPractices(hall, visit, stories.slice(0, LATEST)), more(PRACTICES, say('allPractices'))],
  ])}<p><a class="btn btn-outline-primary" href="/">${say('startRequest')}</a></p>`
  return areaPage(hall, visit, 'areaHome', content, messages)
}

const section = (title: string, id: string, content: Part): Html =>
  html`<section class="mb-5" aria-labelledby="${id}"><h2 class="h4" id="${id}">${title}</h2>${content}</section>`

const more = (to: string, text: string): Html => html`<p><a href="${to}">${text}</a></p>`

const PAGES_OF = {
  stepAnswer: { path: 'integrazione', action: 'answerRequest' },
  stepObserve: { path: 'osservazioni', action: 'observe' },
  stepPay: { path: PAY, action: 'payOnline' },
} as const satisfies Record<string, { readonly path: string; readonly action: MessageKey }>

type Waiting = Awaited & { readonly story: Story }

function renderWaiting(hall: TownHall, { say }: CitizenVisit, waiting: readonly Waiting[]): Part {
  if (waiting.length === 0) return null
  return html`<ul class="list-unstyled">${waiting.map(({ story, name, day, notice }) => {
    const { practice } = story
    const { path, action } = PAGES_OF[name]
    const to = notice === null ? `${PRACTICES}/${practice.id}/${path}` : payAddress(practice.id, notice)
    const number = protocolOf(story)
    return html`<li class="iter-card iter-card-warning"><div><h3 class="h6 mb-1">${serviceName(hall, practice)}</h3><p class="mb-0">${say(name)}${day !== '' && html` ${say('deadlineUntil')} <strong>${timeTag(day)}</strong>`}</p>${number !== '' && html`<p class="small mb-0">${say('protocolNumber', { number })}</p>`}</div><a class="btn btn-primary btn-sm" href="${to}">${say(action)} <span class="visually-hidden">${serviceName(hall, practice)}</span></a></li>`
  })}</ul>`
}

export async function showDeadlines(hall: TownHall, visit: CitizenVisit): Promise<Answer> {
  const { say } = visit
  const [stories, drafts] = await Promise.all([ownStories(hall, visit), draftsOf(hall, visit)])
  const dates = [
    ...stories.flatMap((story) =>
      awaitedOf(story).map(({ name, day }) => ({
        ...{ what: say(name), whose: 'deadlineYours' as const, day },
        ...{ to: `${PRACTICES}/${story.practice.id}`, service: serviceName(hall, story.practice) },
        number: protocolOf(story),
      })),
    ),
    ...stories
      .filter((story) => !isEnded(story) && dueDayOf(story) !== '')
      .map((story) => ({
        ...{ what: say('stepEnd'), whose: 'deadlineOurs' as const, day: dueDayOf(story) },
        ...{ to: `${PRACTICES}/${story.practice.id}`, service: serviceName(hall, story.practice) },
        number: protocolOf(story),
      })),
    ...drafts.map(({ processId, expiresAt }) => ({
      ...{ what: say('deadlineDraft'), whose: 'deadlineYours' as const, day: dayIn(expiresAt) },
      ...{ to: PRACTICES, service: serviceName(hall, { processId }), number: '' },
    })),
  ].toSorted((one, other) => (one.day || '9999').localeCompare(other.day || '9999'))
  const rows = dates.map(
    ({ what, whose, day, to, service, number }) =>
      html`<tr role="row"><th scope="row" role="rowheader">${timeTag(day)}</th><td role="cell" data-label="${say('deadlineWhat')}">${what}</td><td role="cell" data-label="${say('service')}"><a href="${to}">${service}</a>${number !== '' && html`<span class="d-block small">${say('protocolNumber', { number })}</span>`}</td><td role="cell" data-label="${say('deadlineWhose')}">${say(whose)}</td></tr>`,
  )
  const heads = [say('deadlineWhen'), say('deadlineWhat'), say('service'), say('deadlineWhose')]
  const content =
    rows.length === 0 ? html`<p>${say('noDeadlines')}</p>` : stackedTable(say('deadlinesCaption'), heads, rows)
  return areaPage(hall, visit, 'deadlines', content, await messagesFor(hall, visit, stories))
}
