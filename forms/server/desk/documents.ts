/** The documents of a practice on the desk: a list with previews and what was found of their signatures, and one of them as bytes for who may read its practice. */
import { type Earlier, type Valid, validOnes } from '../document-versions.ts'
import { shown } from '../form/display.ts'
import { type Html, html, type Part } from '../html.ts'
import type { Answer, PersonVisit, TownHall } from '../page.ts'
import type { Delegation, Practice } from '../store/practices.ts'
import { isUuid } from '../uuid.ts'
import { recordAccess, refusal } from './access.ts'
import { documentAddress } from './addresses.ts'
import { readablePractice, seesPeople } from './may.ts'
import { type SignatureNotes, signatureNotes } from './signatures.ts'

/** What a browser shows without running anything in it. */
const SHOWN: ReadonlySet<string> = new Set(['application/pdf', 'image/png', 'image/jpeg'])

const icons: Readonly<Record<string, string>> = {
  'application/pdf': 'it-file-pdf',
  'image/png': 'it-file-image',
  'image/jpeg': 'it-file-image',
  'application/xml': 'it-file-xml',
  'text/xml': 'it-file-xml',
  'application/pkcs7-mime': 'it-file-signed',
}

export async function renderDocuments(
  hall: TownHall,
  { say }: PersonVisit,
  practice: Practice | null,
  delegated: Promise<Delegation | null>,
): Promise<Part> {
  const instance = practice?.processInstanceKey ?? null
  const [documents, delegation, notes] = await Promise.all([
    practice === null ? [] : hall.documents.ofPractice(practice.id),
    delegated,
    instance === null ? (new Map() satisfies SignatureNotes) : signatureNotes(hall, say, instance),
  ])
  if (documents.length === 0) return html`<p>${say('noDocuments')}</p>`
  const whatIs = (id: string): Part => [
    delegation?.papers.includes(id) &&
      html`<span class="d-block small">${say('delegatePaper', { title: delegation.title })}</span>`,
    notes.get(id),
  ]
  return html`<ul class="list-unstyled iter-documents">${validOnes(documents).map((one) => renderDocument(hall, say, one, whatIs(one.document.id)))}</ul>`
}

/** The preview is the script's to open: without it the link does. */
function renderDocument({ icon }: TownHall, say: PersonVisit['say'], { document, earlier }: Valid, what: Part): Html {
  const { id, nome, tipo, byte, creato } = document
  const address = documentAddress(id)
  return html`<li>${icon(icons[tipo] ?? 'it-file')} <a href="${address}">${nome}</a><span class="d-block small">${tipo}, ${sizeText(byte)}, <time datetime="${creato}">${shown(creato)}</time></span>${what}${
    SHOWN.has(tipo) &&
    html`<details class="iter-preview" hidden data-preview="${address}" data-preview-title="${nome}"><summary>${say('preview')}<span class="visually-hidden">: ${nome}</span></summary></details>`
  }${earlier.map((one) => renderEarlier(say, one))}</li>`
}

const renderEarlier = (say: PersonVisit['say'], { document: { id, nome }, senza }: Earlier): Html =>
  html`<span class="d-block small"><a href="${documentAddress(id)}">${say(senza === 'sigillo' ? 'withoutSeal' : 'withoutSignature')}<span class="visually-hidden">: ${nome}</span></a></span>`

const KB = 1024
const sizeText = (bytes: number): string =>
  bytes < KB * KB ? `${Math.max(1, Math.round(bytes / KB))} kB` : `${(bytes / KB / KB).toFixed(1).replace('.', ',')} MB`

export async function showDocument(hall: TownHall, visit: PersonVisit, id: string): Promise<Answer> {
  const document = await hall.documents.describe(id)
  const practice = document?.pratica == null ? null : await practiceNamed(hall, document.pratica)
  if (document === null || practice === null) return refusal(visit, 404, 'document')
  const readable = await readablePractice(hall, visit.person, practice)
  if (readable === 'missing') return refusal(visit, 404, 'document')
  if (readable === null || !seesPeople(visit.person)) return refusal(visit, 403, 'document')
  const content = await hall.documents.read(id)
  if (content === null) return refusal(visit, 404, 'document')
  await recordAccess(hall, visit, 'download', practice.id, document.nome)
  const { nome, tipo } = document
  return { kind: 'file', name: nome, mediaType: tipo, content, isInline: SHOWN.has(tipo) }
}

const practiceNamed = async ({ practices }: TownHall, id: string): Promise<Practice | null> =>
  isUuid(id) ? practices.byId(id) : null
