/**
 * How easy a service was to use, how clear a page: one to five stars, then a question that depends on them (C.SE 1.7).
 * Owns: the question and its page. Works without script: which of both questions is seen, the style sheet decides by the star that is
 * chosen; a browser that cannot shows both, and only the right one is read.
 * Invariant: nothing says who answered. What is written is asked to be free of personal data, is short, and has an end (store/ratings.ts).
 */
import type { MessageKey } from '../catalogue.ts'
import { dayIn } from '../day.ts'
import { typedIn } from '../form/typed.ts'
import { type Html, html } from '../html.ts'
import { type Answer, breadcrumb, page, refusedPage, type TownHall, type Visit } from '../page.ts'
import { DETAILS_MAX } from '../store/ratings.ts'
import { procedureOf } from './own-practice.ts'

/** What is rated: the service, or the page that describes it. */
const SUBJECTS = { servizio: 'ratingService', pagina: 'ratingPage' } as const satisfies Record<string, MessageKey>
type Subject = keyof typeof SUBJECTS

const STARS = [1, 2, 3, 4, 5] as const
/** From so many on one is asked what was good. */
const GOOD = 4

const addressOf = (processId: string): string => `/servizi/${processId}/valutazione`

export function renderRating({ say, csrfField }: Visit, processId: string, subject: Subject, fault = ''): Html {
  const stars = STARS.map(
    (star) =>
      html`<div class="iter-star"><input type="radio" id="stelle-${star}" name="stelle" value="${star}" required data-element="feedback-rate-${star}"><label for="stelle-${star}"><span class="visually-hidden">${say(`ratingStars${star}`)}</span></label></div>`,
  )
  const told = fault !== '' && html` aria-describedby="stelle-errore"`
  const error =
    fault !== '' && html`<div class="form-feedback just-validate-error-label" id="stelle-errore">${fault}</div>`
  return html`<section class="iter-rating" data-element="feedback" aria-labelledby="valuta"><form method="post" action="${addressOf(processId)}" novalidate>${csrfField}<input type="hidden" name="oggetto" value="${subject}"><fieldset${told}><legend class="h5" id="valuta" data-element="feedback-title">${say(SUBJECTS[subject])}</legend><div class="iter-stars">${stars}</div>${error}</fieldset>${reasons(say, 'Negative')}${reasons(say, 'Positive')}<div class="iter-rating-more"><div class="form-group"><label class="active" for="dettagli">${say('ratingDetails')}</label><input class="form-control" type="text" id="dettagli" name="dettagli" maxlength="${DETAILS_MAX}" aria-describedby="dettagli-aiuto" data-element="feedback-input-text"><small class="form-text" id="dettagli-aiuto">${say('ratingDetailsHelp')}</small></div><button type="submit" class="btn btn-primary">${say('ratingSend')}</button></div></form></section>`
}

function reasons(say: Visit['say'], kind: 'Negative' | 'Positive'): Html {
  const name = `motivo-${kind.toLowerCase()}`
  const choices = STARS.map(
    (which) =>
      html`<div class="form-check"><input type="radio" id="${name}-${which}" name="${name}" value="${which}"><label for="${name}-${which}" data-element="feedback-rating-answer">${say(`rating${kind}${which}`)}</label></div>`,
  )
  return html`<fieldset class="iter-rating-${kind.toLowerCase()}" data-element="feedback-rating-${kind.toLowerCase()}"><legend class="h6" data-element="feedback-rating-question">${say(`rating${kind}`)}</legend>${choices}</fieldset>`
}

export async function askRating(hall: TownHall, visit: Visit, processId: string): Promise<Answer> {
  const procedure = procedureOf(hall, processId)
  return procedure === undefined ? refusedPage(visit, 404) : ratingPage(visit, procedure.nome, processId, 'servizio')
}

function ratingPage(visit: Visit, name: string, processId: string, subject: Subject, fault = ''): Answer {
  const { say } = visit
  const title = say('ratingTitle')
  const trail = breadcrumb(
    say,
    [
      [say('home'), '/'],
      [name, `/servizi/${processId}`],
    ],
    title,
  )
  const main = html`${trail}<h1>${name}</h1>${renderRating(visit, processId, subject, fault)}`
  return page(fault === '' ? `${title} – ${name}` : say('error', { title }), main, fault === '' ? 200 : 422)
}

export async function rate(hall: TownHall, visit: Visit, processId: string): Promise<Answer> {
  const procedure = procedureOf(hall, processId)
  if (procedure === undefined) return refusedPage(visit, 404)
  const { say } = visit
  const typed = typedIn(visit.body)
  const text = (name: string): string => typed.get(name)?.at(-1) ?? ''
  const subject: Subject = text('oggetto') === 'pagina' ? 'pagina' : 'servizio'
  const stars = STARS.find((star) => String(star) === text('stelle'))
  if (stars === undefined) return ratingPage(visit, procedure.nome, processId, subject, say('ratingMissing'))
  const kind = stars >= GOOD ? 'positive' : 'negative'
  const reason = STARS.find((which) => String(which) === text(`motivo-${kind}`))
  const details = text('dettagli').replaceAll('\0', '').toWellFormed().trim().slice(0, DETAILS_MAX)
  await hall.ratings.add({
    ...{ processId, subject, stars, reason: reason ?? null },
    ...{ details: details === '' ? null : details, day: dayIn(new Date(hall.now())) },
  })
  const title = say('ratingTitle')
  const main = html`<h1>${procedure.nome}</h1><div class="alert alert-success" role="status">${say('ratingThanks')}</div><p><a href="/servizi/${processId}">${say('toService')}</a></p>`
  return page(title, main)
}
