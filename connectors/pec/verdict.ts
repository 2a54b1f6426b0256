/** What a receipt says about the sending as a whole. */
import type { Receipt } from './letter.ts'

export type Failure =
  | 'NON_ACCETTATA'
  | 'DESTINATARIO_SCONOSCIUTO'
  | 'DOMINIO_SCONOSCIUTO'
  | 'VIRUS'
  | 'NON_CONSEGNATA'
  /** The recipient has no certified mailbox: nothing more will be heard. */
  | 'NON_CERTIFICATA'
export type Verdict = { readonly kind: 'delivered' } | { readonly kind: 'failed'; readonly failure: Failure }

/** Null while nothing is decided. The message had one recipient. */
export function verdictOf({ kind, error, recipients }: Receipt): Verdict | null {
  switch (kind) {
    case 'avvenuta-consegna':
      return { kind: 'delivered' }
    case 'accettazione':
      return recipients.every(({ isCertified }) => isCertified) ? null : { kind: 'failed', failure: 'NON_CERTIFICATA' }
    case 'non-accettazione':
      return { kind: 'failed', failure: error === 'virus' ? 'VIRUS' : 'NON_ACCETTATA' }
    case 'errore-consegna':
      return { kind: 'failed', failure: FAILURES[error] }
    // The provider still tries, or tells the sender separately.
    case 'presa-in-carico':
    case 'preavviso-errore-consegna':
    case 'rilevazione-virus':
      return null
  }
}

const FAILURES: Readonly<Record<Receipt['error'], Failure>> = {
  nessuno: 'NON_CONSEGNATA',
  'no-dest': 'DESTINATARIO_SCONOSCIUTO',
  'no-dominio': 'DOMINIO_SCONOSCIUTO',
  virus: 'VIRUS',
  altro: 'NON_CONSEGNATA',
}
