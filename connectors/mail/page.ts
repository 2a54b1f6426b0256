/** The page of the mail sandbox: what was sent, newest first, each message readable. All text of a message is escaped. */
import { escapeXml } from '../xml.ts'
import { readMessage } from './mime.ts'
import type { DeliveredMail } from './types.ts'

const STYLE =
  'body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #ccc}pre{white-space:pre-wrap;background:#f5f5f5;padding:1rem}'

export function listPage(sent: readonly DeliveredMail[]): string {
  const rows = sent.map((mail, index) => {
    const { subject } = readMessage(mail.raw)
    return `<tr><td>${escapeXml(mail.at)}</td><td>${escapeXml(mail.to.join(', '))}</td><td><a href="/messaggi/${index + 1}">${escapeXml(subject || '(senza oggetto)')}</a></td></tr>`
  })
  const table = `<table><caption>${sent.length} messaggi</caption><thead><tr><th scope="col">Inviato</th><th scope="col">A</th><th scope="col">Oggetto</th></tr></thead><tbody>${rows.reverse().join('')}</tbody></table>`
  return page('Posta inviata', sent.length === 0 ? '<p>Nessun messaggio.</p>' : table)
}

export function messagePage(mail: DeliveredMail): string {
  const { subject, text } = readMessage(mail.raw)
  return page(
    subject,
    `<p>Da ${escapeXml(mail.from)} a ${escapeXml(mail.to.join(', '))}, ${escapeXml(mail.at)}</p><pre>${escapeXml(text)}</pre><p><a href="/">Tutti i messaggi</a></p>`,
  )
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="it"><head><meta charset="utf-8"><title>${escapeXml(title)}</title><style>${STYLE}</style></head><body><h1>${escapeXml(title)}</h1>${body}</body></html>`
}
