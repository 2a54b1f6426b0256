/** Attestations of SEND in the sandbox: which there are of a notification, and their text as a PDF. They hold against nobody. */
import { createHash } from 'node:crypto'
import { PDFDocument, StandardFonts } from '@cantoo/pdf-lib'
import type { Posted, StateEntry } from './sandbox-book.ts'

export interface Attestation {
  readonly chiave: string
  readonly categoria: string
  readonly stato: StateEntry
}

export const attestationsOf = ({ iun, stati }: Posted): readonly Attestation[] =>
  stati.flatMap((stato) => {
    if (stato.atto === null) return []
    const name = createHash('sha256').update(`${iun} ${stato.atto}`).digest('hex').slice(0, 32)
    return [{ chiave: `safestorage://PN_LEGAL_FACTS-${name}.pdf`, categoria: stato.atto, stato }]
  })

/** As its key names it in a path. */
export const nameOf = ({ chiave }: Attestation): string => chiave.replace('safestorage://', '')

const SAYS: Readonly<Record<string, string>> = {
  SENDER_ACK: 'Notifica presa in carico',
  DIGITAL_DELIVERY: 'Esito della consegna per via digitale',
  ANALOG_DELIVERY: 'Esito della consegna per posta',
  ANALOG_FAILURE_DELIVERY: 'Avviso di mancato recapito',
  RECIPIENT_ACCESS: 'Avvenuto accesso del destinatario',
  NOTIFICATION_CANCELLED: 'Notifica annullata',
}

export async function attestationPdf(
  { iun, richiesta }: Posted,
  { categoria, stato }: Attestation,
): Promise<Uint8Array> {
  const pdf = await PDFDocument.create()
  const day = new Date(stato.dal)
  pdf.setTitle(`${categoria} ${iun}`)
  pdf.setCreationDate(day)
  pdf.setModificationDate(day)
  const font = await pdf.embedFont(StandardFonts.Helvetica)
  const page = pdf.addPage()
  const lines = [
    ...['SEND, ambiente di prova: attestazione senza valore legale', SAYS[categoria] ?? categoria],
    ...[`IUN ${iun}`, `Protocollo del mittente ${richiesta.paProtocolNumber}`, `Stato ${stato.stato} dal ${stato.dal}`],
  ]
  for (const [index, line] of lines.entries()) page.drawText(line, { x: 60, y: 780 - index * 24, size: 11, font })
  return pdf.save()
}
