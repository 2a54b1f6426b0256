/**
 * `firma.massiva`: a person's qualified signature on many PDFs under one code, of one practice or of several. Of each document it is told
 * what became of it; the code is waited for by a user task, never here.
 */
import { z } from 'zod'
import { Refused } from '../../connectors/effect.ts'
import { type Credential, HASHES_MAX, signingEffects } from '../../connectors/firma/types.ts'
import type { Town } from '../../processes/town.ts'
import { documentInputSchema, documentSchema, withoutContent } from '../documento/document.ts'
import { effectKey, practiceSchema, type Worker } from '../worker.ts'
import { fieldsOfSignature, nameOfSigner } from './remota.ts'
import {
  authorised,
  keep,
  keyOfAct,
  modelled,
  type Prepared,
  prepare,
  removePrepared,
  SIGNING_ERRORS,
  type SignedDocument,
  type SignerOptions,
  type ToSign,
} from './sign.ts'

const input = z.object({
  pratica: practiceSchema,
  documenti: z
    .array(
      z.looseObject({
        documento: documentInputSchema,
        pratica: practiceSchema.nullish().meta({
          title: 'Pratica del documento',
          description: 'La pratica a cui il documento appartiene, se è un’altra.',
        }),
      }),
    )
    .min(1)
    .max(HASHES_MAX)
    .meta({
      title: 'Documenti',
      description: 'I PDF da firmare con un solo codice, anche di più pratiche.',
      feel: 'documenti',
    }),
  ...fieldsOfSignature,
})

const outcomeSchema = z.object({
  pratica: z.string().meta({ title: 'Pratica', description: 'Identificativo della pratica del documento.' }),
  documento: z.string().meta({ title: 'Documento', description: 'Identificativo del documento dato da firmare.' }),
  esito: z.enum(['FIRMATO', 'NON_FIRMATO']).meta({
    title: 'Esito',
    description: 'Se il documento è firmato.',
    choices: { FIRMATO: 'firmato', NON_FIRMATO: 'non firmato' },
  }),
  motivo: z
    .enum(['DOCUMENTO_ASSENTE', 'NON_FIRMABILE', 'OLTRE_IL_LIMITE', 'CODICE_USATO', 'RIFIUTATO'])
    .nullable()
    .meta({
      title: 'Motivo',
      description: 'Perché non è firmato; nullo se lo è.',
      choices: {
        DOCUMENTO_ASSENTE: 'non è tra i documenti della pratica',
        NON_FIRMABILE: 'non è un PDF che si possa firmare',
        OLTRE_IL_LIMITE: 'la credenziale non ne firma tanti con un codice: si firma con un altro',
        CODICE_USATO: 'la risposta al codice si è persa: si firma con un altro',
        RIFIUTATO: 'il servizio non lo ha firmato',
      },
    }),
  firmato: documentSchema.nullable().meta({
    title: 'Documento firmato',
    description: 'Un altro documento, della stessa pratica; nullo se non è firmato.',
  }),
})
type Outcome = z.infer<typeof outcomeSchema>
const output = z.object({
  firme: z.array(outcomeSchema).meta({ title: 'Firme', description: 'Un esito per documento, nel loro ordine.' }),
})

export const signTogether = ({
  town,
  ...options
}: SignerOptions & { readonly town: Town }): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'firma.massiva',
  title: 'Firma più documenti con un codice',
  purpose:
    'Appone la firma elettronica qualificata di una persona su più PDF (PAdES) con un solo codice, e dice di ciascuno che cosa ne è stato.',
  effect: signingEffects.sign,
  input,
  output,
  errors: SIGNING_ERRORS,
  async handle({ pratica, documenti, firmatario, otp, motivo, formato }, job) {
    const key = effectKey(pratica, job)
    const named = {
      ...{ firmatario: nameOfSigner(town, firmatario), motivo: motivo ?? 'Firma' },
      ...({ formato: formato ?? 'PADES', senza: 'firma' } as const),
    }
    const toSign = documenti.map(({ documento: { id: documento }, pratica: another }) => {
      const act = { ...named, pratica: (another ?? pratica).id, documento }
      return { ...act, key: keyOfAct(act, firmatario) }
    })
    const batch = { key, operation: 'firma.massiva', holder: firmatario, otp }
    try {
      const firme = await signAll(options, batch, toSign)
      for (const [index, { esito }] of firme.entries())
        if (esito === 'FIRMATO') await removePrepared(options, toSign[index]!)
      return { firme }
    } catch (error) {
      throw modelled(error)
    }
  },
})

interface Batch {
  readonly key: string
  readonly operation: string
  readonly holder: string
  readonly otp: string
}
type Unsigned = { readonly kind: 'unsigned'; readonly motivo: NonNullable<Outcome['motivo']> }
const unsigned = (motivo: Unsigned['motivo']): Unsigned => ({ kind: 'unsigned', motivo })

async function signAll(options: SignerOptions, batch: Batch, toSign: readonly ToSign[]): Promise<Outcome[]> {
  const credential = await options.signer.credentialOf(batch.holder)
  const asked = new Map<string, Uint8Array>()
  const ready: (readonly [ToSign, Prepared | Unsigned])[] = []
  for (const each of toSign) {
    const found = await readied(options, each, credential, asked.size >= credential.atOnce)
    if (found.kind === 'prepared') asked.set(found.id, found.toSign)
    ready.push([each, found])
  }
  const known =
    asked.size > 0 && (await authorised(options, { ...batch, credential }, [...asked.values()]).catch(ifCodeUsed))
  const outcomes: Outcome[] = []
  for (const [each, found] of ready) {
    const what =
      found.kind === 'prepared' && known
        ? await keep(options, each, { credential, prepared: found, outcome: known.of(found.toSign) }).then(
            made,
            ifRefused,
          )
        : found
    outcomes.push(outcomeOf(each, what))
  }
  return outcomes
}

const made = (document: SignedDocument): Prepared => ({ kind: 'made', document })

/** What was signed before is not signed again, and takes no place of what the code signs. */
async function readied(
  options: SignerOptions,
  toSign: ToSign,
  credential: Credential,
  isFull: boolean,
): Promise<Prepared | Unsigned> {
  const before = await options.documents.madeBy(toSign.key)
  if (before) return made(withoutContent(before))
  return isFull ? unsigned('OLTRE_IL_LIMITE') : prepare(options, toSign, credential).catch(ifRefused)
}

/** Why one document is not signed, while others are. */
const MOTIVES: Readonly<Record<string, Unsigned['motivo']>> = {
  DOCUMENTO_ASSENTE: 'DOCUMENTO_ASSENTE',
  NotSignable: 'NON_FIRMABILE',
  CODICE_USATO: 'CODICE_USATO',
  SENZA_RISPOSTA: 'CODICE_USATO',
}

function ifRefused(error: unknown): Unsigned {
  if (error instanceof Refused) return unsigned(MOTIVES[error.code] ?? 'RIFIUTATO')
  throw error
}

/** Nothing of what was prepared is signed, but what was signed before is told. */
function ifCodeUsed(error: unknown): false {
  if (error instanceof Refused && error.code === 'CODICE_USATO') return false
  throw error
}

function outcomeOf({ pratica, documento }: ToSign, what: Prepared | Unsigned): Outcome {
  const of = { pratica, documento }
  switch (what.kind) {
    case 'made':
      return { ...of, esito: 'FIRMATO', motivo: null, firmato: what.document }
    case 'unsigned':
      return { ...of, esito: 'NON_FIRMATO', motivo: what.motivo, firmato: null }
    case 'prepared':
      return { ...of, esito: 'NON_FIRMATO', motivo: 'CODICE_USATO', firmato: null }
  }
}
