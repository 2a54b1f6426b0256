/**
 * `documento.verifica-firma`: who signed a document, whether it is what was signed, and what was changed since. It never holds a
 * practice up: what cannot be read, or not even at the last attempt, is told as that.
 */
import { z } from 'zod'
import { Refused } from '../../connectors/effect.ts'
import type { SignatureReport } from '../../connectors/firma/types.ts'
import type { Connectors } from '../../connectors/index.ts'
import { isLastAttempt, practiceSchema, type Worker } from '../worker.ts'
import { documentInputSchema, documentOf } from './document.ts'

const input = z.object({
  pratica: practiceSchema,
  documento: documentInputSchema,
  istante: z.iso
    .datetime({ offset: true })
    .nullish()
    .meta({
      title: 'Istante',
      description: 'Quando i certificati dovevano valere: la ricezione del documento; se manca, adesso.',
      examples: ['2027-03-01T09:00:00Z'],
    }),
})

const told = (title: string, description: string) => ({ title, description })
const signatureSchema = z
  .object({
    formato: z.enum(['PAdES', 'CAdES']).meta(told('Formato', 'Firma nel PDF, o busta .p7m.')),
    firmatario: z.string().meta(told('Firmatario', 'Il nome nel certificato.')),
    emittente: z.string().meta(told('Emittente', 'L’autorità che lo ha emesso.')),
    dichiarataIl: z
      .string()
      .nullable()
      .meta(told('Dichiarata il', 'Quando dice di aver firmato: nessuno lo garantisce.')),
    marca: z
      .object({
        istante: z.string().nullable().meta(told('Istante', 'Quando la firma c’era; nullo se non si può leggere.')),
        autorita: z.string().meta(told('Autorità', 'Chi ha marcato.')),
        valida: z.boolean().meta(told('Valida', 'Se è di quella firma, e di un’autorità riconosciuta.')),
        motivi: z.array(z.string()).meta(told('Motivi', 'Perché non è valida.')),
      })
      .nullable()
      .meta(told('Marca temporale', 'Chi garantisce quando la firma c’era; nulla se non c’è.')),
    integra: z.boolean().meta(told('Integra', 'Il documento è quello firmato, con quel certificato.')),
    attendibile: z
      .boolean()
      .meta(
        told(
          'Attendibile',
          'Il certificato viene da un’autorità riconosciuta e valeva in quell’istante; la revoca non è verificata.',
        ),
      ),
    copreTutto: z.boolean().meta(told('Copre tutto', 'La firma copre tutto ciò che c’era.')),
    modifiche: z.enum(['NESSUNA', 'SOLO_FIRME', 'ALTRE']).meta({
      ...told('Modifiche', 'Che cosa è venuto dopo la firma.'),
      choices: { NESSUNA: 'nessuna', SOLO_FIRME: 'altre firme soltanto', ALTRE: 'altro: il documento è cambiato' },
    }),
    esito: z.enum(['VALIDA', 'NON_VALIDA']).meta(told('Esito', 'Se tutto quanto sopra è in ordine.')),
    motivi: z.array(z.string()).meta(told('Motivi', 'Perché non è valida.')),
  })
  .meta(told('Firma', 'Una firma o un sigillo.')) satisfies z.ZodType<Omit<SignatureReport, 'motivi' | 'marca'>>

const output = z.object({
  verifica: z
    .object({
      documento: z.string().meta(told('Documento', 'L’identificativo di ciò che si è guardato.')),
      esito: z.enum(['VALIDA', 'NON_VALIDA', 'ASSENTE', 'NON_VERIFICABILE']).meta({
        ...told('Esito', 'Di tutte le firme insieme.'),
        choices: {
          VALIDA: 'tutte valide',
          NON_VALIDA: 'almeno una non lo è',
          ASSENTE: 'nessuna firma',
          NON_VERIFICABILE: 'il documento non si è potuto leggere',
        },
      }),
      firme: z.array(signatureSchema).meta(told('Firme', 'Una per una, nell’ordine.')),
    })
    .meta(told('Verifica', 'Che cosa si è trovato.')),
})

export const verifySignatures = ({
  signer,
  documents,
  now,
}: Pick<Connectors, 'signer' | 'documents'> & { readonly now: () => number }): Worker<
  z.infer<typeof input>,
  z.infer<typeof output>
> => ({
  type: 'documento.verifica-firma',
  title: 'Verifica le firme',
  purpose: 'Verifica firme e sigilli di un PDF o di una busta .p7m: integrità, autorità, validità, che cosa coprono.',
  effect: 'none',
  input,
  output,
  errors: {},
  async handle({ pratica, documento, istante }, job) {
    try {
      const document = await documentOf(documents, documento.id, pratica.id)
      const found = await signer.verify(document.content, istante ? Date.parse(istante) : now())
      const firme = found.firme.map(({ marca, motivi, ...firma }) => ({
        ...{ ...firma, motivi: [...motivi] },
        marca: marca && { ...marca, motivi: [...marca.motivi] },
      }))
      return { verifica: { documento: documento.id, esito: outcomeOf(firme, document.tipo), firme } }
    } catch (error) {
      if (!(error instanceof Refused) && !isLastAttempt(job)) throw error
      return { verifica: { documento: documento.id, esito: 'NON_VERIFICABILE', firme: [] } }
    }
  },
})

/** An envelope exists to hold a signature: one in which none is found could not be read. */
function outcomeOf(firme: readonly SignatureReport[], tipo: string) {
  if (firme.length === 0) return tipo === 'application/pkcs7-mime' ? 'NON_VERIFICABILE' : 'ASSENTE'
  return firme.every(({ esito }) => esito === 'VALIDA') ? 'VALIDA' : 'NON_VALIDA'
}
