/** What variables know of a payment notice: what is owed, under which number, until when. Amounts are euros with their cents beside them. */
import { z } from 'zod'

/** One line of what is owed, as a table of fees gives it. */
export const lineSchema = z
  .looseObject({
    voce: z
      .string()
      .min(1)
      .meta({ title: 'Voce', description: 'Che cosa si paga.', examples: ['Canone'] }),
    importo: z
      .number()
      .min(0)
      .meta({ title: 'Importo', description: 'In euro.', examples: [26] }),
    centesimi: z
      .int()
      .min(0)
      .meta({ title: 'Centesimi', description: 'Lo stesso importo in centesimi.', examples: [2600] }),
    motivo: z
      .string()
      .nullish()
      .meta({
        title: 'Motivo',
        description: 'Perché, come lo legge chi paga.',
        examples: ['1,30 € × 20 mq × 1 giorno'],
      }),
  })
  .refine(({ importo, centesimi }) => Math.round(importo * 100) === centesimi, 'importo and centesimi differ')
  .meta({ title: 'Voce', description: 'Una riga di ciò che si deve.' })
export type Line = z.infer<typeof lineSchema>

export const linesSchema = z.array(lineSchema).meta({
  title: 'Voci',
  description: 'Ciò che si deve, riga per riga; le righe da zero non si pagano.',
  examples: [[{ voce: 'Canone', importo: 26, centesimi: 2600, motivo: '1,30 € × 20 mq × 1 giorno' }]],
})

const iupd = z
  .string()
  .min(1)
  .meta({
    title: 'Identificativo della posizione',
    description: 'Identificativo univoco della posizione debitoria (IUPD).',
    examples: ['00337360978-2251799813685301'],
  })

/** A notice that is read: what else is known of it does no harm. */
export const noticeInputSchema = z
  .looseObject({ iupd })
  .meta({ title: 'Avviso', description: 'L’avviso, come lo dà la creazione della posizione.', feel: 'avviso' })

export const noticeSchema = z
  .object({
    iupd,
    numeroAvviso: z.string().meta({ title: 'Numero avviso', description: '18 cifre: è la chiave di pagamento.esito.' }),
    iuv: z.string().meta({ title: 'IUV', description: 'Identificativo univoco di versamento, 17 cifre.' }),
    importo: z.number().meta({ title: 'Importo', description: 'Il totale, in euro.' }),
    centesimi: z.int().meta({ title: 'Centesimi', description: 'Il totale in centesimi.' }),
    scadenza: z.iso.date().meta({ title: 'Scadenza', description: 'L’ultimo giorno utile per pagare.' }),
    entro: z.iso.datetime({ offset: true }).meta({ title: 'Entro', description: 'L’ultimo istante di quel giorno.' }),
    oggetto: z.string().meta({ title: 'Oggetto', description: 'Di che pagamento si tratta.' }),
    qr: z.string().meta({ title: 'QR', description: 'Ciò che dice il codice QR dell’avviso, per chi lo stampa.' }),
    ente: z
      .object({
        codiceFiscale: z.string().meta({ title: 'Codice fiscale', description: 'Dell’ente, come lo conosce pagoPA.' }),
        nome: z.string().meta({ title: 'Nome', description: 'Dell’ente.' }),
      })
      .meta({ title: 'Ente', description: 'Chi incassa.' }),
    voci: z.array(lineSchema).meta({ title: 'Voci', description: 'Ciò che si paga, riga per riga.' }),
  })
  .meta({ title: 'Avviso', description: 'L’avviso di pagamento.' })
