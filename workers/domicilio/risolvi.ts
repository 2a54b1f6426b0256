/**
 * `domicilio.risolvi`: where a person is reached with legal effect by electronic means.
 *
 * The rule (D.Lgs. 82/2005): communications with legal value go to the digital domicile (art. 6 c. 1); a natural person elects it in INAD
 * (art. 3-bis c. 1-bis, 6-quater c. 1). Without one there, the address declared for this proceeding stands as a special domicile
 * (art. 3-bis c. 4-quinquies). Without either there is none, and the notice goes on paper (art. 3-bis c. 4-bis).
 * Da verificare: whether a special domicile, where both exist, goes before the one of INAD.
 */
import { z } from 'zod'
import { digitalDomicilesEffects } from '../../connectors/inad/types.ts'
import type { Connectors } from '../../connectors/index.ts'
import type { Town } from '../../processes/town.ts'
import { practiceWithReference, referenceOf } from '../practice-reference.ts'
import { requesterOf } from '../requester.ts'
import type { Worker } from '../worker.ts'

const SOURCES = { INAD: 'eletto in INAD', DICHIARATO: 'dichiarato per questa pratica' } as const

const input = z.object({
  pratica: practiceWithReference,
  persona: z
    .object({
      cf: z.string().meta({ title: 'Codice fiscale', description: 'Codice fiscale.', examples: ['BNCLCU90E45G999C'] }),
    })
    .meta({ title: 'Persona', description: 'Chi va raggiunto.', feel: '{cf: richiedente.cf}' }),
  domicilioDichiarato: z
    .union([z.email(), z.literal('')])
    .nullish()
    .meta({
      title: 'Domicilio dichiarato',
      description: 'L’indirizzo indicato dalla persona per questa pratica, se c’è.',
      examples: ['mario.rossi@pec.example'],
      feel: 'richiedente.domicilioDigitale',
    }),
})
const domicileSchema = z.object({
  indirizzo: z
    .email()
    .meta({ title: 'Indirizzo', description: 'Indirizzo PEC.', examples: ['lucia.bianchi@pec.example'] }),
  fonte: z
    .enum(['INAD', 'DICHIARATO'])
    .meta({ title: 'Fonte', description: 'Da dove viene.', choices: SOURCES, examples: ['INAD'] }),
})
const output = z.object({
  domicilioDigitale: domicileSchema.nullable().meta({
    title: 'Domicilio digitale',
    description: 'Null se la persona non ne ha: si notifica su carta (D.Lgs. 82/2005 art. 3-bis c. 4-bis).',
  }),
})

export const resolveDomicile = ({
  domiciles,
  town,
}: Pick<Connectors, 'domiciles'> & { readonly town: Town }): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'domicilio.risolvi',
  title: 'Trova il domicilio digitale',
  purpose: 'Cerca il domicilio digitale di una persona in INAD; se non c’è, vale quello dichiarato per la pratica.',
  effect: digitalDomicilesEffects.find,
  input,
  output,
  errors: {},
  async handle({ pratica, persona, domicilioDichiarato }, job) {
    const query = { riferimento: referenceOf(pratica), userId: requesterOf(town, pratica, job) }
    const elected = await domiciles.find({ ...query, codiceFiscale: persona.cf })
    if (elected !== null) return { domicilioDigitale: { indirizzo: elected, fonte: 'INAD' } }
    if (!domicilioDichiarato) return { domicilioDigitale: null }
    return { domicilioDigitale: { indirizzo: domicilioDichiarato, fonte: 'DICHIARATO' } }
  },
})
