/** Observations on a pre-denial notice (L. 241/1990 art. 10-bis): a page, then message `osservazioni.ricevute`. */
import { typedIn } from '../form/typed.ts'
import { html } from '../html.ts'
import { type Answer, breadcrumb, type CitizenVisit, page, refusedPage, type TownHall } from '../page.ts'
import { isAwaited, tellPractice } from './practice-messages.ts'
import { ownPractice, PRACTICES, serviceName } from './practices.ts'

const TEXT_MAX = 8_000

export async function askObservations(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'read')
  if (practice === null) return refusedPage(visit, 404)
  const address = `${PRACTICES}/${id}`
  if (!(await isAwaited(hall, practice, 'osservazioni.ricevute'))) return { kind: 'redirect', to: address }
  const { say, csrfField, query } = visit
  const title = say('observe')
  const isEmpty = query.has('vuote')
  const fault =
    isEmpty && html`<div class="form-feedback just-validate-error-label" id="testo-err">${say('observeEmpty')}</div>`
  const main = html`${breadcrumb(
    say,
    [
      [say('home'), '/'],
      [say('myPractices'), PRACTICES],
      [serviceName(hall, practice), address],
    ],
    title,
  )}<h1>${title}</h1><p>${say('observeText')}</p><form method="post" action="${address}/osservazioni">${csrfField}<div class="form-group"><label class="active" for="testo">${say('observations')} *</label><textarea class="form-control" id="testo" name="testo" rows="8" maxlength="${TEXT_MAX}" required aria-describedby="${isEmpty ? 'testo-err' : ''}"${isEmpty && html` aria-invalid="true"`}></textarea>${fault}</div><button type="submit" class="btn btn-primary me-3">${say('observeSend')}</button><a class="btn btn-outline-primary" href="${address}">${say('back')}</a></form>`
  return page(isEmpty ? say('error', { title }) : title, main)
}

export async function observe(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'observe')
  if (practice === null) return refusedPage(visit, 404)
  const testo = (typedIn(visit.body).get('testo')?.at(-1) ?? '').trim().slice(0, TEXT_MAX)
  const address = `${PRACTICES}/${id}`
  if (testo === '') return { kind: 'redirect', to: `${address}/osservazioni?vuote` }
  const osservazioni = { testo, ricevuteIl: new Date(hall.now()).toISOString() }
  if (await isAwaited(hall, practice, 'osservazioni.ricevute'))
    await tellPractice(hall, practice, 'osservazioni.ricevute', { osservazioni })
  return { kind: 'redirect', to: address }
}
