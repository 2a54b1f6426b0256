/**
 * One process instance for those who work on it, composed of its parts: what stands, what is wrong, the legal clock, the diagram and
 * the same as text, what happened. Reads only; each read is recorded. Complete without script.
 */
import type { KeyText } from '../../../engine/protocol/gateway.ts'
import { accountFile, renderAccount } from '../account.ts'
import { outcomeActsIn, renderActs } from '../acts.ts'
import { type Html, html, type Part } from '../html.ts'
import type { Answer, PersonVisit, TownHall } from '../page.ts'
import { recordAccess, refusal } from './access.ts'
import { documentAddress, instanceAddress, PRACTICES_LIST, taskAddress } from './addresses.ts'
import { type GoingOn, sequelOf, toldBy } from './called.ts'
import { renderClock } from './clock.ts'
import { deskPage, news, trail } from './desk-page.ts'
import { renderDiagram } from './diagram.ts'
import { renderDocuments } from './documents.ts'
import { dueOf, renderDue } from './due.ts'
import { renderIncidents } from './incidents.ts'
import { type InstanceStory, storyOf } from './instance-story.ts'
import { maySuspend, proceduresOf, type ReadableInstance, readableAmong, readableInstance, seesPeople } from './may.ts'
import { assigneeText, officesText, personName, procedureName, taskName } from './names.ts'
import { renderNotes } from './notes.ts'
import { renderPayment } from './payment.ts'
import { delegationOf, practiceHead, textIn } from './practice-of.ts'
import { renderSteps, stateOf, timeOf } from './steps.ts'
import { renderTimeline } from './timeline.ts'
import { renderVariables } from './variables.ts'

export async function showInstance(hall: TownHall, visit: PersonVisit, key: KeyText): Promise<Answer> {
  const readable = await readableInstance(hall, visit.person, key)
  if (readable === 'missing') return refusal(visit, 404, 'instance')
  if (readable === null) return refusal(visit, 403, 'instance')
  const { say } = visit
  const { practice } = readable
  const root = textIn(readable.root, 'processInstanceKey')
  const filed = practice?.processInstanceKey ?? root
  const isNamed = seesPeople(visit.person)
  const delegation = delegationOf(hall, practice)
  const recorded = recordAccess(hall, visit, 'read', practice?.id ?? null)
  const [head, story, documents, account, notes, variables, sequel, before] = await Promise.all([
    practiceHead(hall, root, practice),
    storyOf(hall, visit, readable, { delegation, recorded }),
    isNamed && renderDocuments(hall, visit, practice, delegation),
    isNamed && practice !== null ? hall.accounts.of(practice.id) : [],
    isNamed && renderNotes(hall, visit, { practice: practice?.id ?? null, instance: root, back: instanceAddress(key) }),
    renderVariables(hall, visit, readable),
    sequelOf(hall, readable),
    filed === root ? null : hall.gateway.query.get('process-instances', filed),
  ])
  const [{ notices, acts }, incidents, diagram, ways] = await Promise.all([
    toldBy(hall, isNamed ? [readable.row, ...story.called, ...(sequel?.called ?? [])] : []),
    renderIncidents(hall, visit, story),
    renderDiagram(hall, visit, story),
    readableAmong(hall, visit.person, [...(before ? [before] : []), ...(sequel ? [sequel.row] : [])]),
  ])
  const name = procedureName(hall, readable.row)
  const title = head.protocol ? say('instanceTitle', { name, number: head.protocol }) : name
  const steps = proceduresOf(hall.town, visit.person).length > 0 ? [[say('practiceList'), PRACTICES_LIST] as const] : []
  const main = html`${trail(visit, title, { steps })}<h1>${title}</h1>${renderNews(visit)}${renderHead(
    hall,
    visit,
    story,
    { applicant: head.applicant, sequel, ways },
  )}${incidents}<div class="row mb-4"><div class="${isNamed ? 'col-lg-8' : 'col'}">${renderTasks(hall, visit, story)}${renderClock(hall, visit, story)}</div>${
    isNamed &&
    html`<div class="col-lg-4"><aside class="iter-beside" aria-label="${say('beside')}"><h2 class="h5" id="documenti" tabindex="-1" data-key="d">${say('documents')}</h2>${documents}<h2 class="h5 mt-4" id="note">${say('notes')}</h2>${notes}</aside></div>`
  }</div>${renderPayment(visit, notices)}${renderActs(say, isNamed ? [...acts, ...outcomeActsIn(story.legal)] : [], documentAddress)}${renderAccount(say, account, `${instanceAddress(key)}/conto.csv`)}${renderTimeline(hall, visit, story)}${diagram}${renderSteps(hall, visit, story)}${renderCalled(visit, story)}${renderMessages(visit, story)}${variables}`
  return deskPage(visit, { title, main })
}

/** What has just been done here. */
function renderNews({ query, say }: PersonVisit): Part {
  return [
    query.has('riprovato') && news(say('incidentRetried')),
    query.has('deciso') && news(say('incidentDecided')),
    query.has('sospesa') && news(say('instanceSuspended')),
    query.has('ripresa') && news(say('instanceResumed')),
    query.has('mancato') && news(say('incidentGone'), 'warning'),
    query.has('impossibile') && news(say('suspensionNotOffered'), 'warning'),
  ]
}

interface Around {
  readonly applicant: string
  readonly sequel: GoingOn | null
  /** What of what comes before it and goes on after it this person may open. */
  readonly ways: ReadonlySet<KeyText>
}

function renderHead(
  hall: TownHall,
  visit: PersonVisit,
  story: InstanceStory,
  { applicant, sequel, ways }: Around,
): Html {
  const { say } = visit
  const { row, root } = story.readable
  const { icon, word } = stateOf(row, say)
  const isCalled = row !== root
  const rootKey = textIn(root, 'processInstanceKey')
  const filedKey = story.readable.practice?.processInstanceKey ?? rootKey
  const fact = (name: string, value: Part): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>`
  const isNamed = seesPeople(visit.person)
  const way = (key: KeyText, words: string): Part =>
    ways.has(key) ? html`<a href="${instanceAddress(key)}">${words}</a>` : words
  return html`<div class="iter-head mb-4"><dl class="iter-facts">${isNamed && applicant !== '' && fact(say('applicant'), applicant)}${fact(
    say('state'),
    html`${hall.icon(icon)} ${word}`,
  )}${fact(say('begun'), timeOf(row, 'startDate'))}${textIn(row, 'endDate') !== '' && fact(say('ended'), timeOf(row, 'endDate'))}${
    isCalled && fact(say('partOf'), html`<a href="${instanceAddress(rootKey)}">${procedureName(hall, root)}</a>`)
  }${sequel && fact(say('goesOn'), html`${way(textIn(sequel.row, 'processInstanceKey'), procedureName(hall, sequel.row))}: ${stateOf(sequel.row, say).word}`)}${
    filedKey !== rootKey && fact(say('goesOnFrom'), way(filedKey, say('practice')))
  }${story.readable.practice && fact(say('filedBy'), filedByText(hall, visit, story))}${
    isNamed &&
    story.readable.practice &&
    fact(say('receipt'), html`<a href="${instanceAddress(filedKey)}/ricevuta">${say('receiptOpen')}</a>`)
  }</dl>${renderSuspension(visit, story.readable)}</div>`
}

function filedByText(hall: TownHall, { say, person }: PersonVisit, story: InstanceStory): string {
  const { delegation, readable } = story
  const { practice } = readable
  if (practice === null) return ''
  if (practice.channel === 'online') return say('filedOnline')
  const clerk = personName(hall, practice.filedBy)
  return delegation === null || !seesPeople(person)
    ? say('filedAtCounter', { clerk })
    : say('filedByDelegate', { clerk, delegate: delegation.name, title: delegation.title })
}

/** An instance that is held: its legal term goes on, which is said. */
function renderSuspension({ say, csrfField, person }: PersonVisit, { row, root }: ReadableInstance): Part {
  const state = textIn(row, 'state')
  if (!maySuspend(person) || row !== root || (state !== 'ACTIVE' && state !== 'SUSPENDED')) return null
  const isActive = state === 'ACTIVE'
  const address = `${instanceAddress(textIn(row, 'processInstanceKey'))}/${isActive ? 'sospendi' : 'riprendi'}`
  return html`<form method="post" action="${address}">${csrfField}<button type="submit" class="btn btn-outline-primary btn-sm" aria-describedby="sospensione-aiuto">${say(isActive ? 'suspend' : 'resume')}</button><span class="small ms-2" id="sospensione-aiuto">${say(isActive ? 'suspendHelp' : 'resumeHelp')}</span></form>`
}

/** What is to be done now, by which office, until when, with the way to what is this person's to do. */
function renderTasks(hall: TownHall, visit: PersonVisit, { open, mine }: InstanceStory): Part {
  if (open.length === 0) return null
  const { say } = visit
  return html`<h2 class="h4">${say('openTasks')}</h2><ul>${open.map((task) => {
    const name = taskName(task)
    const key = textIn(task, 'userTaskKey')
    const due = textIn(task, 'dueDate')
    return html`<li class="mb-2">${mine.has(key) ? html`<a class="fw-semibold" href="${taskAddress(key)}">${name}</a>` : html`<strong>${name}</strong>`}<span class="d-block small">${officesText(hall, task)} · ${say('holder')}: ${assigneeText(hall, visit, task)}</span>${
      due !== '' && renderDue(dueOf(due, hall.now(), hall.town.calendario), hall.icon, say)
    }</li>`
  })}</ul>`
}

function renderMessages({ say }: PersonVisit, { messages }: InstanceStory): Part {
  if (messages.length === 0) return null
  const states: Readonly<Record<string, string>> = {
    CREATED: say('messageAwaited'),
    CORRELATED: say('messageReceived'),
    DELETED: say('messageNoLonger'),
  }
  return html`<h2 class="h4">${say('messages')}</h2><ul>${messages.map((row) => {
    const state = textIn(row, 'messageSubscriptionState')
    return html`<li>${textIn(row, 'messageName')}: ${states[state] ?? state}, ${timeOf(row, 'lastUpdatedDate')}</li>`
  })}</ul>`
}

function renderCalled({ say }: PersonVisit, { called }: InstanceStory): Part {
  if (called.length === 0) return null
  return html`<h2 class="h4">${say('calledInstances')}</h2><ul>${called.map(
    (row) =>
      html`<li><a href="${instanceAddress(textIn(row, 'processInstanceKey'))}">${textIn(row, 'processDefinitionName') || textIn(row, 'processDefinitionId')}</a>: ${stateOf(row, say).word}${row.hasIncident === true && ` (${say('hasTrouble')})`}</li>`,
  )}</ul>`
}

/** The account of its practice as a file, for who sees whose it is. */
export async function downloadAccount(hall: TownHall, visit: PersonVisit, key: KeyText): Promise<Answer> {
  const readable = await readableInstance(hall, visit.person, key)
  if (readable === 'missing') return refusal(visit, 404, 'instance')
  if (readable === null || !seesPeople(visit.person)) return refusal(visit, 403, 'instance')
  const { practice } = readable
  if (practice === null) return refusal(visit, 404, 'instance')
  await recordAccess(hall, visit, 'download', practice.id)
  return accountFile(practice.id, await hall.accounts.of(practice.id))
}
