/** A page on which a citizen writes to the office about a practice: what follows from it, a day where one is asked, one text, one button. */
import type { MessageKey } from '../catalogue.ts'
import { typedIn } from '../form/typed.ts'
import { html, type Part } from '../html.ts'
import { type Answer, breadcrumb, type CitizenVisit, page, type TownHall } from '../page.ts'
import type { Practice } from '../store/practices.ts'
import { PRACTICES, serviceName } from './own-practice.ts'

export interface Letter {
  /** Below the practice's address. */
  readonly path: string
  readonly title: Plain
  readonly explanation: Plain
  /** Always required; what is wrong with a letter that asks for one is told of it. */
  readonly day?: { readonly name: string; readonly label: Plain }
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
  | 'withdrawAfterText'
  | 'withdrawReason'
  | 'withdrawConfirm'
  | 'observe'
  | 'observeText'
  | 'observations'
  | 'observeSend'
  | 'extend'
  | 'extendText'
  | 'extendDay'
  | 'extendReason'
  | 'extendSend'
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
  const asked = letter.day?.name ?? name
  const told = (control: string): Part =>
    fault !== '' && control === asked && html` aria-invalid="true" aria-describedby="${control}-err"`
  const wrong = (control: string): Part =>
    fault !== '' &&
    control === asked &&
    html`<div class="form-feedback just-validate-error-label" id="${control}-err">${fault}</div>`
  const day =
    letter.day &&
    html`<div class="form-group"><label class="active" for="${letter.day.name}">${say(letter.day.label)} *</label><input type="date" class="form-control" id="${letter.day.name}" name="${letter.day.name}" required${told(letter.day.name)}>${wrong(letter.day.name)}</div>`
  const main = html`${breadcrumb(
    say,
    [
      [say('home'), '/'],
      [say('myPractices'), PRACTICES],
      [serviceName(hall, practice), address],
    ],
    title,
  )}<h1>${title}</h1><p>${say(letter.explanation)}</p><form method="post" action="${address}/${letter.path}">${csrfField}${day}<div class="form-group"><label class="active" for="${name}">${say(label)}${isRequired && ' *'}</label><textarea class="form-control" id="${name}" name="${name}" rows="${rows}" maxlength="${max}"${isRequired && html` required`}${told(name)}></textarea>${wrong(name)}</div><div class="iter-actions"><button type="submit" class="btn btn-${letter.look}">${say(letter.send)}</button><a class="btn btn-outline-primary" href="${address}">${say('back')}</a></div></form>`
  return page(fault === '' ? title : say('error', { title }), main)
}

export const typedText = ({ body }: CitizenVisit, { field: { name, max } }: Letter): string =>
  (typedIn(body).get(name)?.at(-1) ?? '').trim().slice(0, max)

/** ISO; '' for what is no day, and for a letter that asks for none. */
export function typedDay({ body }: CitizenVisit, { day }: Letter): string {
  const typed = day === undefined ? '' : (typedIn(body).get(day.name)?.at(-1) ?? '').trim()
  return ISO_DAY.test(typed) && !Number.isNaN(Date.parse(typed)) ? typed : ''
}
const ISO_DAY = /^\d{4}-\d\d-\d\d$/
