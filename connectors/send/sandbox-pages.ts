/** The pages of SEND in the sandbox, where a tester is whoever a notice is for. All text is escaped. */
import { sandboxPage } from '../sandbox-page.ts'
import { escapeXml } from '../xml.ts'
import { canBeRead, type Posted } from './sandbox-book.ts'
import { attestationsOf, nameOf } from './sandbox-facts.ts'
import type { NoticeState } from './types.ts'

const WORDS: Readonly<Record<NoticeState, string>> = {
  ...{ IN_VALIDATION: 'in validazione', ACCEPTED: 'depositata', REFUSED: 'rifiutata', DELIVERING: 'invio in corso' },
  ...{ DELIVERED: 'consegnata', VIEWED: 'avvenuto accesso', EFFECTIVE_DATE: 'perfezionata per decorrenza termini' },
  ...{ PAID: 'pagata', UNREACHABLE: 'destinatario irreperibile', CANCELLED: 'annullata' },
  ...{ RETURNED_TO_SENDER: 'resa al mittente' },
}
const table = (heads: readonly string[], rows: readonly string[]): string =>
  `<table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`
const stateOf = ({ stati }: Posted): NoticeState => stati.at(-1)?.stato ?? 'IN_VALIDATION'

export function listPage(posted: readonly Posted[]): string {
  const rows = posted.map((one) => {
    const { iun, richiesta } = one
    const to = richiesta.recipients.map(({ denomination }) => escapeXml(denomination)).join(', ')
    return `<tr><td><a href="/notifiche/${iun}">${iun}</a></td><td>${to}</td><td>${escapeXml(richiesta.subject)}</td><td>${WORDS[stateOf(one)]}</td></tr>`
  })
  const body = table(['IUN', 'Destinatario', 'Oggetto', 'Stato'], rows.reverse())
  return sandboxPage('SEND: notifiche', rows.length === 0 ? '<p>Nessuna notifica.</p>' : body)
}

export function noticePage(one: Posted): string {
  const { iun, richiesta, rifiuti, accesso } = one
  const states = one.stati.map(({ stato, dal }) => `<tr><td>${WORDS[stato]}</td><td>${stato}</td><td>${dal}</td></tr>`)
  const reasons = rifiuti.map(({ code, detail }) => `<li>${escapeXml(code)}: ${escapeXml(detail)}</li>`).join('')
  const facts = attestationsOf(one).map(
    (fact) => `<li><a href="/atti/${iun}/${nameOf(fact)}">${fact.categoria}</a></li>`,
  )
  const documents = richiesta.documents.map(
    ({ title }, index) =>
      `<li><a href="/notifiche/${iun}/documenti/${index}">${escapeXml(title ?? `Documento ${index + 1}`)}</a></li>`,
  )
  const open = `<form method="post" action="/notifiche/${iun}/accesso"><button>Apri la notifica come destinatario</button></form>`
  return sandboxPage(
    `Notifica ${iun}`,
    [
      `<p>${escapeXml(richiesta.subject)}</p>`,
      table(['Stato', 'Codice', 'Dal'], states),
      reasons && `<h2>Motivi del rifiuto</h2><ul>${reasons}</ul>`,
      canBeRead(one) ? open : '',
      accesso === null ? '' : `<h2>Documenti</h2><ul>${documents.join('')}</ul>`,
      facts.length > 0 ? `<h2>Attestazioni</h2><ul>${facts.join('')}</ul>` : '',
      '<p><a href="/">Tutte le notifiche</a></p>',
    ].join(''),
  )
}
