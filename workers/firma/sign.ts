/**
 * How a document is signed, whoever signs: prepared once, signed outside, kept once.
 *
 * Invariants
 * G1 What is to be signed is kept before anybody is asked to sign it, so that a repeat signs the same bytes: the same hash, the same
 *    signature, not a second one.
 * G2 The signed document is another document; the one it was made of stays, and the store knows that it was replaced.
 */
import type { z } from 'zod'
import { Refused, Unavailable } from '../../connectors/effect.ts'
import { signingEffects } from '../../connectors/firma/types.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import { documentOf, documentSchema, fileName, withoutContent } from '../documento/document.ts'
import { BpmnError } from '../worker.ts'

export interface SignerOptions extends Pick<Connectors, 'signer' | 'documents' | 'ledger'> {
  /** Epoch milliseconds, business time: when the signature says it was made. */
  readonly now: () => number
}
export interface Asked {
  readonly key: string
  /** Job type. */
  readonly operation: string
  readonly pratica: string
  readonly documento: string
  /** Whose credential, as the service knows them. */
  readonly holder: string
  readonly firmatario: string
  readonly motivo: string
  /** What the document lacked until now. */
  readonly senza: 'sigillo' | 'firma'
  readonly otp?: string
}

/** Rejects as the connector does; a PDF that cannot be signed is `Refused` with code `NotSignable`. */
export async function signedDocument(options: SignerOptions, asked: Asked): Promise<z.infer<typeof documentSchema>> {
  const { ledger, documents } = options
  const { key, operation } = asked
  const documento = await perform(ledger, {
    key,
    operation,
    outcome: documentSchema,
    class: signingEffects.sign,
    async call() {
      const made = await documents.madeBy(key)
      return withoutContent(made ?? (await signNow(options, asked)))
    },
  })
  const prepared = await documents.madeBy(preparedKey(asked))
  if (prepared) await documents.remove(prepared.id)
  return documento
}

const preparedKey = ({ key }: Asked): string => `${key}/preparato`

async function signNow({ signer, documents, now }: SignerOptions, asked: Asked) {
  const { content, nome } = await documentOf(documents, asked.documento, asked.pratica)
  const credential = await signer.credentialOf(asked.holder)
  const known = await documents.madeBy(preparedKey(asked))
  const name = fileName(nome, '.pdf')
  const { firmatario, motivo, otp } = asked
  const prepared =
    known ??
    (await documents.put(
      await signer.prepare(content, { credential, firmatario, motivo, at: now() }),
      { nome: name, tipo: 'application/pdf', pratica: null },
      preparedKey(asked),
    ))
  // Another attempt may have signed meanwhile and cleared away what it had prepared: what was prepared just now has other bytes.
  const made = known ? null : await documents.madeBy(asked.key)
  if (made) return made
  const toSign = await documents.read(prepared.id)
  if (!toSign) throw new Unavailable('Expected what was prepared to be signed, but it is gone. It is prepared again.')
  const signed = await signer.sign(toSign, credential, otp)
  const sostituisce = { documento: asked.documento, senza: asked.senza }
  return documents.put(signed, { nome: name, tipo: 'application/pdf', pratica: asked.pratica, sostituisce }, asked.key)
}

/** The service's own codes, as the errors of a diagram. */
export const SIGNING_ERRORS = {
  OTP_ERRATO: 'Il codice non è quello inviato, è scaduto o è già stato usato: se ne chiede un altro',
  FIRMA_RIFIUTATA: 'La credenziale manca o è bloccata, il certificato è scaduto, o il documento non si può firmare',
} as const

const REFUSALS: ReadonlySet<string> = new Set([
  'CREDENZIALE_ASSENTE',
  'CREDENZIALE_BLOCCATA',
  'CERTIFICATO_SCADUTO',
  'NotSignable',
])

/** As the error that the diagram catches, where it is one; what else went wrong stays what it is. */
export function modelled(error: unknown): unknown {
  if (!(error instanceof Refused)) return error
  if (error.code === 'OTP_ERRATO') return new BpmnError('OTP_ERRATO', 'Il codice non è valido o è scaduto.')
  return REFUSALS.has(error.code) ? new BpmnError('FIRMA_RIFIUTATA', error.message) : error
}
