/**
 * How documents are signed, whoever signs: prepared once, signed outside under one authorisation, kept once.
 *
 * Invariants
 * G1 What is to be signed is kept before anybody is asked to sign it, until it is signed: a repeat, with another code as well, signs the
 *    same bytes. What the service signed before its answer was lost is the same hash and the same signature, not a second one.
 * G2 The signed document is another document; the one it was made of stays, and the store knows that it was replaced.
 * G3 A code is handed over once. Whoever comes back finds the signatures it gave, that it was wrong, or that nobody knows; a wrong code
 *    counts towards a lock, so that no machine tries one again.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Refused, Unavailable, Undecidable } from '../../connectors/effect.ts'
import { type Credential, type HashOutcome, signingEffects } from '../../connectors/firma/types.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import { documentOf, documentSchema, fileName, withoutContent } from '../documento/document.ts'
import { BpmnError } from '../worker.ts'

export interface SignerOptions extends Pick<Connectors, 'signer' | 'documents' | 'ledger'> {
  /** Epoch milliseconds, business time: when the signature says it was made. */
  readonly now: () => number
}
/** In a PDF, or around any file. */
export type SignatureFormat = 'PADES' | 'CADES'
/** One document to sign. */
export interface ToSign {
  /** Of the document that the signature makes. */
  readonly key: string
  readonly pratica: string
  readonly documento: string
  readonly firmatario: string
  readonly motivo: string
  readonly formato: SignatureFormat
  /** What the document lacked until now. */
  readonly senza: 'sigillo' | 'firma'
}
export interface Authorisation {
  /** Of the effect: the same for each attempt. */
  readonly key: string
  /** Job type. */
  readonly operation: string
  readonly credential: Credential
  readonly otp?: string
}
export interface Asked extends ToSign, Pick<Authorisation, 'operation' | 'otp'> {
  /** Of the effect: the same for each attempt. */
  readonly effect: string
  /** Whose credential, as the service knows them. */
  readonly holder: string
}
export type SignedDocument = z.infer<typeof documentSchema>
/** What was prepared, with what the key signs of it; or the document that was made of it before. */
export type Prepared =
  | { readonly kind: 'prepared'; readonly id: string; readonly toSign: Uint8Array }
  | { readonly kind: 'made'; readonly document: SignedDocument }

/** Whichever job asks, alone or with others: one person signs a document of a practice once in each format. */
export const keyOfAct = ({ pratica, documento, formato }: Omit<ToSign, 'key'>, holder: string): string =>
  `${pratica}/firma/${formato}/${documento}/${holder}`
const preparedKeyOf = ({ key }: Pick<ToSign, 'key'>): string => `${key}/preparato`

/** Rejects as the connector does; a PDF that cannot be signed is `Refused` with code `NotSignable`. */
export async function signedDocument(options: SignerOptions, asked: Asked): Promise<SignedDocument> {
  const { ledger, documents } = options
  const { key, effect, operation } = asked
  const documento = await perform(ledger, {
    ...{ key: effect, operation, outcome: documentSchema, class: signingEffects.sign },
    async call() {
      const made = await documents.madeBy(key)
      return made ? withoutContent(made) : signNow(options, asked)
    },
  })
  await removePrepared(options, asked)
  return documento
}

async function signNow(options: SignerOptions, asked: Asked): Promise<SignedDocument> {
  const { effect: key, operation, otp, holder } = asked
  const credential = await options.signer.credentialOf(holder)
  const prepared = await prepare(options, asked, credential)
  if (prepared.kind === 'made') return prepared.document
  const authorisation = { key, operation, credential, ...(otp !== undefined && { otp }) }
  const outcomes = await authorised(options, authorisation, [prepared.toSign])
  return keep(options, asked, { credential, prepared, outcome: outcomes.of(prepared.toSign) })
}

/** Keeps what is to be signed, once for all attempts. Rejects with `Refused`: no such document, or none that can be signed. */
export async function prepare(options: SignerOptions, toSign: ToSign, credential: Credential): Promise<Prepared> {
  const { signer, documents } = options
  const { key, pratica, documento, formato, firmatario, motivo } = toSign
  const preparedKey = preparedKeyOf(toSign)
  const { content, nome } = await documentOf(documents, documento, pratica)
  const known = await documents.madeBy(preparedKey)
  const { id } =
    known ??
    (await documents.put(
      await emptilySigned(options, content, { formato, firmatario, motivo, credential }),
      { ...KINDS[formato](nome), pratica: null },
      preparedKey,
    ))
  // Another attempt may have signed meanwhile and cleared away what it had prepared: what was prepared just now has other bytes.
  const made = known ? null : await documents.madeBy(key)
  if (made) return { kind: 'made', document: withoutContent(made) }
  return { kind: 'prepared', id, toSign: signer.toSign(await contentOf(documents, id), credential) }
}

async function emptilySigned(
  { signer, now }: SignerOptions,
  content: Uint8Array,
  {
    credential,
    formato,
    firmatario,
    motivo,
  }: Pick<ToSign, 'formato' | 'firmatario' | 'motivo'> & { readonly credential: Credential },
): Promise<Uint8Array> {
  switch (formato) {
    case 'PADES':
      return signer.prepare(content, { credential, firmatario, motivo, at: now() })
    case 'CADES':
      return signer.prepareEnvelope(content, credential, now())
  }
}

/** How what is signed is called, and what it is. */
const KINDS: Readonly<Record<SignatureFormat, (nome: string) => { readonly nome: string; readonly tipo: string }>> = {
  PADES: (nome) => ({ nome: fileName(nome, '.pdf'), tipo: 'application/pdf' }),
  CADES: (nome) => ({ nome: fileName(nome, '.p7m'), tipo: 'application/pkcs7-mime' }),
}

async function contentOf(documents: SignerOptions['documents'], id: string): Promise<Uint8Array> {
  const content = await documents.read(id)
  if (content) return content
  throw new Unavailable('Expected what was prepared to be signed, but it is gone. It is prepared again.')
}

/** Longer than an attempt waits for the service. */
const CODE_SETTLE_MS = 60_000
const signaturesSchema = z.record(
  z.string(),
  z.union([z.object({ firma: z.base64() }), z.object({ rifiutata: z.string() })]),
)

/** Kept like an outcome: whoever comes back after a kill does not try it again. */
const wrongCodeSchema = z.object({ errato: z.string() })
const ofCodeSchema = z.union([wrongCodeSchema, signaturesSchema])

export interface Outcomes {
  /** What an earlier attempt at the same job did not ask for is refused: `CODICE_USATO`. */
  of(toSign: Uint8Array): HashOutcome
}

/** What became of each. Refused besides what the service refuses: `CODICE_USATO`, when no answer to the code was ever heard. */
export async function authorised(
  { signer, ledger }: SignerOptions,
  { key, operation, credential, otp }: Authorisation,
  toSign: readonly Uint8Array[],
): Promise<Outcomes> {
  const call = async (): Promise<z.infer<typeof signaturesSchema>> => {
    const outcomes = await signer.sign(toSign, credential, otp)
    return Object.fromEntries(outcomes.map((outcome, index) => [nameOf(toSign[index]!), written(outcome)]))
  }
  const code = { key: `${key}/codice`, operation: `${operation}: codice`, outcome: ofCodeSchema }
  const once = { ...code, class: 'neither', settleMs: CODE_SETTLE_MS, call: () => call().catch(ifWrong) } as const
  const known = otp === undefined ? await call() : signaturesIn(await perform(ledger, once).catch(neverAnswered))
  return { of: (bytes) => outcomeIn(known[nameOf(bytes)]) }
}

function ifWrong(error: unknown): z.infer<typeof wrongCodeSchema> {
  if (error instanceof Refused && error.code === 'OTP_ERRATO') return { errato: error.message }
  throw error
}

function signaturesIn(known: z.infer<typeof ofCodeSchema>): z.infer<typeof signaturesSchema> {
  const wrong = wrongCodeSchema.safeParse(known)
  if (wrong.success) throw new Refused('OTP_ERRATO', wrong.data.errato)
  return signaturesSchema.parse(known)
}

const nameOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64')

const written = (outcome: HashOutcome): z.infer<typeof signaturesSchema>[string] =>
  outcome.kind === 'signed' ? { firma: Buffer.from(outcome.signature).toString('base64') } : { rifiutata: outcome.code }

function outcomeIn(known: z.infer<typeof signaturesSchema>[string] | undefined): HashOutcome {
  if (!known) return { kind: 'refused', code: 'CODICE_USATO' }
  return 'firma' in known
    ? { kind: 'signed', signature: Buffer.from(known.firma, 'base64') }
    : { kind: 'refused', code: known.rifiutata }
}

function neverAnswered(error: unknown): never {
  if (!(error instanceof Undecidable)) throw error
  throw new Refused('CODICE_USATO', 'Expected an answer to the code, but none came. Ask for another code.')
}

/** Keeps the signed document, once. Rejects with `Refused` when it was not signed. */
export async function keep(
  { signer, documents }: SignerOptions,
  { key, pratica, documento, senza }: ToSign,
  signed: {
    readonly credential: Credential
    readonly prepared: Extract<Prepared, { kind: 'prepared' }>
    readonly outcome: HashOutcome
  },
): Promise<SignedDocument> {
  const { credential, prepared, outcome } = signed
  if (outcome.kind === 'refused')
    throw new Refused(outcome.code, `Expected document ${documento} to be signed, but it was not: ${outcome.code}.`)
  const described = await documents.describe(prepared.id)
  // Another attempt has kept it and cleared away.
  const made = described ? null : await documents.madeBy(key)
  if (made) return withoutContent(made)
  const content = await signer.complete(await contentOf(documents, prepared.id), credential, outcome.signature)
  if (!described)
    throw new Unavailable('Expected what was prepared to be signed, but it is gone. It is prepared again.')
  const description = { nome: described.nome, tipo: described.tipo, pratica, sostituisce: { documento, senza } }
  return withoutContent(await documents.put(content, description, key))
}

/** Once it is signed. What is never signed belongs to no practice, and goes as whatever was begun and never sent (forms/server/sweep.ts). */
export async function removePrepared({ documents }: SignerOptions, signed: Pick<ToSign, 'key'>): Promise<void> {
  const prepared = await documents.madeBy(preparedKeyOf(signed))
  if (prepared) await documents.remove(prepared.id)
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
const WORTHLESS: ReadonlySet<string> = new Set(['OTP_ERRATO', 'CODICE_USATO'])

/** As the error that the diagram catches, where it is one; what else went wrong stays what it is. */
export function modelled(error: unknown): unknown {
  if (!(error instanceof Refused)) return error
  if (WORTHLESS.has(error.code))
    return new BpmnError('OTP_ERRATO', 'Il codice non è valido, è scaduto o è già stato usato.')
  return REFUSALS.has(error.code) ? new BpmnError('FIRMA_RIFIUTATA', error.message) : error
}
