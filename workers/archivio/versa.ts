/** `archivio.versa`: deposits the practice with the preservation service under its protocol entry. */
import { z } from 'zod'
import { archiveEffects, type DepositReceipt, type Unit } from '../../connectors/conservazione/types.ts'
import { Refused } from '../../connectors/effect.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import { legalDay } from '../termini/terms.ts'
import { BpmnError, effectKey, practiceSchema, type Worker } from '../worker.ts'

const REFUSED = 'VERSAMENTO_RIFIUTATO'

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
  documento: z.unknown().meta({ title: 'Documento', description: 'Che cosa si versa: i dati della pratica.' }),
})
const depositSchema = z.object({
  pdvId: z.string().meta({ title: 'Pacchetto', description: 'Identificativo del pacchetto di versamento.' }),
  esito: z.enum(['POSITIVO', 'WARNING']).meta({ title: 'Esito', description: 'Come il conservatore l’ha accolto.' }),
  rapporto: z.string().meta({ title: 'Rapporto', description: 'Il rapporto di versamento.' }),
  giaVersata: z.boolean().meta({ title: 'Già versata', description: 'Se era già stata versata prima.' }),
})
const output = z.object({
  versamento: depositSchema.meta({ title: 'Versamento', description: 'La risposta del conservatore.' }),
})

export const depositInArchive = ({
  archive,
  ledger,
}: Pick<Connectors, 'archive' | 'ledger'>): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'archivio.versa',
  title: 'Versa in conservazione',
  purpose: 'Versa la pratica nel sistema di conservazione.',
  effect: archiveEffects.deposit,
  input,
  output,
  errors: { [REFUSED]: 'Il conservatore ha rifiutato il pacchetto' },
  async handle(variables, job) {
    try {
      const versamento = await perform(ledger, {
        key: effectKey(variables.pratica, job),
        operation: 'archivio.versa',
        outcome: depositSchema,
        class: archiveEffects.deposit,
        call: async () => deposited(await archive.deposit(unitOf(variables))),
      })
      return { versamento }
    } catch (error) {
      throw error instanceof Refused ? new BpmnError(REFUSED, `${error.code} ${error.message}`) : error
    }
  },
})

const deposited = ({ urn, ...receipt }: DepositReceipt): z.infer<typeof depositSchema> => ({ pdvId: urn, ...receipt })

function unitOf({ pratica, chiave, documento }: z.infer<typeof input>): Unit {
  const { numero, anno, registro, data } = chiave
  const tipologia = pratica.tipo ?? 'Pratica'
  const fascicolo = { identificativo: pratica.id, oggetto: tipologia }
  return {
    chiave: { numero, anno, registro },
    tipologia,
    oggetto: `${tipologia}, protocollo ${numero}/${anno}`,
    data: legalDay(data).toString(),
    fascicolo,
    documento: {
      id: 'pratica',
      tipo: 'FASCICOLO',
      nomeFile: `pratica-${numero}-${anno}.json`,
      formato: 'JSON',
      contenuto: new TextEncoder().encode(JSON.stringify(documento ?? null)),
    },
  }
}
