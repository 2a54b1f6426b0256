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
  pratica: practiceSchema.extend({ tipo: z.string().nullish() }),
  chiave: z.object({
    numero: z.string(),
    anno: z.int(),
    registro: z.string(),
    data: z.iso.datetime({ offset: true }),
  }),
  documento: z.unknown(),
})
const depositSchema = z.object({
  pdvId: z.string(),
  esito: z.enum(['POSITIVO', 'WARNING']),
  rapporto: z.string(),
  giaVersata: z.boolean(),
})
const output = z.object({ versamento: depositSchema })

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
