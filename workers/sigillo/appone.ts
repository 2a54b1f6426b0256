/** `sigillo.appone`: the electronic seal of the body on a PDF (PAdES): nobody is asked. */
import { z } from 'zod'
import { signingEffects } from '../../connectors/firma/types.ts'
import type { Town } from '../../processes/town.ts'
import { documentInputSchema, documentSchema } from '../documento/document.ts'
import { modelled, SIGNING_ERRORS, type SignerOptions, signedDocument } from '../firma/sign.ts'
import { effectKey, practiceSchema, SERVICE_DOWN, type Worker } from '../worker.ts'

/** The body, as the service knows the holder of the seal. */
const BODY = 'ente'

const input = z.object({ pratica: practiceSchema, documento: documentInputSchema })
const output = z.object({ documento: documentSchema })

export const sealDocument = ({
  town,
  ...options
}: SignerOptions & { readonly town: Town }): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'sigillo.appone',
  title: 'Apponi il sigillo elettronico',
  purpose: 'Appone il sigillo elettronico dell’ente su un PDF (PAdES; regolamento UE 910/2014 art. 35).',
  effect: signingEffects.sign,
  input,
  output,
  errors: {
    FIRMA_RIFIUTATA: SIGNING_ERRORS.FIRMA_RIFIUTATA,
    [SERVICE_DOWN]: 'Dopo i tentativi il servizio di sigillo non risponde',
  },
  async handle({ pratica, documento }, job) {
    const key = effectKey(pratica, job)
    try {
      const sealed = await signedDocument(options, {
        ...{ key, effect: key, operation: 'sigillo.appone', pratica: pratica.id, documento: documento.id },
        ...{ holder: BODY, firmatario: town.nome, motivo: 'Sigillo elettronico', formato: 'PADES', senza: 'sigillo' },
      })
      return { documento: sealed }
    } catch (error) {
      throw modelled(error)
    }
  },
})
