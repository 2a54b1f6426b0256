/** `firma.invia-otp`: sends the signer the code, before the task that asks for it. */
import { z } from 'zod'
import { Undecidable, UnknownOutcome } from '../../connectors/effect.ts'
import { signingEffects } from '../../connectors/firma/types.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import { effectKey, practiceSchema, type Worker } from '../worker.ts'
import { signatorySchema } from './remota.ts'
import { modelled, SIGNING_ERRORS } from './sign.ts'

const input = z.object({ pratica: practiceSchema, firmatario: signatorySchema })
const output = z.object({
  invioOtp: z.enum(['INVIATO', 'NON_RICHIESTO', 'IGNOTO']).meta({
    title: 'Invio del codice',
    description: 'Come è andata; se è ignoto e il codice non arriva, se ne chiede un altro.',
    choices: { INVIATO: 'inviato', NON_RICHIESTO: 'la credenziale non lo chiede', IGNOTO: 'esito ignoto' },
  }),
})

export const sendSigningCode = ({
  signer,
  ledger,
}: Pick<Connectors, 'signer' | 'ledger'>): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'firma.invia-otp',
  title: 'Invia il codice di firma',
  purpose: 'Fa arrivare a chi deve firmare il codice da scrivere nel compito; il codice di prima non vale più.',
  effect: signingEffects.sendOtp,
  input,
  output,
  errors: { FIRMA_RIFIUTATA: SIGNING_ERRORS.FIRMA_RIFIUTATA },
  async handle({ pratica, firmatario }, job) {
    try {
      const credential = await signer.credentialOf(firmatario)
      if (!credential.otp) return { invioOtp: 'NON_RICHIESTO' }
      await perform(ledger, {
        key: effectKey(pratica, job),
        operation: 'firma.invia-otp',
        outcome: z.object({}),
        class: signingEffects.sendOtp,
        async call() {
          await signer.sendOtp(credential.id)
          return {}
        },
      })
      return { invioOtp: 'INVIATO' }
    } catch (error) {
      if (error instanceof UnknownOutcome || error instanceof Undecidable) return { invioOtp: 'IGNOTO' }
      throw modelled(error)
    }
  },
})
