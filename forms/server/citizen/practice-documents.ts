/**
 * The documents of a practice that are its owner's to have: what they sent, what was made for them. Everything else in the practice
 * is asked for by the way of the law (L. 241/1990 art. 22), not found by an id.
 */
import type { StoredDocument } from '../../../connectors/documents/store.ts'
import { validOf } from '../document-versions.ts'
import { DOCUMENTS } from '../form/attachment.ts'
import { sizeText } from '../form/files.ts'
import { html, type Part } from '../html.ts'
import type { CitizenVisit, TownHall } from '../page.ts'
import { PRACTICES } from './own-practice.ts'
import { documentIdsOf, receiptIdOf, type Story } from './practice-story.ts'

/** Valid versions alone, oldest first. */
export async function documentsOf(hall: TownHall, story: Story): Promise<readonly StoredDocument[]> {
  const ids = new Set(documentIdsOf(story))
  if (ids.size === 0) return []
  return validOf(await hall.documents.ofPractice(story.practice.id), ids)
}

export async function renderDocuments(hall: TownHall, { say }: CitizenVisit, story: Story): Promise<Part> {
  const documents = await documentsOf(hall, story)
  const items = documents.map(
    (document) =>
      html`<li><a href="${`${DOCUMENTS}/${document.id}`}">${hall.icon('it-download')} ${say('documentLink', { name: document.nome, type: kindOf(document), size: sizeText(document.byte) })}</a></li>`,
  )
  const receipt = html`<li><a href="${PRACTICES}/${story.practice.id}/ricevuta">${hall.icon('it-file')} ${say('openReceipt')}</a></li>`
  return html`<section class="mb-5" aria-labelledby="documenti"><h2 class="h4" id="documenti">${say('practiceDocuments')}</h2><ul class="list-unstyled iter-attachments">${receipt}${items}</ul></section>`
}

/** The PDF that the procedure made of the receipt; nothing while there is none. */
export async function renderReceiptPdf(hall: TownHall, { say }: CitizenVisit, story: Story): Promise<Part> {
  const wanted = receiptIdOf(story)
  if (wanted === null) return null
  const [receipt] = validOf(await hall.documents.ofPractice(story.practice.id), new Set([wanted]))
  if (receipt?.tipo !== 'application/pdf') return null
  return html`<p><a class="btn btn-outline-primary" href="${`${DOCUMENTS}/${receipt.id}`}">${hall.icon('it-file-pdf-ext')} ${say('downloadReceiptPdf', { size: sizeText(receipt.byte) })}</a></p>`
}

const kindOf = ({ nome, tipo }: StoredDocument): string =>
  (/\.(\w{1,5})$/.exec(nome)?.[1] ?? tipo.split('/').at(-1) ?? '').toUpperCase()
