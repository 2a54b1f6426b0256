/**
 * Several tasks claimed at once, and what became of it; a claim, a release or a completion told on the queue, with its undoing.
 * Each task stands for itself: one that a colleague was faster with stops no other.
 */
import type { Row } from '../../../engine/protocol/query.ts'
import { type Html, html, type Part } from '../html.ts'
import type { Answer, PersonVisit, TownHall } from '../page.ts'
import { recordAccess } from './access.ts'
import { DESK, queueAddress, taskAddress } from './addresses.ts'
import { isClaimed, isReleased } from './claim.ts'
import { news } from './desk-page.ts'
import { fieldsIn } from './fields.ts'
import { PAGE_SIZE } from './listing.ts'
import { mayWorkOn } from './may.ts'
import { assigneeText, personName, taskName } from './names.ts'
import { practiceHeads, textIn } from './practice-of.ts'
import { queueIn } from './queue-filters.ts'
import { tasksByKey } from './queue-tasks.ts'

const KEY = /^\d{1,19}$/

export const claimMany = (hall: TownHall, visit: PersonVisit): Promise<Answer> =>
  changeMany(hall, visit, 'claim', (row) => isClaimed(hall, visit, row))

/** The undoing of several claims: what a colleague has by now stays theirs. */
export const releaseMany = (hall: TownHall, visit: PersonVisit): Promise<Answer> =>
  changeMany(hall, visit, 'unclaim', (row) => isReleased(hall, visit, row))

async function changeMany(
  hall: TownHall,
  visit: PersonVisit,
  action: 'claim' | 'unclaim',
  isChanged: (row: Row) => Promise<boolean>,
): Promise<Answer> {
  const { person, body } = visit
  const chosen = keysIn(fieldsIn(body).getAll('compito'))
  const rows = (await tasksByKey(hall, chosen)).filter((row) => mayWorkOn(person, row))
  const heads = await practiceHeads(hall, [...new Set(rows.map((row) => textIn(row, 'processInstanceKey')))])
  const done: string[] = []
  for (const row of rows) {
    if (!(await isChanged(row))) continue
    done.push(textIn(row, 'userTaskKey'))
    const practice = heads.get(textIn(row, 'processInstanceKey'))?.practice?.id ?? null
    await recordAccess(hall, visit, action, practice, taskName(row))
  }
  const outcome = new URLSearchParams(queueIn(fieldsIn(body).get('coda'), person))
  const missed = chosen.filter((key) => !done.includes(key))
  if (chosen.length === 0) outcome.set('nessuno', '')
  if (done.length > 0) outcome.set(action === 'claim' ? 'presi' : 'rilasciati', done.join('.'))
  if (missed.length > 0) outcome.set('mancati', missed.join('.'))
  return { kind: 'redirect', to: queueAddress(outcome.toString()) }
}

const keysIn = (texts: readonly string[]): readonly string[] =>
  [...new Set(texts)].filter((text) => KEY.test(text)).slice(0, PAGE_SIZE)

/** What the address says has just happened; a task that is not this person's to see is not named. */
export async function renderQueueNews(hall: TownHall, visit: PersonVisit): Promise<Part> {
  const { query, say, person } = visit
  const named = (name: string) => keysIn((query.get(name) ?? '').split('.'))
  const [claimed, released, missed] = [named('presi'), named('rilasciati'), named('mancati')]
  const rows = new Map(
    (await tasksByKey(hall, [...claimed, ...released, ...missed]))
      .filter((row) => mayWorkOn(person, row))
      .map((row) => [textIn(row, 'userTaskKey'), row]),
  )
  const known = (keys: readonly string[]): readonly Row[] =>
    keys.map((key) => rows.get(key)).filter((row) => row !== undefined)
  return [
    query.has('completato') && news(say('taskCompleted')),
    query.has('nessuno') && news(say('noneChosen'), 'warning'),
    known(claimed).length > 0 && news(undoable(visit, 'claimed', known(claimed), claimed)),
    known(released).length > 0 && news(undoable(visit, 'released', known(released), released)),
    query.has('dato') && renderAssigned(hall, visit, query.get('dato') ?? ''),
    missed.length > 0 && news(renderMissed(hall, visit, known(missed), missed.length), 'warning'),
  ]
}

/** To whom a task was given; a name that the town does not know is none. */
function renderAssigned(hall: TownHall, { say }: PersonVisit, given: string): Part {
  const colleague = hall.town.persone.find(({ id, ruolo }) => ruolo === 'operatore' && given.endsWith(`.${id}`))
  return colleague !== undefined && news(say('assignedTo', { colleague: personName(hall, colleague.id) }))
}

/** One is named, several are counted. */
function undoable(
  { say, csrfField }: PersonVisit,
  what: 'claimed' | 'released',
  rows: readonly Row[],
  keys: readonly string[],
): Html {
  const [only] = rows
  const task = only !== undefined && rows.length === 1 ? taskName(only) : ''
  const texts = {
    claimed: task === '' ? say('claimedMany', { count: String(rows.length) }) : say('claimedOne', { task }),
    released: task === '' ? say('releasedMany', { count: String(rows.length) }) : say('releasedOne', { task }),
  }
  const undo = what === 'claimed' ? 'rilascia' : 'prendi'
  return html`<p class="mb-2">${texts[what]}</p><form method="post" action="${DESK}/${undo}">${csrfField}${keys.map(
    (key) => html`<input type="hidden" name="compito" value="${key}">`,
  )}<button type="submit" class="btn btn-outline-primary btn-sm">${say('undo')}</button></form>`
}

function renderMissed(hall: TownHall, visit: PersonVisit, rows: readonly Row[], count: number): Html {
  const { say } = visit
  const text = count === 1 ? say('missedOne') : say('missedMany', { count: String(count) })
  return html`<p class="mb-1">${text}</p><ul class="mb-0">${rows.map(
    (row) =>
      html`<li><a href="${taskAddress(textIn(row, 'userTaskKey'))}">${taskName(row)}</a>: ${
        textIn(row, 'state') === 'CREATED' ? assigneeText(hall, visit, row) : say('taskOver')
      }</li>`,
  )}</ul>`
}
