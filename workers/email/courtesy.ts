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
import { effectKey, isLastAttempt, practiceSchema } from '../worker.ts'
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

const OUTCOMES = ['INVIATA', 'IGNOTO', 'RIFIUTATA', 'NON_DISPONIBILE', 'SENZA_RECAPITO'] as const
/** What became of it; a channel may have further outcomes of its own. */
export const sendingOutput = <More extends string = never>(more: readonly More[] = []) =>
  z.object({
    invio: z
      .object({
        esito: z.enum([...OUTCOMES, ...more]).meta({
          title: 'Esito',
          description: 'Che cosa ne è stato; un messaggio di cortesia di esito ignoto non si ripete.',
        }),
        messageId: z
          .string()
          .nullable()
          .meta({ title: 'Message-ID', description: 'Identificativo del messaggio inviato.' }),
        istante: z.iso.datetime().meta({ title: 'Istante', description: 'Quando.' }),
      })
      .meta({ title: 'Invio', description: 'Che cosa è stato del messaggio.' }),
  })

export interface CourtesyOptions {
  readonly ledger: Ledger
  readonly town: Town
  readonly texts: MailTexts
  /** Epoch milliseconds, business time. */
  readonly now: () => number
}

function senderOf({ nome, sito, persone, procedimenti }: Town, processId: string) {
  const procedure = procedimenti.find(({ id }) => id === processId)
  const person = persone.find(({ id }) => id === procedure?.responsabile)
  return { comune: { nome, sito }, procedimento: procedure, responsabile: person }
}

type CourtesyOutcome =
  | { readonly esito: 'INVIATA'; readonly messageId: string }
  /** Perhaps sent. */
  | { readonly esito: 'IGNOTO' }
  /** `code` is the platform's own. */
  | { readonly esito: 'RIFIUTATA'; readonly code: string }
  /** Not sent, and given up: this was the last attempt. */
  | { readonly esito: 'NON_DISPONIBILE' }

/** Hands the text to the platform. `reference` is the same for each attempt at this sending. */
type Send = (text: MailText, reference: string) => Promise<{ readonly messageId: string }>

/**
 * Sends at most once; `send` is null where there is no address. Rejects only while nothing was sent and there is another attempt:
 * courtesy leaves no incident behind.
 */
export async function sendCourtesy(
  { ledger, town, texts, now }: CourtesyOptions,
  asked: Asked,
  job: ActivatedJob,
  send: Send | null,
) {
  const sent = { messageId: null, istante: new Date(now()).toISOString() }
  if (send === null) return { ...sent, esito: 'SENZA_RECAPITO' } as const
  const { pratica, messaggio, dati } = asked
  const text = texts(messaggio, { ...dati, ...senderOf(town, pratica.tipo ?? job.bpmnProcessId) })
  const key = effectKey(pratica, job)
  const outcome = await sendOnce(ledger, job, key, () => send(text, key.replaceAll('/', '.')))
  return { ...sent, ...outcome }
}

async function sendOnce(
  ledger: Ledger,
  job: ActivatedJob,
  key: string,
  call: () => ReturnType<Send>,
): Promise<CourtesyOutcome> {
  try {
    const { messageId } = await perform(ledger, {
      ...{ key, operation: job.type, class: 'neither' },
      outcome: z.object({ messageId: z.string() }),
      call,
    })
    return { esito: 'INVIATA', messageId }
  } catch (error) {
    if (error instanceof UnknownOutcome || error instanceof Undecidable) return { esito: 'IGNOTO' }
    if (error instanceof Refused) return { esito: 'RIFIUTATA', code: error.code }
    if (error instanceof Unavailable && isLastAttempt(job)) return { esito: 'NON_DISPONIBILE' }
    throw error
  }
}
