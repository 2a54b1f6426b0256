/** Withdrawing a practice: a page that says what follows, then message `rinuncia.ricevuta`, which the procedure waits for. */
import { typedIn } from '../form/typed.ts'
import { html } from '../html.ts'
import { type Answer, breadcrumb, type CitizenVisit, page, refusedPage, type TownHall } from '../page.ts'
import { tellPractice } from './practice-messages.ts'
import { mayWithdraw, storyOf } from './practice-story.ts'
import { ownPractice, PRACTICES, serviceName } from './practices.ts'

const REASON_MAX = 2_000

export async function askWithdrawal(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'read')
  if (practice === null) return refusedPage(visit, 404)
  const address = `${PRACTICES}/${id}`
  if (!mayWithdraw(await storyOf(hall, practice))) return { kind: 'redirect', to: address }
  const { say, csrfField } = visit
  const title = say('withdraw')
  const main = html`${breadcrumb(
    say,
    [
      [say('home'), '/'],
      [say('myPractices'), PRACTICES],
      [serviceName(hall, practice), address],
    ],
    title,
  )}<h1>${title}</h1><p>${say('withdrawText')}</p><form method="post" action="${address}/rinuncia">${csrfField}<div class="form-group"><label class="active" for="motivo">${say('withdrawReason')}</label><textarea class="form-control" id="motivo" name="motivo" rows="3" maxlength="${REASON_MAX}"></textarea></div><button type="submit" class="btn btn-danger me-3">${say('withdrawConfirm')}</button><a class="btn btn-outline-primary" href="${address}">${say('back')}</a></form>`
  return page(title, main)
}

export async function withdraw(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'withdraw')
  if (practice === null) return refusedPage(visit, 404)
  const story = await storyOf(hall, practice)
  const reason = typedIn(visit.body).get('motivo')?.at(-1) ?? ''
  const motivo = reason.trim().slice(0, REASON_MAX)
  const rinuncia = { ricevutaIl: new Date(hall.now()).toISOString(), ...(motivo !== '' && { motivo }) }
  if (mayWithdraw(story)) await tellPractice(hall, practice, 'rinuncia.ricevuta', { rinuncia })
  return { kind: 'redirect', to: `${PRACTICES}/${id}` }
}
