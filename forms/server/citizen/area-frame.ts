/** The frame of the personal area: who one is, and its sections as tabs that are links, so that they work without script. */
import type { MessageKey } from '../catalogue.ts'
import { type Html, html, type Part } from '../html.ts'
import { breadcrumb, type CitizenVisit, type PageAnswer, page, type TownHall } from '../page.ts'
import { MESSAGES, type Message, messagesFor } from './messages.ts'
import { ownStories, PRACTICES } from './own-practice.ts'

export const AREA = '/area'
export const DEADLINES = '/scadenze'

const TABS = [
  { tab: 'areaHome', to: AREA, icon: 'it-user' },
  { tab: 'inbox', to: MESSAGES, icon: 'it-mail' },
  { tab: 'myPractices', to: PRACTICES, icon: 'it-files' },
  { tab: 'deadlines', to: DEADLINES, icon: 'it-calendar' },
] as const satisfies readonly { readonly tab: MessageKey; readonly to: string; readonly icon: string }[]
export type AreaTab = (typeof TABS)[number]['tab']

/** `messages`: where they are known already. */
export async function areaPage(
  hall: TownHall,
  visit: CitizenVisit,
  here: AreaTab,
  content: Part,
  messages?: readonly Message[],
): Promise<PageAnswer> {
  const { say, person } = visit
  const all = messages ?? (await messagesFor(hall, visit, await ownStories(hall, visit)))
  const unread = all.filter(({ isRead }) => !isRead).length
  const title = say(here)
  const trail = breadcrumb(
    say,
    here === 'areaHome'
      ? [[say('home'), '/']]
      : [
          [say('home'), '/'],
          [say('area'), AREA],
        ],
    here === 'areaHome' ? say('area') : title,
  )
  const main = html`${trail}<h1 class="mb-1">${person.nome} ${person.cognome}</h1><p class="mb-4">${say('taxCode')}: <span class="font-monospace">${person.cf}</span></p>${renderTabs(hall, visit, here, unread)}${content}`
  return page(`${title} – ${say('area')}`, main)
}

function renderTabs(hall: TownHall, { say }: CitizenVisit, here: AreaTab, unread: number): Html {
  const items = TABS.map(({ tab, to, icon }) => {
    const isHere = tab === here
    const count =
      tab === 'inbox' &&
      unread > 0 &&
      html` <span class="badge bg-primary">${say('unreadCount', { count: String(unread) })}</span>`
    return html`<li class="nav-item"><a class="nav-link${isHere && ' active'}" href="${to}"${isHere && html` aria-current="page"`}>${hall.icon(icon)} ${say(tab)}${count}</a></li>`
  })
  return html`<nav class="mb-5" aria-label="${say('areaTabs')}"><ul class="nav nav-tabs iter-tabs">${items}</ul></nav>`
}
