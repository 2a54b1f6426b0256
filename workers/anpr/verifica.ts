/** `anpr.verifica`: each person of a declaration looked up in the national register (C001), differences told to the clerk. */
import { z } from 'zod'
import { nationalRegisterEffects, type RegisteredPerson } from '../../connectors/anpr/types.ts'
import type { Connectors } from '../../connectors/index.ts'
import type { Town } from '../../processes/town.ts'
import { practiceWithReference, referenceOf } from '../practice-reference.ts'
import { requesterOf } from '../requester.ts'
import type { Worker } from '../worker.ts'
import { type DeclaredOrigin, type DeclaredPerson, differences } from './alignment.ts'

const cf = z.string().meta({ title: 'Codice fiscale', description: 'Codice fiscale.', examples: ['RSSMRA85C01G273I'] })
const personSchema = z.object({
  cf,
  nome: z
    .string()
    .nullish()
    .meta({ title: 'Nome', description: 'Il nome dichiarato.', examples: ['Mario'] }),
  cognome: z
    .string()
    .nullish()
    .meta({ title: 'Cognome', description: 'Il cognome dichiarato.', examples: ['Rossi'] }),
  dataNascita: z.iso
    .date()
    .nullish()
    .meta({
      title: 'Data di nascita',
      description: 'Se dichiarata; altrimenti si confronta quella del codice fiscale.',
      examples: ['1985-03-01'],
    }),
})
/** A household is no larger; ANPR is asked about one person at a time. */
const PEOPLE_MAX = 30

const input = z.object({
  pratica: practiceWithReference,
  richiedente: personSchema.meta({ title: 'Richiedente', description: 'Chi dichiara.' }),
  istanza: z
    .object({
      tipo: z
        .string()
        .nullish()
        .meta({
          title: 'Tipo',
          description:
            'Da dove ci si trasferisce: ALTRO_COMUNE, CAMBIO_ABITAZIONE, ESTERO, AIRE. Altrimenti la provenienza non si confronta.',
          examples: ['ALTRO_COMUNE'],
        }),
      comuneProvenienza: z
        .string()
        .nullish()
        .meta({ title: 'Comune di provenienza', description: 'Se il tipo è ALTRO_COMUNE.', examples: ['Prato'] }),
      nucleo: z
        .array(personSchema)
        .max(PEOPLE_MAX)
        .nullish()
        .meta({ title: 'Nucleo', description: 'Le persone che si spostano con chi dichiara.' }),
    })
    .meta({ title: 'Istanza', description: 'La dichiarazione.' }),
})
type Input = z.infer<typeof input>

const RESULTS = {
  PRESENTE: 'risulta come dichiarato',
  DISALLINEATO: 'risulta, ma qualcosa differisce (ANPR_DISALLINEATO)',
  NON_TROVATO: 'non risulta',
} as const
const checkSchema = z.object({
  cf,
  esito: z
    .enum(['PRESENTE', 'DISALLINEATO', 'NON_TROVATO'])
    .meta({ title: 'Esito', description: 'Che cosa risulta in ANPR.', choices: RESULTS, examples: ['PRESENTE'] }),
  differenze: z
    .string()
    .meta({ title: 'Differenze', description: 'Che cosa differisce, per chi decide; vuoto se nulla.', examples: [''] }),
})
type Check = z.infer<typeof checkSchema>
const output = z.object({
  verificaAnpr: z
    .array(checkSchema)
    .meta({ title: 'Verifica in ANPR', description: 'Per ciascuna persona, che cosa risulta.' }),
})

export interface VerifyOptions extends Pick<Connectors, 'anpr'> {
  readonly town: Town
  /** Business time, epoch milliseconds. */
  readonly now: () => number
}

export const verifyInNationalRegister = ({
  anpr,
  town,
  now,
}: VerifyOptions): Worker<Input, z.infer<typeof output>> => ({
  type: 'anpr.verifica',
  title: 'Verifica in ANPR',
  purpose: 'Confronta ciascuna persona della dichiarazione con l’Anagrafe nazionale (servizio C001, tramite PDND).',
  effect: nationalRegisterEffects.find,
  input,
  output,
  errors: {},
  async handle({ pratica, richiedente, istanza }, job) {
    const origin = { ...istanza, proprio: { codiceIstat: town.codiceIstat, nome: town.nome } }
    const data = Temporal.Instant.fromEpochMilliseconds(now()).toZonedDateTimeISO('Europe/Rome').toPlainDate()
    const query = {
      riferimento: referenceOf(pratica),
      data: data.toString(),
      userId: requesterOf(town, pratica, job),
    }
    const verificaAnpr: Check[] = []
    // One after the other: ANPR takes numbers in order, and a household is small.
    for (const declared of declaredPeople(richiedente, istanza.nucleo ?? [])) {
      const found = await anpr.find({ ...query, codiceFiscale: declared.cf })
      verificaAnpr.push(checkOf(declared, found, origin))
    }
    return { verificaAnpr }
  },
})

/** Each person once, who declares first. */
function declaredPeople(applicant: DeclaredPerson, household: readonly DeclaredPerson[]): readonly DeclaredPerson[] {
  const people = [applicant, ...household]
  const first = (cf: string) => people.findIndex((person) => person.cf.toUpperCase() === cf.toUpperCase())
  return people.filter(({ cf }, index) => first(cf) === index)
}

function checkOf(declared: DeclaredPerson, found: RegisteredPerson | null, origin: DeclaredOrigin): Check {
  const cf = declared.cf.toUpperCase()
  if (found === null) return { cf, esito: 'NON_TROVATO', differenze: '' }
  const differing = differences(declared, found, origin)
  return { cf, esito: differing.length === 0 ? 'PRESENTE' : 'DISALLINEATO', differenze: differing.join('; ') }
}
