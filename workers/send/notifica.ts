/**
 * `send.notifica`: a legal notice through SEND. Done when the platform has accepted the request and given it its IUN; what becomes of it, its
 * stream tells (stati.ts). Asked for once: the reference is the practice's, the token the effect's key, and the platform refuses a repeat.
 */
import { z } from 'zod'
import type { StoredDocument } from '../../connectors/documents/store.ts'
import { Refused, Unsettled } from '../../connectors/effect.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import {
  type NoticeDocument,
  notificationEffects,
  type RefusalReason,
  type RequestProgress,
  SUBJECT_LENGTH_MAX,
  type UploadedDocument,
} from '../../connectors/send/types.ts'
import type { Town } from '../../processes/town.ts'
import { practiceWithReference, referenceOf } from '../practice-reference.ts'
import { BpmnError, effectKey, type Worker } from '../worker.ts'
import { streamOf } from './stream.ts'

const REFUSED = 'SEND_RIFIUTATA'
const DOCUMENTS_MAX = 15
/** All of them are in memory while they leave. */
const DOCUMENTS_BYTES_MAX = 64 * 1024 * 1024
/** A judgement that the stream has not told after so long is asked for. */
const ASKED_AFTER_MS = 15 * 60_000
const LOOK_MS = 30_000

const text = (title: string, description: string, example: string) =>
  z
    .string()
    .nullish()
    .meta({ title, description, examples: [example] })
const address = z
  .object({
    via: z.string().meta({ title: 'Via', description: 'Via, piazza o località.', examples: ['via Libertà'] }),
    civico: text('Civico', 'Il numero civico.', '12'),
    cap: text(
      'CAP',
      'Il codice di avviamento postale, che SEND vuole in Italia; del comune che notifica può mancare.',
      '90139',
    ),
    comune: text('Comune', 'Il comune; senza, quello che notifica.', 'Palermo'),
    provincia: text('Provincia', 'La sigla della provincia.', 'PA'),
    presso: text('Presso', 'Presso chi, se non è in casa propria.', 'Bianchi'),
  })
  .nullish()
  .meta({ title: 'Indirizzo', description: 'Dove va la raccomandata; senza, SEND lo cerca nei registri.' })
const recipient = z
  .object({
    tipo: z
      .enum(['PF', 'PG'])
      .default('PF')
      .meta({
        title: 'Tipo',
        description: 'Persona fisica o giuridica.',
        choices: { PF: 'Persona fisica', PG: 'Persona giuridica' },
      }),
    cf: text('Codice fiscale', 'Il codice fiscale; senza, SEND non notifica.', 'RSSMRA85C01G273I'),
    nome: z
      .string()
      .meta({ title: 'Nome', description: 'Nome e cognome, o denominazione.', examples: ['Mario Rossi'] }),
    domicilioDigitale: text(
      'Domicilio digitale',
      'La PEC dichiarata per la pratica, se c’è.',
      'mario.rossi@pec.example',
    ),
    indirizzo: address,
  })
  .meta({
    title: 'Destinatario',
    description: 'A chi si notifica.',
    feel: '{cf: richiedente.cf, nome: richiedente.nome + " " + richiedente.cognome, domicilioDigitale: richiedente.domicilioDigitale, indirizzo: istanza.indirizzo}',
  })
const payment = z
  .object({
    numeroAvviso: z
      .string()
      .regex(/^\d{18}$/)
      .meta({ title: 'Numero avviso', description: 'Il numero dell’avviso pagoPA.', examples: ['301000000000000101'] }),
    importo: z
      .int()
      .min(1)
      .meta({ title: 'Importo', description: 'In centesimi.', examples: [2600] }),
  })
  .nullish()
  .meta({ title: 'Da pagare', description: 'L’avviso pagoPA che si notifica con gli atti, se c’è.' })
const input = z.object({
  pratica: practiceWithReference,
  destinatario: recipient,
  oggetto: z
    .string()
    .min(1)
    .max(SUBJECT_LENGTH_MAX)
    .meta({
      title: 'Oggetto',
      description: 'L’oggetto della notifica, al più 134 caratteri, senza dati personali: è in chiaro.',
      examples: ['Cambio di residenza: provvedimento'],
    }),
  tassonomia: z
    .string()
    .regex(/^\d{6}[A-Z]$/)
    .nullish()
    .meta({
      title: 'Tassonomia',
      description: 'Il codice della tassonomia di SEND; senza, quello del comune.',
      examples: ['010202N'],
    }),
  raccomandata: z
    .enum(['AR', '890'])
    .default('AR')
    .meta({
      title: 'Raccomandata',
      description: 'Come va per posta, se non c’è un domicilio digitale.',
      choices: { AR: 'Con ricevuta di ritorno', 890: 'Come per gli atti giudiziari (L. 890/1982)' },
    }),
  documenti: z
    .array(z.string())
    .min(1)
    .max(DOCUMENTS_MAX)
    .meta({
      title: 'Documenti',
      description: 'Identificativi dei documenti che si notificano, PDF.',
      examples: [['doc-1']],
    }),
  daPagare: payment,
})
type Notice = z.infer<typeof input>
const output = z.object({
  send: z
    .object({
      iun: z
        .string()
        .meta({ title: 'IUN', description: 'Identificativo univoco della notifica: la chiave di send.stato.' }),
      requestId: z.string().meta({ title: 'Richiesta', description: 'Identificativo della richiesta.' }),
      istante: z.iso.datetime().meta({ title: 'Istante', description: 'Quando SEND ha preso in carico la richiesta.' }),
    })
    .meta({ title: 'SEND', description: 'La notifica accettata.' }),
})
/** What the ledger keeps of the request. */
const askedSchema = z.object({ requestId: z.string(), istante: z.iso.datetime() })

export interface NotifyOptions
  extends Pick<Connectors, 'notifications' | 'noticeStreams' | 'noticeInbox' | 'ledger' | 'documents'> {
  readonly town: Pick<Town, 'notifiche'>
  /** Business time, epoch milliseconds. */
  readonly now: () => number
}

export const notifyThroughSend = (options: NotifyOptions): Worker<Notice, z.infer<typeof output>> => ({
  type: 'send.notifica',
  title: 'Notifica con SEND',
  purpose: 'Notifica documenti con valore legale attraverso la piattaforma SEND: per PEC, o per raccomandata.',
  effect: notificationEffects.request,
  input,
  output,
  errors: { [REFUSED]: 'SEND rifiuta la richiesta, o il comune non lo usa; motivi dice perché' },
  async handle(notice, job) {
    const { pratica } = notice
    const account = options.town.notifiche.send
    if (account === null) throw refusal([{ codice: 'NON_ATTIVA', dettaglio: 'il comune non notifica con SEND' }])
    const fault = faultOf(notice)
    if (fault !== null) throw refusal([{ codice: 'DESTINATARIO', dettaglio: fault }])
    const papers = await papersOf(options.documents, notice.documenti)
    await streamOf(options)
    const key = effectKey(pratica, job)
    const asked = await perform(options.ledger, {
      ...{ key, operation: 'send.notifica', outcome: askedSchema, class: notificationEffects.request },
      call: () => ask(notice, { key, account, papers }, options),
    })
    await options.noticeInbox.expect(asked.requestId, pratica.id)
    const progress = await progressOf(asked, options)
    switch (progress.stato) {
      case 'WAITING':
        throw new Unsettled('send.notifica', progress.riprovaMs)
      case 'REFUSED':
        throw refusal(progress.motivi)
      case 'ACCEPTED':
        return { send: { iun: progress.iun, ...asked } }
    }
  },
})

const refusal = (motivi: readonly RefusalReason[]): BpmnError => {
  const reasons = motivi.map(({ codice, dettaglio }) => `${codice}: ${dettaglio}`).join('; ')
  return new BpmnError(REFUSED, `SEND rifiuta la notifica: ${reasons}`, { motivi })
}

const TAX_CODE = /^(?:[A-Z]{6}[0-9L-NP-V]{2}[A-Z][0-9L-NP-V]{2}[A-Z][0-9L-NP-V]{3}[A-Z]|\d{11})$/
/** Latin-1 without what separates fields. */
const NAME = /^[ -{}~\u00a0-ÿ]{1,88}$/

/** What SEND would refuse of the recipient before any judgement; null when nothing. */
function faultOf({ destinatario: { tipo, cf, nome } }: Notice): string | null {
  if (!cf || !TAX_CODE.test(cf)) return 'manca un codice fiscale'
  if (tipo === 'PG' && cf.length !== 11) return 'il codice fiscale non è di una persona giuridica'
  return NAME.test(nome) ? null : 'il nome è troppo lungo, o ha caratteri che SEND non prende'
}

type Account = NonNullable<Town['notifiche']['send']>

async function ask(
  notice: Notice,
  {
    key,
    account,
    papers,
  }: { readonly key: string; readonly account: Account; readonly papers: readonly StoredDocument[] },
  { notifications, documents, now }: NotifyOptions,
) {
  const { pratica, oggetto, raccomandata, daPagare } = notice
  const tassonomia = notice.tassonomia ?? account.tassonomia
  const [first, ...rest] = await notifications.upload(await contentsOf(documents, papers))
  const requestId = await notifications.request({
    ...{ protocollo: referenceOf(pratica), token: printable(key), oggetto, tassonomia, raccomandata },
    ...{ destinatario: recipientOf(notice, account), documenti: [first as UploadedDocument, ...rest] },
    ...(daPagare && { avviso: daPagare }),
  })
  return { requestId, istante: new Date(now()).toISOString() }
}

/** A name in a diagram may have letters that the platform does not take in a token. */
const printable = (key: string): string =>
  key.replace(/[^ -~]/gu, (character) => `=${Buffer.from(character).toString('hex')}`)

function recipientOf({ destinatario }: Notice, { luogo }: Account) {
  const { tipo, cf, nome, domicilioDigitale, indirizzo } = destinatario
  return {
    ...{ tipo, codiceFiscale: cf ?? '', nome },
    ...(domicilioDigitale && { domicilioDigitale }),
    ...(indirizzo && { indirizzo: addressOf(indirizzo, luogo) }),
  }
}

function addressOf(
  { via, civico, comune, presso, ...rest }: NonNullable<Notice['destinatario']['indirizzo']>,
  luogo: Account['luogo'],
) {
  const isHere = !comune || comune.toLowerCase() === luogo.comune.toLowerCase()
  const [cap, provincia] = isHere
    ? [rest.cap || luogo.cap, rest.provincia || luogo.provincia]
    : [rest.cap, rest.provincia]
  return {
    ...{ indirizzo: [via, civico].filter(Boolean).join(' '), comune: comune || luogo.comune },
    ...(cap && { cap }),
    ...(provincia && { provincia }),
    ...(presso && { presso }),
  }
}

/** Nothing has left yet: what is missing stops the practice before a word is sent, what SEND does not take is notified otherwise. */
async function papersOf(
  documents: Connectors['documents'],
  ids: readonly string[],
): Promise<readonly StoredDocument[]> {
  const papers = await Promise.all(
    ids.map(async (id) => {
      const described = await documents.describe(id)
      if (described !== null) return described
      throw new Refused('DOCUMENTO', `Expected document ${id} in the store, but it is not there. Correct the ids.`)
    }),
  )
  const other = papers.find(({ tipo }) => tipo !== 'application/pdf')
  if (other) throw refusal([{ codice: 'DOCUMENTO', dettaglio: `${other.nome} non è un PDF` }])
  const bytes = papers.reduce((sum, { byte }) => sum + byte, 0)
  if (bytes <= DOCUMENTS_BYTES_MAX) return papers
  throw refusal([{ codice: 'DOCUMENTO', dettaglio: `i documenti superano ${DOCUMENTS_BYTES_MAX} byte` }])
}

async function contentsOf(
  documents: Connectors['documents'],
  papers: readonly StoredDocument[],
): Promise<readonly NoticeDocument[]> {
  const found: NoticeDocument[] = []
  for (const { id, nome } of papers)
    found.push({ titolo: nome, content: (await documents.read(id)) ?? new Uint8Array() })
  return found
}

/** What the stream has told; SEND itself is asked only when it is late. */
async function progressOf(
  { requestId, istante }: z.infer<typeof askedSchema>,
  { noticeInbox, notifications, now }: NotifyOptions,
): Promise<RequestProgress> {
  const told = await noticeInbox.judgementOf(requestId)
  if (told?.stato === 'REFUSED') return { stato: 'REFUSED', motivi: told.motivi }
  if (told?.iun) return { stato: 'ACCEPTED', iun: told.iun }
  if (now() - Date.parse(istante) < ASKED_AFTER_MS) return { stato: 'WAITING', riprovaMs: LOOK_MS }
  return notifications.progressOf(requestId)
}
