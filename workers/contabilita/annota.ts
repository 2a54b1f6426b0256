/** `contabilita.annota`: rows in the accounts of a practice, each with what it rests on. */
import { z } from 'zod'
import { ACCOUNT_SOURCES, ACCOUNT_STATES, accountEffects } from '../../connectors/contabilita/accounts.ts'
import type { Connectors } from '../../connectors/index.ts'
import { effectKey, practiceSchema, type Worker } from '../worker.ts'

/** More lines than these are no account of one practice. */
const LINES_MAX = 100
const CENTS_MAX = 999_999_999_99

const line = z.object({
  voce: z
    .string()
    .min(1)
    .max(200)
    .meta({ title: 'Voce', description: 'Che cosa.', examples: ['Canone'] }),
  centesimi: z
    .int()
    .min(0)
    .max(CENTS_MAX)
    .meta({ title: 'Centesimi', description: 'L’importo in centesimi.', examples: [2600] }),
  motivo: z
    .string()
    .nullish()
    .meta({ title: 'Motivo', description: 'Perché questo importo.', examples: ['1,30 € × 20 m² × 1 giorno'] }),
  stato: z
    .enum(ACCOUNT_STATES)
    .nullish()
    .meta({ title: 'Stato', description: 'Di questa voce sola, se non è quello di tutte.', examples: ['PAGATO'] }),
})
const input = z.object({
  pratica: practiceSchema,
  voci: z
    .array(line)
    .max(LINES_MAX)
    .meta({
      title: 'Voci',
      description: 'Una riga per voce. Una voce da zero è esente, se non dice altro.',
      examples: [[{ voce: 'Canone', centesimi: 2600, motivo: '1,30 € × 20 m² × 1 giorno' }]],
    }),
  stato: z.enum(ACCOUNT_STATES).meta({ title: 'Stato', description: 'Che cosa ne è stato.', examples: ['PAGATO'] }),
  giorno: z.iso
    .date()
    .nullish()
    .meta({
      title: 'Giorno',
      description: 'Del pagamento o della decisione; oggi, se manca.',
      examples: ['2027-05-07'],
    }),
  avviso: z
    .string()
    .nullish()
    .meta({
      title: 'Avviso',
      description: 'Il numero dell’avviso con cui è stato pagato.',
      examples: ['301000000000000144'],
    }),
  fonte: z
    .object({
      tipo: z.enum(ACCOUNT_SOURCES).meta({ title: 'Tipo', description: 'Che documento è.', examples: ['RICEVUTA'] }),
      riferimento: z
        .string()
        .min(1)
        .max(200)
        .meta({
          title: 'Riferimento',
          description: 'Il suo numero o identificativo.',
          examples: ['c110729d258c4ab1b765fe902aae41d6'],
        }),
    })
    .meta({ title: 'Fonte', description: 'Il documento su cui si fonda.' }),
})
const output = z.object({
  annotazione: z
    .object({
      righe: z.int().meta({ title: 'Righe', description: 'Quante righe sono state annotate.' }),
      centesimi: z.int().meta({ title: 'Centesimi', description: 'La loro somma.' }),
    })
    .meta({ title: 'Annotazione', description: 'Che cosa è stato annotato.' }),
})

export interface AccountWorkerOptions extends Pick<Connectors, 'accounts'> {
  /** Business time, epoch milliseconds. */
  readonly now: () => number
}

export const bookInAccounts = ({
  accounts,
  now,
}: AccountWorkerOptions): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'contabilita.annota',
  title: 'Annota nel conto della pratica',
  purpose: 'Scrive nel conto della pratica ciò che è stato pagato, è esente o resta da regolarizzare.',
  effect: accountEffects.book,
  input,
  output,
  errors: {},
  async handle({ pratica, voci, stato, giorno, avviso, fonte }, job) {
    const today = Temporal.Instant.fromEpochMilliseconds(now()).toZonedDateTimeISO('Europe/Rome').toPlainDate()
    const rows = voci.map((each) => ({
      ...{ voce: each.voce, centesimi: each.centesimi, motivo: each.motivo ?? null },
      stato: each.stato ?? (each.centesimi === 0 ? ('ESENTE' as const) : stato),
      ...{ giorno: giorno ?? today.toString(), avviso: avviso ?? null, fonte },
    }))
    await accounts.book(pratica.id, effectKey(pratica, job), rows)
    return { annotazione: { righe: rows.length, centesimi: rows.reduce((sum, row) => sum + row.centesimi, 0) } }
  },
})
