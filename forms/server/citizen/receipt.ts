/** The receipt: that it arrived, its number, who answers for it, until when, and what silence means. To read, print and keep. */
import { shown } from '../form/display.ts'
import { html } from '../html.ts'
import { type Answer, breadcrumb, type CitizenVisit, page, refusedPage, type TownHall } from '../page.ts'
import { ownPractice, PRACTICES, responsibleFor, serviceName } from './own-practice.ts'
import { renderReceiptPdf } from './practice-documents.ts'
import { dueDayOf, isEnded, protocolOf, storyOf, textAt } from './practice-story.ts'
import { renderFacts } from './practices.ts'
import { renderRating } from './rating.ts'

export async function showReceipt(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'read')
  if (practice === null) return refusedPage(visit, 404)
  const { say, language } = visit
  const story = await storyOf(hall, practice)
  const title = say('sent')
  const email = textAt(story, 'richiedente.email')
  const isPending = !isEnded(story) && (protocolOf(story) === '' || dueDayOf(story) === '')
  const trail = breadcrumb(
    say,
    [
      [say('home'), '/'],
      [say('myPractices'), PRACTICES],
    ],
    title,
  )
  const main = html`${trail}<div class="iter-receipt"><h1>${hall.icon('it-check-circle')} ${title}</h1><p class="lead" role="status">${say('sentText', { date: shown(practice.filedAt.toISOString()) })}${email !== '' && ` ${say('receiptMail', { email })}`}</p><h2 class="h4">${serviceName(hall, practice)}</h2>${renderFacts(hall, visit, story)}<p>${story.sheet?.[language].silenzio}</p>${
    isPending &&
    html`<p><a class="btn btn-outline-primary" href="${PRACTICES}/${id}/ricevuta">${hall.icon('it-refresh')} ${say('refresh')}</a></p>`
  }${await renderReceiptPdf(hall, visit, story)}<p><a href="${PRACTICES}/${id}/ricevuta.txt">${hall.icon('it-download')} ${say('downloadReceipt')}</a></p></div><h2 class="h4 mt-5">${say('nextSteps')}</h2><p>${say('nextStepsText')}</p><p><a class="btn btn-primary" href="${PRACTICES}/${id}">${say('toPractice')}</a></p>${renderRating(visit, practice.processId, 'servizio')}`
  return page(title, main)
}

export async function downloadReceipt(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'download')
  if (practice === null) return refusedPage(visit, 404)
  const { say, person, language } = visit
  const story = await storyOf(hall, practice)
  const due = dueDayOf(story)
  const lines = [
    hall.town.nome,
    serviceName(hall, practice),
    `${person.nome} ${person.cognome}, ${person.cf}`,
    `${say('protocol')}: ${protocolOf(story) || say('protocolPending')}`,
    `${say('practiceNumber')}: ${practice.id}`,
    `${say('filedOn')}: ${shown(practice.filedAt.toISOString())}`,
    `${say('dueDate')}: ${due === '' ? say('duePending') : shown(due)}`,
    `${say('responsible')}: ${responsibleFor(hall, practice.processId)}`,
    story.sheet?.[language].silenzio ?? '',
  ]
  return { kind: 'text', name: `ricevuta-${practice.id}.txt`, text: `${lines.join('\n')}\n` }
}
