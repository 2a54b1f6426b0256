/** The messages of the town as pages: the list, and one to read. */
import { type Html, html } from '../html.ts'
import { type Answer, breadcrumb, type CitizenVisit, page, refusedPage, type TownHall } from '../page.ts'
import { areaPage } from './area-frame.ts'
import { MESSAGES, type Message, messagesFor, toldIn } from './messages.ts'
import { ownPractice, ownStories, PRACTICES, serviceName, timeTag } from './own-practice.ts'
import { storyOf } from './practice-story.ts'

const addressOf = ({ practice, id }: Message): string => `${MESSAGES}/${practice}.${id}`

export function renderMessages(hall: TownHall, { say }: CitizenVisit, messages: readonly Message[]): Html {
  return html`<ul class="list-unstyled" data-it="messages">${messages.map((message) => {
    const { subject, at, isRead, text } = message
    const state = isRead
      ? html`<span class="small">${hall.icon('it-mail-open')} ${say('read')}</span>`
      : html`<span class="badge bg-primary">${say('unread')}</span>`
    return html`<li class="iter-card"><div><p class="mb-1 small">${timeTag(at)} ${state}</p><h3 class="h6 mb-1"><a href="${addressOf(message)}">${subject}</a></h3><p class="mb-0">${text[0]}</p></div></li>`
  })}</ul>`
}

export async function listMessages(hall: TownHall, visit: CitizenVisit): Promise<Answer> {
  const messages = await messagesFor(hall, visit, await ownStories(hall, visit))
  const content = html`<h2 class="h4">${visit.say('inbox')}</h2>${messages.length === 0 ? html`<p>${visit.say('noMessages')}</p>` : renderMessages(hall, visit, messages)}`
  return areaPage(hall, visit, 'inbox', content, messages)
}

/** `key`: id of the practice, a dot, which message. Opening it is reading it. */
export async function showMessage(hall: TownHall, visit: CitizenVisit, key: string): Promise<Answer> {
  const [id = '', which = ''] = key.split('.', 2)
  const practice = await ownPractice(hall, visit, id, 'read')
  const told = practice && toldIn(hall, visit, await storyOf(hall, practice)).find((one) => one.id === which)
  if (!practice || !told) return refusedPage(visit, 404)
  await hall.marks.mark(id, told.id, new Date())
  const { say } = visit
  const { subject, at, text, action } = told
  const trail = breadcrumb(
    say,
    [
      [say('home'), '/'],
      [say('inbox'), MESSAGES],
    ],
    subject,
  )
  const paragraphs = text.map((part) => part && html`<div class="mb-3">${part}</div>`)
  const main = html`${trail}<h1>${subject}</h1><p>${say('messageFrom')} ${hall.town.nome}${at !== '' && html`, ${timeTag(at)}`}</p><div class="iter-letter mb-4">${paragraphs}</div>${
    action !== null && html`<p><a class="btn btn-primary" href="${action.to}">${action.name}</a></p>`
  }<p><a href="${PRACTICES}/${id}">${say('toPractice')}: ${serviceName(hall, practice)}</a></p><p><a href="${MESSAGES}">${say('toMessages')}</a></p>`
  return page(subject, main)
}
