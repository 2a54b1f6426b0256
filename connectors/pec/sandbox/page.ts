/** The page of the sandbox: what our certified mailbox has sent, with its receipts, and what has arrived. All text is escaped. */
import { escapeXml } from '../../xml.ts'
import { headerAddress, headerText, readMail } from '../mime.ts'
import type { KeptMail } from './imap.ts'
import type { SentMail } from './post-office.ts'

const STYLE =
  'body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #ccc;overflow-wrap:anywhere}pre{white-space:pre-wrap;background:#f5f5f5;padding:1rem}'

export function mailboxPage(address: string, sent: readonly SentMail[], inbox: readonly KeptMail[]): string {
  const sentRows = sent.map(({ at, to, raw }, index) =>
    row(at, to.join(', '), `/inviati/${index + 1}`, headerText(readMail(Buffer.from(raw, 'base64')), 'subject')),
  )
  const inboxRows = inbox.map(({ uid, at, raw }) => {
    const mail = readMail(raw)
    return row(at, headerAddress(mail, 'from'), `/arrivati/${uid}`, headerText(mail, 'subject'))
  })
  return page(
    `Casella PEC ${address}`,
    `${table('Messaggi inviati', 'A', sentRows)}${table('Ricevute e posta in arrivo', 'Da', inboxRows)}`,
  )
}

export function mailPage(at: string, raw: Buffer): string {
  const mail = readMail(raw)
  const [signed = mail] = mail.type === 'multipart/signed' ? mail.parts : []
  const parts = signed.parts.length === 0 ? [signed] : signed.parts
  const shown = parts.map(({ type, fileName, content }) => {
    const isReadable = /^text\/|xml$|^message\//.test(type)
    const text = isReadable ? `<pre>${escapeXml(content.subarray(0, 20_000).toString('utf8'))}</pre>` : ''
    return `<h2>${escapeXml(fileName ?? type)}</h2><p>${content.byteLength} byte</p>${text}`
  })
  return page(
    headerText(mail, 'subject') || '(senza oggetto)',
    `<p>Da ${escapeXml(headerText(mail, 'from'))} a ${escapeXml(headerText(mail, 'to'))}, ${escapeXml(at)}</p>${shown.join('')}<p><a href="/">Tutti i messaggi</a></p>`,
  )
}

const row = (at: string, whom: string, href: string, subject: string): string =>
  `<tr><td>${escapeXml(at)}</td><td>${escapeXml(whom)}</td><td><a href="${href}">${escapeXml(subject || '(senza oggetto)')}</a></td></tr>`

const table = (caption: string, whom: string, rows: string[]): string =>
  `<table><caption>${caption}: ${rows.length}</caption><thead><tr><th scope="col">Istante</th><th scope="col">${whom}</th><th scope="col">Oggetto</th></tr></thead><tbody>${rows.reverse().join('')}</tbody></table>`

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="it"><head><meta charset="utf-8"><title>${escapeXml(title)}</title><style>${STYLE}</style></head><body><h1>${escapeXml(title)}</h1>${body}</body></html>`
