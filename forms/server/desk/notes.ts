/** Notes of the office on a practice: who, when, what. Written by who may read it, never changed; the citizen does not see them. */
import { shown } from '../form/display.ts'
import { type Html, html, type Part } from '../html.ts'
import { type Answer, type PersonVisit, page, type TownHall } from '../page.ts'
import { ownPath } from '../shell/doors.ts'
import { NOTE_MAX, type Note } from '../store/notes.ts'
import { recordAccess, refusal } from './access.ts'
import { DESK, instanceAddress } from './addresses.ts'
import { fieldsIn, withoutNul } from './fields.ts'
import { readableInstance, seesPeople } from './may.ts'
import { personName } from './names.ts'
import { practiceOf } from './practice-of.ts'

/** `back`: the page that shows them. */
export async function renderNotes(
  hall: TownHall,
  visit: PersonVisit,
  { practice, instance, back }: { readonly practice: string | null; readonly instance: string; readonly back: string },
): Promise<Part> {
  const { say, csrfField } = visit
  if (practice === null) return html`<p>${say('noPracticeNotes')}</p>`
  const notes = await hall.notes.of(practice)
  return html`${
    notes.length === 0
      ? html`<p>${say('noNotes')}</p>`
      : html`<ul class="list-unstyled iter-notes">${notes.map((note) => renderNote(hall, note))}</ul>`
  }<form method="post" action="${instanceAddress(instance)}/note">${csrfField}<input type="hidden" name="poi" value="${back}"><div class="form-group mb-2"><label class="active" for="nota">${say('newNote')}</label><textarea class="form-control" id="nota" name="testo" rows="3" maxlength="${NOTE_MAX}" required data-key="n" aria-describedby="nota-aiuto"></textarea><small class="form-text" id="nota-aiuto">${say('noteHelp')}</small></div><button type="submit" class="btn btn-outline-primary btn-sm">${say('addNote')}</button></form>`
}

const renderNote = (hall: TownHall, { at, person, text }: Note): Html =>
  html`<li><span class="small"><strong>${personName(hall, person)}</strong>, <time datetime="${at.toISOString()}">${shown(at.toISOString())}</time></span><p class="mb-2">${text}</p></li>`

export async function addNote(hall: TownHall, visit: PersonVisit, key: string): Promise<Answer> {
  const { person, body, say } = visit
  const readable = await readableInstance(hall, person, key)
  if (readable === 'missing') return refusal(visit, 404, 'instance')
  if (readable === null || !seesPeople(person)) return refusal(visit, 403, 'instance')
  const practice = await practiceOf(hall, key)
  if (practice === null) return refusal(visit, 404, 'instance')
  const fields = fieldsIn(body)
  const text = withoutNul(fields.get('testo') ?? '').trim()
  const back = backTo(fields.get('poi'), key)
  if (text === '' || text.length > NOTE_MAX) {
    const title = say('newNote')
    const why = text === '' ? say('noteEmpty') : say('noteTooLong', { max: String(NOTE_MAX) })
    return page(
      say('error', { title }),
      html`<h1>${title}</h1><div class="alert alert-danger" role="alert">${why}</div>${text !== '' && html`<p class="iter-kept">${text}</p>`}<p><a href="${back}">${say('back')}</a></p>`,
      422,
    )
  }
  const at = new Date(hall.now())
  await hall.notes.add(practice.id, { at, person: person.id, text })
  await recordAccess(hall, visit, 'note', practice.id)
  return { kind: 'redirect', to: `${back}#note` }
}

const backTo = (given: string | null, key: string): string => {
  const path = ownPath(given)
  return path.startsWith(`${DESK}/`) ? path : instanceAddress(key)
}
