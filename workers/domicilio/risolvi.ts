/**
 * `domicilio.risolvi`: the digital domicile that a natural person has elected in INAD (D.Lgs. 82/2005 art. 3-bis c. 1-bis, 6-quater c. 1),
 * as it stands now. Which address a notice takes, this one or the one declared for the practice, is for the table of the notice
 * (processes/comuni/notifica), not for the worker.
 */
import { z } from 'zod'
import { digitalDomicilesEffects } from '../../connectors/inad/types.ts'
import type { Connectors } from '../../connectors/index.ts'
import type { Town } from '../../processes/town.ts'
import { practiceWithReference, referenceOf } from '../practice-reference.ts'
import { requesterOf } from '../requester.ts'
import { SERVICE_DOWN, type Worker } from '../worker.ts'

const input = z.object({
  pratica: practiceWithReference,
  persona: z
    .object({
      cf: z
        .string()
        .nullish()
        .meta({
          title: 'Codice fiscale',
          description: 'Codice fiscale; senza, in INAD non si trova nessuno.',
          examples: ['BNCLCU90E45G999C'],
        }),
    })
    .meta({ title: 'Persona', description: 'Chi va raggiunto.', feel: '{cf: richiedente.cf}' }),
})
const output = z.object({
  domicilioDigitale: z
    .email()
    .nullable()
    .meta({
      title: 'Domicilio digitale',
      description: 'L’indirizzo PEC eletto in INAD; null se la persona non ne ha eletto uno.',
      examples: ['lucia.bianchi@pec.example'],
    }),
})

export const resolveDomicile = ({
  domiciles,
  town,
}: Pick<Connectors, 'domiciles'> & { readonly town: Town }): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'domicilio.risolvi',
  title: 'Trova il domicilio digitale',
  purpose: 'Cerca in INAD il domicilio digitale che una persona ha eletto.',
  effect: digitalDomicilesEffects.find,
  input,
  output,
  errors: { [SERVICE_DOWN]: 'Dopo i tentativi INAD non risponde, o non accetta la domanda' },
  async handle({ pratica, persona: { cf } }, job) {
    if (!cf) return { domicilioDigitale: null }
    const query = { riferimento: referenceOf(pratica), userId: requesterOf(town, pratica, job) }
    return { domicilioDigitale: await domiciles.find({ ...query, codiceFiscale: cf }) }
  },
})
