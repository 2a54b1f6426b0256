/** `firma.remota`: a person's qualified signature on a PDF (PAdES) or around any file (CAdES). The code is waited for by a user task, never here. */
import { z } from 'zod'
import { signingEffects } from '../../connectors/firma/types.ts'
import type { Town } from '../../processes/town.ts'
import { documentInputSchema, documentSchema } from '../documento/document.ts'
import { effectKey, practiceSchema, type Worker } from '../worker.ts'
import { keyOfAct, modelled, SIGNING_ERRORS, type SignerOptions, signedDocument } from './sign.ts'

export const signatorySchema = z
  .string()
  .min(1)
  .meta({
    title: 'Firmatario',
    description: 'Id della persona del comune che firma: chi ha completato il compito.',
    examples: ['ugo.ufficiale'],
  })
/** Who signs, with which code, and why. */
export const fieldsOfSignature = {
  firmatario: signatorySchema,
  otp: z
    .string()
    .regex(/^\d{4,10}$/)
    .meta({ title: 'Codice', description: 'Il codice ricevuto da chi firma: vale una volta.', examples: ['123456'] }),
  motivo: z
    .string()
    .nullish()
    .meta({ title: 'Motivo', description: 'Perché si firma, scritto nella firma.', examples: ['Provvedimento'] }),
  formato: z
    .enum(['PADES', 'CADES'])
    .nullish()
    .meta({
      title: 'Formato',
      description:
        'Firma nel PDF (se manca), o busta .p7m attorno a un file qualsiasi: della busta non si legge il motivo.',
      choices: { PADES: 'nel PDF', CADES: 'busta .p7m' },
      examples: ['PADES'],
    }),
}
export function nameOfSigner({ persone }: Town, id: string): string {
  const person = persone.find((each) => each.id === id)
  return person ? `${person.nome} ${person.cognome}` : id
}

const input = z.object({ pratica: practiceSchema, documento: documentInputSchema, ...fieldsOfSignature })
const output = z.object({ documento: documentSchema })

export const signRemotely = ({
  town,
  ...options
}: SignerOptions & { readonly town: Town }): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'firma.remota',
  title: 'Firma con firma remota',
  purpose:
    'Appone la firma elettronica qualificata di una persona su un PDF (PAdES) o attorno a un file (CAdES): il documento non esce, esce la sua impronta.',
  effect: signingEffects.sign,
  input,
  output,
  errors: SIGNING_ERRORS,
  async handle({ pratica, documento, firmatario, otp, motivo, formato }, job) {
    const act = {
      pratica: pratica.id,
      documento: documento.id,
      firmatario: nameOfSigner(town, firmatario),
      motivo: motivo ?? 'Firma',
      formato: formato ?? 'PADES',
      senza: 'firma',
    } as const
    try {
      const signed = await signedDocument(options, {
        ...{ ...act, key: keyOfAct(act, firmatario), holder: firmatario },
        ...{ effect: effectKey(pratica, job), operation: 'firma.remota', otp },
      })
      return { documento: signed }
    } catch (error) {
      throw modelled(error)
    }
  },
})
