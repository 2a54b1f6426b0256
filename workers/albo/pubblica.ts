/**
 * `albo.pubblica|certifica`: an act on the notice board for a time (L. 69/2009 art. 32), and the certificate that it was. What is
 * posted is read by everybody: an object that names a person by tax code or address is refused, and so is a text that does.
 */
import { z } from 'zod'
import { BOARD_SETTLE_MS, boardEffects, type Posted, type Posting } from '../../connectors/albo/types.ts'
import { Refused } from '../../connectors/effect.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import type { Contents, RegisteredDocument } from '../../connectors/protocollo/types.ts'
import type { Town } from '../../processes/town.ts'
import { documentSchema, withoutContent } from '../documento/document.ts'
import { BpmnError, effectKey, practiceSchema, type Worker } from '../worker.ts'
import { namesSomebody } from './omissis.ts'

const PERSONAL = 'DATI_PERSONALI'
const STILL_POSTED = 'PUBBLICAZIONE_IN_CORSO'
const DOCUMENTS_MAX = 50

const number = {
  numero: z.string().meta({ title: 'Numero', description: 'Numero della pubblicazione.', examples: ['0000001'] }),
  anno: z.int().meta({ title: 'Anno', description: 'Anno della pubblicazione.', examples: [2027] }),
}
const input = z.object({
  pratica: practiceSchema,
  oggetto: z
    .string()
    .min(1)
    .max(1000)
    .meta({ title: 'Oggetto', description: 'Di che si tratta, senza dati personali.', examples: ['Ordinanza n. 12'] }),
  documenti: z
    .array(z.string())
    .min(1)
    .max(DOCUMENTS_MAX)
    .meta({
      title: 'Documenti',
      description: 'Gli id dei documenti della pratica da affiggere, nella versione con omissis.',
      examples: [['0d3b9a52-6a57-4b5c-9d0a-2f1c3c1f7a10']],
    }),
  dal: z.iso.date().meta({ title: 'Dal', description: 'Primo giorno di affissione.', examples: ['2027-03-01'] }),
  al: z.iso.date().meta({ title: 'Al', description: 'Ultimo giorno di affissione.', examples: ['2027-03-15'] }),
  ufficio: z
    .string()
    .meta({ title: 'Ufficio', description: 'Il gruppo che pubblica.', examples: ['anagrafe.ufficiale'] }),
})
const postedSchema = z.object({
  ...number,
  dal: z.string().meta({ title: 'Dal', description: 'Primo giorno di affissione.' }),
  al: z.string().meta({ title: 'Al', description: 'Ultimo giorno di affissione.' }),
  indirizzo: z.string().meta({ title: 'Indirizzo', description: 'La pagina dell’albo.' }),
})
const output = z.object({ albo: postedSchema.meta({ title: 'Albo', description: 'La pubblicazione.' }) })

export const postOnBoard = (
  { board, documents, ledger }: Pick<Connectors, 'board' | 'documents' | 'ledger'>,
  town: Town,
  settleMs = BOARD_SETTLE_MS,
): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'albo.pubblica',
  title: 'Pubblica all’albo',
  purpose: 'Affigge un atto all’albo pretorio, per i giorni detti.',
  effect: boardEffects.post,
  input,
  output,
  errors: { [PERSONAL]: 'L’oggetto o un testo nomina una persona: serve la versione con omissis' },
  async handle({ pratica, oggetto, documenti, dal, al, ufficio }, job) {
    const riferimento = effectKey(pratica, job)
    const told = ({ numero, anno, ...posted }: Posted): z.infer<typeof postedSchema> => ({
      ...{ numero, anno, dal: posted.dal, al: posted.al, indirizzo: board.addressOf({ numero, anno }) },
    })
    if (namesSomebody(oggetto)) throw new BpmnError(PERSONAL, 'L’oggetto contiene dati personali')
    const { described, contents } = await publishable(documents, pratica.id, documenti)
    const office = town.uffici.find(({ gruppo }) => gruppo === ufficio)
    const posting: Posting = {
      ...{ riferimento, oggetto, dal, al },
      ufficio: office?.nome ?? ufficio,
      documenti: described,
    }
    const albo = await perform(ledger, {
      ...{ key: riferimento, operation: 'albo.pubblica', outcome: postedSchema, settleMs },
      class: boardEffects.post,
      async find() {
        const [found] = await board.find(riferimento)
        return found ? told(found) : null
      },
      call: async () => told(await board.post(posting, contents)),
    })
    return { albo }
  },
})

async function publishable(documents: Connectors['documents'], pratica: string, ids: readonly string[]) {
  const contents = new Map<string, Uint8Array<ArrayBuffer>>()
  const described: RegisteredDocument[] = []
  for (const id of ids) {
    const document = await documents.describe(id)
    const content = await documents.read(id)
    if (!content || document?.pratica !== pratica)
      throw new Error(
        `Expected document ${id} to belong to the practice, but it does not. Check the variable documenti.`,
      )
    const { nome, tipo, byte, impronta } = document
    if (namesSomebody(nome) || (isText(tipo) && namesSomebody(new TextDecoder().decode(content))))
      throw new BpmnError(PERSONAL, `Il documento ${id} contiene dati personali`)
    described.push({ nome, tipo, byte, impronta })
    contents.set(impronta, new Uint8Array(content))
  }
  const [first, ...others] = described
  if (!first) throw new Error('Expected a document to post, but there is none. Check the variable documenti.')
  return { described: [first, ...others] as const satisfies Posting['documenti'], contents: contents as Contents }
}

const isText = (tipo: string): boolean => /^text\/|^application\/(?:json|xml)$/.test(tipo)

const certifying = z.object({
  pratica: practiceSchema,
  albo: z.object(number).meta({ title: 'Albo', description: 'La pubblicazione da certificare.', feel: 'albo' }),
})
const certified = z.object({
  documento: documentSchema.meta({
    title: 'Documento',
    description: 'La relata di pubblicazione, fra i documenti della pratica.',
  }),
})

export const certifyPosting = ({
  board,
  documents,
}: Pick<Connectors, 'board' | 'documents'>): Worker<z.infer<typeof certifying>, z.infer<typeof certified>> => ({
  type: 'albo.certifica',
  title: 'Certifica la pubblicazione',
  purpose: 'Prende dall’albo la relata di pubblicazione e la tiene fra i documenti della pratica.',
  effect: boardEffects.certificate,
  input: certifying,
  output: certified,
  errors: { [STILL_POSTED]: 'L’atto è ancora affisso: la relata c’è dopo la defissione' },
  async handle({ pratica, albo: { anno, numero } }, job) {
    try {
      const { nome, tipo, contenuto } = await board.certificate(anno, numero)
      const description = { nome, tipo, pratica: pratica.id }
      return { documento: withoutContent(await documents.put(contenuto, description, effectKey(pratica, job))) }
    } catch (error) {
      if (error instanceof Refused && error.code === STILL_POSTED)
        throw new BpmnError(STILL_POSTED, 'La pubblicazione non è terminata')
      throw error
    }
  },
})
