/** `protocollo.segnatura`: what the town sends to another administration says of itself, sealed (DPR 445/2000 art. 55). */
import { z } from 'zod'
import { Unsettled } from '../../connectors/effect.ts'
import { EMERGENCY_REGISTER } from '../../connectors/emergenza/register.ts'
import type { Connectors } from '../../connectors/index.ts'
import { sealedSegnatura } from '../../connectors/protocollo/seal.ts'
import type { Segnatura, Subject } from '../../connectors/protocollo/segnatura.ts'
import type { Town } from '../../processes/town.ts'
import { documentSchema, withoutContent } from '../documento/document.ts'
import { classifiedPractice } from '../practice-reference.ts'
import { effectKey, type Worker } from '../worker.ts'
import { personOf } from './person.ts'

/** As often as the protocol is tried while it is down. */
const AGAIN_IN_MS = 15 * 60_000
const DOCUMENTS_MAX = 200

const input = z.object({
  pratica: classifiedPractice,
  protocollo: z
    .object({
      numero: z.string().meta({ title: 'Numero', description: 'Numero di protocollo.', examples: ['0000001'] }),
      anno: z.int().meta({ title: 'Anno', description: 'Anno di protocollo.', examples: [2027] }),
      registro: z.string().meta({ title: 'Registro', description: 'Registro.', examples: ['PROTOCOLLO'] }),
      data: z.iso.datetime({ offset: true }).meta({ title: 'Data', description: 'L’istante della registrazione.' }),
    })
    .meta({ title: 'Protocollo', description: 'La registrazione in uscita.', feel: 'protocollo' }),
  oggetto: z
    .string()
    .min(1)
    .meta({ title: 'Oggetto', description: 'Di che si tratta.', examples: ['Trasmissione per competenza'] }),
  destinatario: z
    .object({
      nome: z.string().meta({ title: 'Nome', description: 'Nome e cognome, o denominazione.' }),
      codiceIpa: z
        .string()
        .nullish()
        .meta({ title: 'Codice IPA', description: 'Di un’amministrazione.', examples: ['c_g999'] }),
      codiceFiscale: z
        .string()
        .nullish()
        .meta({ title: 'Codice fiscale', description: 'Di una persona.', examples: ['RSSMRA85C01G273I'] }),
      email: z.string().nullish().meta({ title: 'E-mail', description: 'Indirizzo, PEC di preferenza.' }),
    })
    .meta({ title: 'Destinatario', description: 'Chi riceve.' }),
  documenti: z
    .array(z.string())
    .min(1)
    .max(DOCUMENTS_MAX)
    .meta({
      title: 'Documenti',
      description: 'Gli id dei documenti della pratica: il primario, poi gli allegati.',
      examples: [['0d3b9a52-6a57-4b5c-9d0a-2f1c3c1f7a10']],
    }),
})
const output = z.object({
  documento: documentSchema.meta({ title: 'Documento', description: 'La segnatura, fra i documenti della pratica.' }),
})
type SegnaturaInput = z.infer<typeof input>

export interface SegnaturaOptions extends Pick<Connectors, 'sealer' | 'documents'> {
  readonly town: Town
  /** Business time, epoch milliseconds. */
  readonly now: () => number
}

export const writeSegnatura = ({
  sealer,
  documents,
  town,
  now,
}: SegnaturaOptions): Worker<SegnaturaInput, z.infer<typeof output>> => ({
  type: 'protocollo.segnatura',
  title: 'Scrivi la segnatura',
  purpose: 'Scrive e sigilla la segnatura di protocollo di ciò che parte verso un’altra amministrazione.',
  effect: 'keyed',
  input,
  output,
  errors: {},
  async handle(variables, job) {
    const { pratica, protocollo } = variables
    if (protocollo.registro === EMERGENCY_REGISTER)
      throw new Unsettled('the re-registration of an emergency entry', AGAIN_IN_MS)
    const xml = await sealedSegnatura(await segnaturaOf(documents, town, variables), sealer, now())
    const description = { nome: 'Segnatura.xml', tipo: 'application/xml', pratica: pratica.id }
    return { documento: withoutContent(await documents.put(Buffer.from(xml), description, effectKey(pratica, job))) }
  },
})

async function segnaturaOf(
  documents: Connectors['documents'],
  { codiceIpa, codiceAoo, nome, email, protocollo: { titolario }, procedimenti }: Town,
  { pratica, protocollo, oggetto, destinatario, documenti }: SegnaturaInput,
): Promise<Segnatura> {
  const described = await Promise.all(documenti.map((id) => ofPractice(documents, pratica.id, id)))
  const [primary, ...attachments] = described
  const codice = procedimenti.find(({ id }) => id === pratica.tipo)?.classifica
  const voce = titolario.find((each) => each.codice === codice)
  if (!primary || codice === undefined || !voce)
    throw new Error(
      `Expected a class for what ${pratica.tipo} sends, but the town has none. Add it to its scheme (titolario).`,
    )
  return {
    ...{ codiceAmministrazione: codiceIpa, codiceAoo, registrazione: protocollo, oggetto },
    classifica: { codice, denominazione: voce.voce },
    mittente: { kind: 'amministrazione', denominazione: nome, codiceIpa, codiceAoo, email },
    destinatari: [addressee(destinatario)],
    documenti: [primary, ...attachments],
  }
}

async function ofPractice(documents: Connectors['documents'], pratica: string, id: string) {
  const found = await documents.describe(id)
  if (found?.pratica === pratica) return found
  throw new Error(`Expected document ${id} to belong to the practice, but it does not. Check the variable documenti.`)
}

function addressee({ nome, codiceIpa, codiceFiscale, email }: SegnaturaInput['destinatario']): Subject {
  const reached = email ? { email } : {}
  if (codiceIpa) return { kind: 'amministrazione', denominazione: nome, codiceIpa, ...reached }
  const person = codiceFiscale ? personOf(nome, codiceFiscale) : null
  return person && codiceFiscale
    ? { kind: 'persona', ...person, codiceFiscale, ...reached }
    : { kind: 'giuridica', denominazione: nome, ...reached }
}
