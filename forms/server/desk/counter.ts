/**
 * Filing for the person at the counter: the citizen's own form, typed by a clerk. What the paper lacks may be missing here: whether
 * the declaration is receivable is for the procedure to say, and what came in is registered all the same (DPR 445/2000 art. 53).
 */
import { randomUUID } from 'node:crypto'
import { file, filingForm, isSame } from '../filing.ts'
import { submissionOf } from '../form/data.ts'
import { renderFaults } from '../form/render/faults.ts'
import type { Look } from '../form/render/look.ts'
import { QUESTIONS_SCRIPT, renderQuestions } from '../form/render/questions.ts'
import { resolve } from '../form/resolve.ts'
import { parseForm } from '../form/schema.ts'
import { typedIn, withRowPressed } from '../form/typed.ts'
import { judge, mayGoOn, type Strictness, UNJUDGED } from '../form/validate.ts'
import { html } from '../html.ts'
import { type Desk, type DeskAnswer, type DeskRequest, recordAccess } from './desk.ts'
import { mayFile, type Procedure } from './may.ts'
import { DESK } from './queue.ts'
import { refusal } from './task.ts'

/** What a paper lacks may be missing. */
const PAPER: Strictness = { requires: false }

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export async function counter(desk: Desk, request: DeskRequest, processId: string): Promise<DeskAnswer> {
  const procedure = desk.town.procedimenti.find(({ id }) => id === processId)
  if (procedure === undefined) return refusal(404, 'Procedimento non trovato', 'Questo procedimento non esiste.')
  if (!mayFile(request.person, procedure))
    return refusal(403, 'Accesso negato', 'Questo sportello è di un altro ufficio.')
  const linked = await filingForm(desk.gateway, processId)
  if (linked === null) return refusal(404, 'Modulo non trovato', 'Questo procedimento non ha un modulo da compilare.')
  const posted = request.body === undefined ? null : typedIn(request.body)
  const pressed = posted && withRowPressed(posted)
  const form = parseForm(linked.schema)
  const filling = { variables: new Map(), typed: pressed ?? posted, now: desk.now(), calendar: desk.town.calendario }
  const nodes = resolve(form, filling)
  const isWish = posted !== null && pressed === null && posted.get('azione')?.at(-1) !== 'aggiorna'
  const asked = { form, filling, nodes, strictness: PAPER }
  const judgement = isWish ? judge(asked) : UNJUDGED
  const { faults } = judgement
  const given = posted?.get('pratica-id')?.at(-1) ?? ''
  const id = UUID.test(given) ? given : randomUUID()
  if (isWish && mayGoOn(judgement)) return fileAt(desk, request, procedure, id, submissionOf(nodes))
  const look: Look = { ...judgement, language: 'it', headingLevel: 2, isLive: false }
  const title = `${procedure.nome}: allo sportello`
  const main = html`<h1>${title}</h1>${renderFaults(nodes, look)}<p>Per conto della persona allo sportello. Trascrivi quello che il modulo di carta dice: ciò che manca può restare vuoto.</p><form method="post" action="${DESK}/sportello/${processId}" novalidate>${request.csrfField}<input type="hidden" name="pratica-id" value="${id}"><button type="submit" class="visually-hidden" tabindex="-1" aria-hidden="true" name="azione" value="presenta">Presenta</button>${renderQuestions(asked, look)}<button type="submit" class="btn btn-primary" name="azione" value="presenta">Presenta</button></form>`
  return {
    kind: 'page',
    status: faults.size > 0 ? 422 : 200,
    title: `${faults.size > 0 ? 'Errore: ' : ''}${title}`,
    main,
    scripts: [QUESTIONS_SCRIPT],
  }
}

async function fileAt(
  desk: Desk,
  { person }: DeskRequest,
  { id: processId }: Procedure,
  id: string,
  variables: string,
): Promise<DeskAnswer> {
  const filing = { id, processId, channel: 'sportello', owner: null, filedBy: person.id, variables } as const
  const practice = await file(desk, filing)
  if (!isSame(practice, filing)) {
    return refusal(403, 'Accesso negato', 'Questa pratica è stata presentata da un\u2019altra persona.')
  }
  await recordAccess(desk, person, 'file', practice.id)
  return { kind: 'redirect', to: `${DESK}/pratiche/${practice.processInstanceKey}` }
}
