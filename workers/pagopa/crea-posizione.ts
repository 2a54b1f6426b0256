/**
 * `pagopa.crea-posizione`: what somebody owes becomes a position in pagoPA, which anybody may pay until its last day. Its number comes
 * from the element instance: every attempt has the same, every further notice another.
 */
import { z } from 'zod'
import { Refused } from '../../connectors/effect.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import { noticeNumberOf, qrTextOf } from '../../connectors/pagopa/notice.ts'
import { type Debtor, type NewPosition, paymentPositionsEffects, type Transfer } from '../../connectors/pagopa/types.ts'
import type { Town } from '../../processes/town.ts'
import { LEGAL_TIME_ZONE } from '../termini/terms.ts'
import { effectKey, practiceSchema, type Worker } from '../worker.ts'
import { type Line, linesSchema, noticeSchema } from './notice.ts'

/** As pagoPA takes them. */
const TRANSFERS_MAX = 5
const TEXT_MAX = 140

const input = z.object({
  pratica: practiceSchema
    .extend({ tipo: z.string().nullish().meta({ title: 'Tipo', description: 'Il procedimento della pratica.' }) })
    .meta({ title: 'Pratica', description: 'La pratica per cui si paga.' }),
  debitore: z
    .object({
      cf: z
        .string()
        .nullish()
        .meta({
          title: 'Codice fiscale',
          description: 'Di una persona.',
          examples: ['BNCLCU90E45G999C'],
        }),
      piva: z
        .string()
        .nullish()
        .meta({ title: 'Partita IVA', description: 'Di un’impresa o di un ente.', examples: ['02109990016'] }),
      nome: z.string().meta({ title: 'Nome', description: 'Nome, o denominazione.', examples: ['Lucia'] }),
      cognome: z
        .string()
        .nullish()
        .meta({ title: 'Cognome', description: 'Di una persona.', examples: ['Bianchi'] }),
    })
    .meta({ title: 'Debitore', description: 'Chi deve.', feel: 'richiedente' }),
  oggetto: z
    .string()
    .min(1)
    .meta({
      title: 'Oggetto',
      description: 'Di che pagamento si tratta.',
      examples: ['Occupazione di suolo pubblico'],
    }),
  voci: linesSchema,
  scadenza: z.iso
    .date()
    .meta({ title: 'Scadenza', description: 'L’ultimo giorno utile per pagare.', examples: ['2027-05-21'] }),
  ufficio: z
    .string()
    .nullish()
    .meta({
      title: 'Ufficio',
      description: 'Il gruppo che restituisce ciò che si paga di troppo.',
      examples: ['tributi.operatori'],
    }),
})
const output = z.object({ avviso: noticeSchema })

export const createPosition = (
  { positions, awaited, payee, ledger }: Pick<Connectors, 'positions' | 'awaited' | 'payee' | 'ledger'>,
  { pagamenti }: Pick<Town, 'pagamenti'>,
): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'pagopa.crea-posizione',
  title: 'Crea la posizione debitoria',
  purpose: 'Crea in pagoPA l’avviso di pagamento di ciò che si deve; ogni avviso ha un numero suo.',
  effect: paymentPositionsEffects.create,
  input,
  output,
  errors: {},
  async handle({ pratica, debitore, oggetto, voci, scadenza, ufficio }, job) {
    const due = voci.filter(({ centesimi }) => centesimi > 0)
    const { numeroAvviso, iuv } = noticeNumberOf(job.elementInstanceKey, payee.segregazione)
    const position: NewPosition = {
      ...{ iupd: `${payee.codiceFiscale}-${job.elementInstanceKey}`, numeroAvviso, debitore: debtorOf(debitore) },
      ...{ oggetto: cut(oggetto), scadenza: lastSecondOf(scadenza) },
      voci: transfersOf(due, payee.iban, pagamenti),
    }
    const centesimi = sumOf(due)
    const { iupd } = position
    const { id, tipo = null } = pratica
    // Before it exists: a payment of what nobody awaits would be told to nobody.
    await awaited.expect({
      ...{ numeroAvviso, iupd, pratica: { id, tipo }, ufficio: ufficio ?? null, oggetto, centesimi, scadenza },
    })
    await perform(ledger, {
      ...{ key: effectKey(pratica, job), operation: 'pagopa.crea-posizione', outcome: z.object({ iuv: z.string() }) },
      class: paymentPositionsEffects.create,
      call: async () => ({ iuv: (await positions.create(position)).iuv }),
    })
    const { scadenza: entro } = position
    const ente = { codiceFiscale: payee.codiceFiscale, nome: payee.nome }
    const qr = qrTextOf({ numeroAvviso, codiceFiscaleEnte: payee.codiceFiscale, importo: centesimi })
    const told = { iupd, numeroAvviso, iuv, importo: centesimi / 100, centesimi, scadenza, entro, oggetto, qr, ente }
    return { avviso: { ...told, voci: due } }
  },
})

const cut = (text: string): string => text.slice(0, TEXT_MAX)
const sumOf = (lines: readonly Line[]): number => lines.reduce((sum, { centesimi }) => sum + centesimi, 0)

function debtorOf({ cf, piva, nome, cognome }: z.infer<typeof input>['debitore']): Debtor {
  const name = [nome, cognome].filter(Boolean).join(' ')
  if (piva) return { tipo: 'G', codiceFiscale: piva, nome: name }
  if (cf) return { tipo: 'F', codiceFiscale: cf, nome: name }
  throw new Refused('DEBITORE', 'Expected a debtor with a tax code or a VAT number, but there is neither. Correct it.')
}

/** The day ends there: pagoPA takes nothing at or after the instant it is given. */
const lastSecondOf = (day: string): string =>
  Temporal.PlainDate.from(day)
    .add({ days: 1 })
    .toZonedDateTime(LEGAL_TIME_ZONE)
    .subtract({ seconds: 1 })
    .toInstant()
    .toString()

/** A line is a transfer of its own; where there are too many, those of one kind of revenue go together. */
function transfersOf(lines: readonly Line[], iban: string, taxonomy: Town['pagamenti']): NewPosition['voci'] {
  const codeOf = ({ voce }: Line): string => taxonomy.tassonomie[voce] ?? taxonomy.tassonomia
  const groups = lines.length <= TRANSFERS_MAX ? lines.map((line) => [line]) : [...Map.groupBy(lines, codeOf).values()]
  const [first, ...others] = groups.map(
    (group): Transfer => ({
      ...{ importo: sumOf(group), causale: cut(group.map(({ voce }) => voce).join(', ')) },
      ...{ tassonomia: codeOf(group[0]!), iban },
    }),
  )
  if (first === undefined)
    throw new Refused(
      'IMPORTO',
      'Expected something to be owed, but all is zero. Nothing is asked of who owes nothing.',
    )
  if (others.length >= TRANSFERS_MAX)
    throw new Refused(
      'VOCI',
      `Expected at most ${TRANSFERS_MAX} kinds of revenue in a notice, but there are ${groups.length}.`,
    )
  return [first, ...others]
}
