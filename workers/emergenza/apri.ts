/** `emergenza.apri`: the person responsible for the protocol allows the emergency register, or allows it for longer (art. 63 c. 1 and 2). */
import { z } from 'zod'
import { AUTHORISED_DAYS_MAX, AUTHORISED_HOURS_MAX } from '../../connectors/emergenza/register.ts'
import type { Connectors } from '../../connectors/index.ts'
import type { Worker } from '../worker.ts'

const WHO = 'protocollo.responsabile'

const input = z.object({
  autorizzazione: z
    .object({
      causa: z
        .string()
        .min(1)
        .max(1000)
        .meta({ title: 'Causa', description: 'Perché il protocollo è fermo.', examples: ['Guasto al centro dati'] }),
      estremi: z
        .string()
        .min(1)
        .max(1000)
        .meta({ title: 'Estremi', description: 'Il provvedimento che autorizza.', examples: ['Determina 12/2027'] }),
      giorni: z
        .number()
        .int()
        .min(1)
        .max(AUTHORISED_DAYS_MAX)
        .nullish()
        .meta({ title: 'Giorni', description: 'Per quanti giorni ancora, se l’interruzione dura da oltre 24 ore.' }),
    })
    .meta({ title: 'Autorizzazione', description: 'Che cosa ha deciso il responsabile del protocollo.' }),
})
const output = z.object({})

export const openEmergency = ({
  emergency,
  now,
}: Pick<Connectors, 'emergency'> & { readonly now: () => number }): Worker<z.infer<typeof input>, object> => ({
  type: 'emergenza.apri',
  title: 'Apri il registro di emergenza',
  purpose: 'Annota l’autorizzazione a usare il registro di emergenza.',
  effect: 'keyed',
  input,
  output,
  errors: {},
  async handle({ autorizzazione: { causa, estremi, giorni } }) {
    const at = Temporal.Instant.fromEpochMilliseconds(now())
    const until = (hours: number) => {
      const times = { dal: at.toString(), fino: at.add({ hours }).toString() }
      return { autorizzatoDa: WHO, estremi, ...times }
    }
    const extended = await emergency.extend(until(AUTHORISED_HOURS_MAX * (giorni ?? 1)))
    if (!extended) await emergency.open({ causa, inizio: at.toString() }, until(AUTHORISED_HOURS_MAX))
    return {}
  },
})
