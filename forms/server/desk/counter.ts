/**
 * Filing for the person at the counter: the citizen's own form, typed by a clerk. What the paper lacks may be missing here: whether
 * the declaration is receivable is for the procedure to say, and what came in is registered all the same (DPR 445/2000 art. 53).
 */
import { randomUUID } from 'node:crypto'
import { file, filingForm, isSame } from '../filing.ts'
import { attachedIn, hear, lookAt, type Turn } from '../form/conversation.ts'
import { submissionOf } from '../form/data.ts'
import { renderFaults } from '../form/render/faults.ts'
import { encodingOf, QUESTIONS_SCRIPT, renderQuestions } from '../form/render/questions.ts'
import { parseForm } from '../form/schema.ts'
import { typedIn } from '../form/typed.ts'
import type { Strictness } from '../form/validate.ts'
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
  const given = typedIn(request.body).get('pratica-id')?.at(-1) ?? ''
  const id = UUID.test(given) ? given : randomUUID()
  const asking = {
    form: parseForm(linked.schema),
    // What the paper is, and what proves who signed it, is asked for here alone.
    variables: new Map([['canale', 'sportello']]),
    now: desk.now(),
    calendar: desk.town.calendario,
    frames: desk.town.pagineEsterne,
    strictness: PAPER,
    attachments: desk.attachments.of(request.person.id),
    practice: id,
    inSteps: false,
    final: ['presenta'],
  }
  const turn = await hear(asking, request)
  const { nodes } = turn
  const { faults } = turn.judgement
  if (turn.isComplete) return fileAt(desk, request, procedure, id, turn)
  const look = lookAt(turn, { language: 'it', headingLevel: 2 })
  const title = `${procedure.nome}: allo sportello`
  const main = html`<h1>${title}</h1>${renderFaults(nodes, look)}<p>Per conto della persona allo sportello. Trascrivi quello che il modulo di carta dice: ciò che manca può restare vuoto.</p><form method="post" action="${DESK}/sportello/${processId}"${encodingOf(turn)} novalidate>${request.csrfField}<input type="hidden" name="pratica-id" value="${id}"><button type="submit" class="visually-hidden" tabindex="-1" aria-hidden="true" name="azione" value="presenta">Presenta</button>${renderQuestions(turn, look)}<button type="submit" class="btn btn-primary" name="azione" value="presenta">Presenta</button></form>`
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
  { nodes }: Turn,
): Promise<DeskAnswer> {
  const filing = {
    ...{ id, processId, owner: null, filedBy: person.id },
    channel: 'sportello',
    variables: submissionOf(nodes),
    documents: attachedIn(nodes),
  } as const
  const practice = await file(desk, filing)
  if (!isSame(practice, filing)) {
    return refusal(403, 'Accesso negato', 'Questa pratica è stata presentata da un\u2019altra persona.')
  }
  await recordAccess(desk, person, 'file', practice.id)
  return { kind: 'redirect', to: `${DESK}/pratiche/${practice.processInstanceKey}` }
}
