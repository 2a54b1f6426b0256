/**
 * What all senders of courtesy messages share: which text they are asked for, who speaks in it, and that what may have been sent is not sent
 * again. Does not own how anything is sent.
 */
import { z } from 'zod'
import { Refused, Unavailable, Undecidable, UnknownOutcome } from '../../connectors/effect.ts'
import type { Ledger } from '../../connectors/ledger/ledger.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import type { ActivatedJob } from '../../engine/protocol/gateway.ts'
import type { Town } from '../../processes/town.ts'
import { effectKey, practiceSchema } from '../worker.ts'
import type { MailText, MailTexts } from './texts.ts'

/** What is asked of each of them, beside to whom. */
export const textInput = {
  pratica: practiceSchema
    .extend({ tipo: z.string().nullish().meta({ title: 'Tipo', description: 'Il procedimento della pratica.' }) })
    .meta({ title: 'Pratica', description: 'La pratica di cui si scrive.' }),
  messaggio: z.string().meta({
    title: 'Testo',
    description: 'Nome del testo in messaggi.json.',
    examples: ['residenza.ricevuta'],
  }),
  dati: z.record(z.string(), z.unknown()).meta({
    title: 'Dati',
    description: 'Ciò che il testo nomina.',
    examples: [{ richiedente: { nome: 'Mario', cognome: 'Rossi' } }],
    feel: '{pratica: pratica, richiedente: richiedente}',
  }),
}
interface Asked {
  readonly pratica: z.infer<typeof textInput.pratica>
  readonly messaggio: string
  readonly dati: Readonly<Record<string, unknown>>
}

/** The fields of what became of it, the same for every channel. */
export const sendingFields = {
  messageId: z.string().nullable().meta({ title: 'Message-ID', description: 'Identificativo del messaggio inviato.' }),
  istante: z.iso.datetime().meta({ title: 'Istante', description: 'Quando.' }),
}
export const SENDING_OUTCOME = {
  title: 'Esito',
  description: 'Che cosa ne è stato; un messaggio di cortesia di esito ignoto non si ripete.',
}

/** The text with the practice's data, the town and the person responsible for the proceeding. */
export const filledText = (
  texts: MailTexts,
  town: Town,
  { pratica, messaggio, dati }: Asked,
  job: ActivatedJob,
): MailText => texts(messaggio, { ...dati, ...senderOf(town, pratica.tipo ?? job.bpmnProcessId) })

function senderOf({ nome, sito, persone, procedimenti }: Town, processId: string) {
  const procedure = procedimenti.find(({ id }) => id === processId)
  const person = persone.find(({ id }) => id === procedure?.responsabile)
  return { comune: { nome, sito }, procedimento: procedure, responsabile: person }
}

export type CourtesyOutcome =
  | { readonly esito: 'INVIATA'; readonly messageId: string }
  /** Perhaps sent. */
  | { readonly esito: 'IGNOTO' }
  /** `code` is the platform's own. */
  | { readonly esito: 'RIFIUTATA'; readonly code: string }
  /** Not sent, and given up: this was the last attempt. */
  | { readonly esito: 'NON_DISPONIBILE' }

interface Courtesy {
  readonly ledger: Ledger
  readonly operation: string
  readonly pratica: Asked['pratica']
  readonly job: ActivatedJob
  /** Of class `neither`; `reference` is the same for each attempt at this sending. */
  send(reference: string): Promise<{ readonly messageId: string }>
}

/** Sends at most once. Rejects only while nothing was sent and there is another attempt: courtesy leaves no incident behind. */
export async function sendOnce({ ledger, operation, pratica, job, send }: Courtesy): Promise<CourtesyOutcome> {
  const key = effectKey(pratica, job)
  try {
    const { messageId } = await perform(ledger, {
      ...{ key, operation, class: 'neither' },
      outcome: z.object({ messageId: z.string() }),
      call: () => send(key.replaceAll('/', '.')),
    })
    return { esito: 'INVIATA', messageId }
  } catch (error) {
    if (error instanceof UnknownOutcome || error instanceof Undecidable) return { esito: 'IGNOTO' }
    if (error instanceof Refused) return { esito: 'RIFIUTATA', code: error.code }
    if (error instanceof Unavailable && job.retries <= 1) return { esito: 'NON_DISPONIBILE' }
    throw error
  }
}
