/** The pages on which sandboxes show what was sent. Text is escaped by whoever puts it into a body. */
import { escapeXml } from './xml.ts'

const STYLE =
  'body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #ccc}td:first-child{overflow-wrap:anywhere}button{font:inherit;padding:.5rem 1rem}pre{white-space:pre-wrap;background:#f5f5f5;padding:1rem}'

export const sandboxPage = (title: string, body: string): string =>
  `<!doctype html><html lang="it"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeXml(title)}</title><style>${STYLE}</style></head><body><h1>${escapeXml(title)}</h1>${body}</body></html>`

/** What was sent, oldest first, shown newest first: when, to whom, and the words under which it opens at `/messaggi/<number>`. */
export function sentPage(title: string, sent: readonly { at: string; to: string; words: string }[]): string {
  const rows = sent.map(
    ({ at, to, words }, index) =>
      `<tr><td>${escapeXml(at)}</td><td>${escapeXml(to)}</td><td><a href="/messaggi/${index + 1}">${escapeXml(words || '(senza oggetto)')}</a></td></tr>`,
  )
  const table = `<table><caption>${sent.length} messaggi</caption><thead><tr><th scope="col">Inviato</th><th scope="col">A</th><th scope="col">Oggetto</th></tr></thead><tbody>${rows.reverse().join('')}</tbody></table>`
  return sandboxPage(title, sent.length === 0 ? '<p>Nessun messaggio.</p>' : table)
}

/** One of them: a line about it, and its text as it is. */
export const messagePage = (title: string, about: string, text: string): string =>
  sandboxPage(title, `<p>${escapeXml(about)}</p><pre>${escapeXml(text)}</pre><p><a href="/">Tutti i messaggi</a></p>`)

/** Which message a page's path asks for, from 0; -1 when it asks for none. */
export const messageIndex = ({ pathname }: URL): number =>
  Number(/^\/messaggi\/(\d{1,9})$/.exec(pathname)?.[1] ?? 0) - 1
