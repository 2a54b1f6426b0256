/** `archivio.versa`: deposits the practice with the preservation service under its protocol entry. */
import { z } from 'zod'
import { archiveEffects, type DepositReceipt } from '../../connectors/conservazione/types.ts'
import { Refused, Unsettled } from '../../connectors/effect.ts'
import { EMERGENCY_REGISTER } from '../../connectors/emergenza/register.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import type { Town } from '../../processes/town.ts'
import { documentSchema, withoutContent } from '../documento/document.ts'
import { BpmnError, effectKey, practiceSchema, type Worker } from '../worker.ts'
import { receiptName, unitOf } from './unit.ts'

const REFUSED = 'VERSAMENTO_RIFIUTATO'
/** As often as the protocol is tried while it is down. */
const AGAIN_IN_MS = 15 * 60_000

const input = z.object({
  pratica: practiceSchema
    .extend({ tipo: z.string().nullish().meta({ title: 'Tipo', description: 'Il procedimento della pratica.' }) })
    .meta({ title: 'Pratica', description: 'La pratica da versare.' }),
  chiave: z
    .object({
      numero: z.string().meta({ title: 'Numero', description: 'Numero di protocollo.', examples: ['0000001'] }),
      anno: z.int().meta({ title: 'Anno', description: 'Anno di protocollo.', examples: [2027] }),
      registro: z
        .string()
        .meta({ title: 'Registro', description: 'Registro di protocollo.', examples: ['PROTOCOLLO'] }),
      data: z.iso.datetime({ offset: true }).meta({ title: 'Data', description: 'L’istante della registrazione.' }),
    })
    .meta({ title: 'Chiave', description: 'La registrazione di protocollo che identifica l’unità documentaria.' }),
  documento: z
    .unknown()
    .meta({ title: 'Documento', description: 'I dati della pratica; i suoi documenti si versano con essi.' }),
  fascicolo: z
    .object({
      codice: z.string().meta({ title: 'Codice', description: 'Codice del fascicolo.', examples: ['2027-XI.2-1'] }),
      classifica: z.string().meta({ title: 'Classifica', description: 'Voce del titolario.', examples: ['XI.2'] }),
      oggetto: z.string().meta({ title: 'Oggetto', description: 'Di che tratta.', examples: ['Cambio di residenza'] }),
    })
    .nullish()
    .meta({ title: 'Fascicolo', description: 'Il fascicolo a cui appartiene, se c’è.' }),
})
const depositSchema = z.object({
  pdvId: z.string().meta({ title: 'Pacchetto', description: 'Identificativo del pacchetto di versamento.' }),
  esito: z.enum(['POSITIVO', 'WARNING']).meta({ title: 'Esito', description: 'Come il conservatore l’ha accolto.' }),
  rapporto: documentSchema
    .nullable()
    .meta({ title: 'Rapporto', description: 'Il rapporto di versamento, fra i documenti; manca se arriva più tardi.' }),
  giaVersata: z.boolean().meta({ title: 'Già versata', description: 'Se era già stata versata prima.' }),
})
const outcomeSchema = depositSchema.extend({ concorda: z.boolean().nullable() })
const output = z.object({
  versamento: depositSchema.meta({ title: 'Versamento', description: 'La risposta del conservatore.' }),
})

export const depositInArchive = (
  { archive, documents, emergency, ledger }: Pick<Connectors, 'archive' | 'documents' | 'emergency' | 'ledger'>,
  town: Town,
): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'archivio.versa',
  title: 'Versa in conservazione',
  purpose: 'Versa la pratica e i suoi documenti nel sistema di conservazione, e conserva il rapporto di versamento.',
  effect: archiveEffects.deposit,
  input,
  output,
  errors: { [REFUSED]: 'Il conservatore ha rifiutato il pacchetto, o il suo rapporto non concorda con i documenti' },
  async handle(variables, job) {
    const { pratica } = variables
    const key = effectKey(pratica, job)
    const chiave = await finalKey(emergency, variables.chiave)
    try {
      const { concorda, ...versamento } = await perform(ledger, {
        ...{ key, operation: 'archivio.versa', outcome: outcomeSchema },
        class: archiveEffects.deposit,
        async call() {
          const receipt = await archive.deposit(await unitOf(documents, town, { ...variables, chiave }))
          return kept(documents, { nome: receiptName(chiave), pratica: pratica.id }, `${key}/rapporto`, receipt)
        },
      })
      if (concorda === false)
        throw new BpmnError(REFUSED, 'Le impronte nel rapporto di versamento non sono quelle dei documenti versati')
      return { versamento }
    } catch (error) {
      throw error instanceof Refused ? new BpmnError(REFUSED, `${error.code} ${error.message}`) : error
    }
  },
})

/** A unit is filed under its ordinary number: the one an emergency entry was given when the protocol was back. */
async function finalKey(
  emergency: Connectors['emergency'],
  chiave: z.infer<typeof input>['chiave'],
): Promise<z.infer<typeof input>['chiave']> {
  if (chiave.registro !== EMERGENCY_REGISTER) return chiave
  const entry = await emergency.find(chiave.anno, chiave.numero)
  if (entry?.definitivo) return entry.definitivo
  throw new Unsettled('the re-registration of an emergency entry', AGAIN_IN_MS)
}

/** The receipt becomes a document of the practice. */
async function kept(
  documents: Connectors['documents'],
  { nome, pratica }: { readonly nome: string; readonly pratica: string },
  key: string,
  { urn, esito, rapporto, concorda, giaVersata }: DepositReceipt,
): Promise<z.infer<typeof outcomeSchema>> {
  const answer = { pdvId: urn, esito, giaVersata, concorda }
  if (rapporto === null) return { ...answer, rapporto }
  const description = { nome, tipo: 'application/xml', pratica }
  return { ...answer, rapporto: withoutContent(await documents.put(Buffer.from(rapporto), description, key)) }
}
