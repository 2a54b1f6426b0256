/** The pages of the notice board's sandbox, readable by everybody: what is posted, one posting, its certificate. All text is escaped. */
import { escapeXml } from '../xml.ts'
import type { Posted } from './types.ts'

const STYLE =
  'body{font:1.125rem/1.5 sans-serif;color:#17324d;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}caption{text-align:left;padding:.4rem 0}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #5d7083}dt{font-weight:bold}dd{margin:0 0 .6rem}code{overflow-wrap:anywhere}a{color:#0052a3}'

export function listPage(postings: readonly Posted[]): string {
  const rows = postings.toReversed().map((posting) => {
    const { numero, anno, oggetto, ufficio, dal, al } = posting
    const link = `<a href="${pathOf(posting)}">${escapeXml(oggetto)}</a>`
    return `<tr><th scope="row">${numero}/${anno}</th><td>${link}</td><td>${escapeXml(ufficio)}</td><td>${timeOf(dal)}</td><td>${timeOf(al)}</td></tr>`
  })
  const caption = postings.length === 1 ? '1 atto in pubblicazione' : `${postings.length} atti in pubblicazione`
  const head = ['Numero', 'Oggetto', 'Ufficio', 'Affisso dal', 'Fino al']
    .map((title) => `<th scope="col">${title}</th>`)
    .join('')
  const table = `<table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`
  return page('Albo pretorio', postings.length === 0 ? '<p>Nessun atto in pubblicazione.</p>' : table)
}

export function postingPage(posting: Posted): string {
  const documents = posting.documenti.map(
    ({ nome, tipo, byte }, index) =>
      `<li><a href="${pathOf(posting)}/${index + 1}">${escapeXml(nome)}</a> (${escapeXml(tipo)}, ${byte} byte)</li>`,
  )
  return page(
    posting.oggetto,
    `${facts(posting)}<h2>Documenti</h2><ul>${documents.join('')}</ul><p><a href="/">Tutti gli atti in pubblicazione</a></p>`,
  )
}

export function certificatePage(posting: Posted): string {
  const { numero, anno, oggetto, dal, al, documenti } = posting
  const documents = documenti.map(
    ({ nome, impronta }) => `<li>${escapeXml(nome)}<br>SHA-256 <code>${escapeXml(impronta)}</code></li>`,
  )
  const days = Temporal.PlainDate.from(dal).until(al).days + 1
  return page(
    `Relata di pubblicazione n. ${numero}/${anno}`,
    `<p>Si certifica che l'atto «${escapeXml(oggetto)}» è stato pubblicato all'albo pretorio dal ${timeOf(dal)} al ${timeOf(al)}, per ${days} giorni consecutivi (L. 69/2009 art. 32).</p>${facts(posting)}<h2>Documenti pubblicati</h2><ul>${documents.join('')}</ul>`,
  )
}

export const missingPage = (): string =>
  page(
    'Atto non in pubblicazione',
    '<p>Nessun atto in pubblicazione ha questo indirizzo. Terminata la pubblicazione, un atto non è più consultabile qui.</p><p><a href="/">Tutti gli atti in pubblicazione</a></p>',
  )

function facts({ numero, anno, ufficio, dal, al }: Posted): string {
  const told = [
    ['Numero', `${numero}/${anno}`],
    ['Ufficio', escapeXml(ufficio)],
    ['Affissione', timeOf(dal)],
    ['Defissione, alla fine del giorno', timeOf(al)],
  ]
  return `<dl>${told.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>`
}

const pathOf = ({ numero, anno }: Posted): string => `/atti/${anno}/${numero}`
const longDay = new Intl.DateTimeFormat('it-IT', { dateStyle: 'long', timeZone: 'UTC' })
const timeOf = (day: string): string => `<time datetime="${day}">${longDay.format(new Date(day))}</time>`

function page(title: string, body: string): string {
  return `<!doctype html><html lang="it"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeXml(title)}</title><style>${STYLE}</style></head><body><main><h1>${escapeXml(title)}</h1>${body}</main></body></html>`
}
