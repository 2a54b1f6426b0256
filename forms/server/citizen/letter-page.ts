/** A page on which a citizen writes to the office about a practice: what follows from it, one text, one button. */
import type { MessageKey } from '../catalogue.ts'
import { typedIn } from '../form/typed.ts'
import { html } from '../html.ts'
import { type Answer, breadcrumb, type CitizenVisit, page, type TownHall } from '../page.ts'
import type { Practice } from '../store/practices.ts'
import { PRACTICES, serviceName } from './own-practice.ts'

export interface Letter {
  /** Below the practice's address. */
  readonly path: string
  readonly title: Plain
  readonly explanation: Plain
  readonly field: {
    readonly name: string
    readonly label: Plain
    readonly rows: number
    readonly max: number
    readonly isRequired: boolean
  }
  readonly send: Plain
  readonly look: 'primary' | 'danger'
}
/** Texts without values. */
type Plain = Extract<
  MessageKey,
  | 'withdraw'
  | 'withdrawText'
  | 'withdrawReason'
  | 'withdrawConfirm'
  | 'observe'
  | 'observeText'
  | 'observations'
  | 'observeSend'
>

/** `fault`: what is wrong with what was typed; '' when nothing is. */
export function letterPage(
  hall: TownHall,
  { say, csrfField }: CitizenVisit,
  practice: Practice,
  letter: Letter,
  fault = '',
): Answer {
  const address = `${PRACTICES}/${practice.id}`
  const title = say(letter.title)
  const { name, label, rows, max, isRequired } = letter.field
  const told = fault !== '' && html` aria-invalid="true" aria-describedby="${name}-err"`
  const main = html`${breadcrumb(
    say,
    [
      [say('home'), '/'],
      [say('myPractices'), PRACTICES],
      [serviceName(hall, practice), address],
    ],
    title,
  )}<h1>${title}</h1><p>${say(letter.explanation)}</p><form method="post" action="${address}/${letter.path}">${csrfField}<div class="form-group"><label class="active" for="${name}">${say(label)}${isRequired && ' *'}</label><textarea class="form-control" id="${name}" name="${name}" rows="${rows}" maxlength="${max}"${isRequired && html` required`}${told}></textarea>${fault !== '' && html`<div class="form-feedback just-validate-error-label" id="${name}-err">${fault}</div>`}</div><div class="iter-actions"><button type="submit" class="btn btn-${letter.look}">${say(letter.send)}</button><a class="btn btn-outline-primary" href="${address}">${say('back')}</a></div></form>`
  return page(fault === '' ? title : say('error', { title }), main)
}

export const typedText = ({ body }: CitizenVisit, { field: { name, max } }: Letter): string =>
  (typedIn(body).get(name)?.at(-1) ?? '').trim().slice(0, max)
