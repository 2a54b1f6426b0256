/**
 * The receipt that the person at the counter takes with them (L. 241/1990 art. 18-bis): number, day, term, who is responsible, what
 * silence means, who acted for whom. A page that prints as a sheet.
 */
import type { KeyText } from '../../../engine/protocol/gateway.ts'
import { shown } from '../form/display.ts'
import { valueAt } from '../form/paths.ts'
import { type Html, html, type Part } from '../html.ts'
import type { Answer, PersonVisit, TownHall } from '../page.ts'
import { recordAccess, refusal } from './access.ts'
import { instanceAddress } from './addresses.ts'
import { deskPage, trail } from './desk-page.ts'
import { readableInstance, seesPeople } from './may.ts'
import { personName, procedureName } from './names.ts'
import { contextOf, practiceHeads, textIn } from './practice-of.ts'

export async function showReceipt(hall: TownHall, visit: PersonVisit, key: KeyText): Promise<Answer> {
  const readable = await readableInstance(hall, visit.person, key)
  if (readable === 'missing') return refusal(visit, 404, 'instance')
  if (readable === null || !seesPeople(visit.person)) return refusal(visit, 403, 'instance')
  const root = textIn(readable.root, 'processInstanceKey')
  const head = (await practiceHeads(hall, [root])).get(root)
  const practice = head?.practice ?? null
  if (head === undefined || practice === null) return refusal(visit, 404, 'instance')
  await recordAccess(hall, visit, 'read', practice.id)
  const [due, delegation] = await Promise.all([dueDay(hall, root), hall.practices.delegationOf(practice.id)])
  const { say, language } = visit
  const { town } = hall
  const procedure = town.procedimenti.find(({ id }) => id === practice.processId)
  const fact = (name: string, value: Part): Html =>
    html`<dt class="col-sm-4">${name}</dt><dd class="col-sm-8">${value}</dd>`
  const isPending = head.protocol === '' || due === ''
  const title = say('receipt')
  const main = html`${trail(visit, title, { steps: [[say('practice'), instanceAddress(root)]] })}<div class="iter-sheet"><p class="h5">${town.nome}</p><h1>${title}</h1><p>${say('receiptText', { name: procedureName(hall, readable.root) })}</p><dl class="row">${fact(say('protocol'), head.protocol || say('protocolPending'))}${fact(
    say('filedOn'),
    html`<time datetime="${practice.filedAt.toISOString()}">${shown(practice.filedAt.toISOString())}</time>`,
  )}${fact(say('applicant'), `${head.applicant}${practice.owner === null ? '' : `, ${practice.owner}`}`)}${
    delegation !== null &&
    fact(
      say('delegateTitle'),
      say('receiptDelegate', {
        name: delegation.name,
        taxCode: delegation.taxCode,
        title: delegation.title,
        document: delegation.identifiedBy,
      }),
    )
  }${fact(say('dueDate'), due === '' ? say('duePending') : due)}${
    procedure && fact(say('responsible'), personName(hall, procedure.responsabile))
  }${practice.channel === 'sportello' && fact(say('receivedBy'), personName(hall, practice.filedBy))}${fact(say('practiceNumber'), practice.id)}</dl><p>${hall.sheets.get(practice.processId)?.[language].silenzio}</p><p class="iter-signature">${say('receiptSignature')}</p></div><p class="d-print-none">${
    isPending &&
    html`<a class="btn btn-outline-primary btn-sm" href="${instanceAddress(root)}/ricevuta">${say('refresh')}</a> `
  }<button type="button" class="btn btn-primary btn-sm" hidden data-prints>${hall.icon('it-print')} ${say('print')}</button> <a href="${instanceAddress(root)}">${say('toPractice')}</a></p>`
  return deskPage(visit, { title: head.protocol === '' ? title : `${title} ${head.protocol}`, main })
}

/** As people write it; empty until it is counted. */
async function dueDay({ gateway }: TownHall, root: KeyText): Promise<string> {
  const { items } = await gateway.query.search('variables', {
    filter: [
      { field: 'processInstanceKey', operator: '$eq', value: root },
      { field: 'scopeKey', operator: '$eq', value: root },
      { field: 'name', operator: '$eq', value: 'termine' },
    ],
    sort: [],
    page: { limit: 1 },
  })
  const day = valueAt(contextOf(items), 'termine.scadenza') ?? null
  return typeof day === 'string' ? shown(day) : ''
}
