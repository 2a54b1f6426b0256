/**
 * What an effect of a worker looks like in the journal of the platform that has it: one row for each kind of effect.
 *
 * Owns which worker leaves which trace. Does not own what is wrong with it (judge.ts) nor what a worker declares (workers).
 * Invariant: a trace is read from the platform's journal alone; what makes two of its lines the same effect is what the effect is for,
 * not the key that we gave it, wherever the platform does not keep that key.
 */
import type { Journals, Keeper } from './journals.ts'

/** A person whose practice it is, as the platforms know them. */
export interface Known {
  readonly id: string
  readonly cf: string
  readonly email: string | null
  readonly cell: string | null
}
export interface Applied {
  /** Null where the platform is not told. */
  readonly practice: string | null
  /** Two lines with the same one are the same effect, done twice. Null where nothing tells one from another. */
  readonly identity: string | null
}
export interface Trace {
  /** Job types. */
  readonly types: readonly string[]
  readonly platform: Keeper
  /** The platform's operation, by which faults are planned. */
  readonly operation: string
  /** How often a practice may have it: as often as it has jobs of these types, or acts, or once. */
  readonly atMost: 'once per job' | 'once per act' | 'once per practice'
  /** A job of these types that completed has done it; else it may have said that it was not done. */
  readonly isCertain: boolean
  applied(journals: Journals, people: readonly Known[]): readonly Applied[]
}

/** Of a key that begins with the practice; only the practice's own part has no slash in an ordeal. */
const practiceIn = (key: string): string => key.slice(0, key.indexOf('/'))
const keyed = (key: string): Applied => ({ practice: practiceIn(key), identity: key })

const perJob = { atMost: 'once per job', isCertain: true } as const
const perPractice = { atMost: 'once per practice', isCertain: true } as const

const registrations = ({ protocollo }: Journals) =>
  protocollo.flatMap((line) => (line.operazione === 'registra' ? [line.registrazione] : []))
const practiceOfEntry = (journals: Journals, anno: number, numero: string): string | null => {
  const entry = registrations(journals).find((each) => each.anno === anno && each.numero === numero)
  return entry ? practiceIn(entry.riferimento) : null
}
const practiceOfFile = ({ protocollo }: Journals, code: string): string | null => {
  const opening = protocollo.find((line) => line.operazione === 'apri-fascicolo' && line.codice === code)
  return opening?.operazione === 'apri-fascicolo' ? practiceIn(opening.riferimento) : null
}

const PROTOCOL: readonly Trace[] = [
  {
    // An entry of the emergency register is the same entry, registered later.
    ...{ types: ['protocollo.registra', 'emergenza.recupera'], platform: 'protocollo', operation: 'registra' },
    ...perJob,
    applied: (journals) => registrations(journals).map(({ riferimento }) => keyed(riferimento)),
  },
  {
    ...{ types: ['protocollo.annulla'], platform: 'protocollo', operation: 'annulla', ...perJob },
    applied: (journals) =>
      journals.protocollo.flatMap((line) =>
        line.operazione === 'annulla'
          ? [{ practice: practiceOfEntry(journals, line.anno, line.numero), identity: `${line.numero}/${line.anno}` }]
          : [],
      ),
  },
  {
    ...{ types: ['fascicolo.crea'], platform: 'protocollo', operation: 'apri-fascicolo', ...perPractice },
    applied: ({ protocollo }) =>
      protocollo.flatMap((line) => (line.operazione === 'apri-fascicolo' ? [keyed(line.riferimento)] : [])),
  },
  {
    ...{ types: ['fascicolo.aggiungi'], platform: 'protocollo', operation: 'inserisci-fascicolo', ...perPractice },
    applied: (journals) =>
      journals.protocollo.flatMap((line) =>
        line.operazione === 'inserisci-fascicolo'
          ? [
              {
                practice: practiceOfFile(journals, line.codice),
                identity: `${line.codice} ${line.numero}/${line.anno}`,
              },
            ]
          : [],
      ),
  },
  {
    ...{ types: ['fascicolo.chiudi'], platform: 'protocollo', operation: 'chiudi-fascicolo', ...perPractice },
    applied: (journals) =>
      journals.protocollo.flatMap((line) =>
        line.operazione === 'chiudi-fascicolo'
          ? [{ practice: practiceOfFile(journals, line.codice), identity: line.codice }]
          : [],
      ),
  },
]

const population = (operation: 'registra' | 'ripristina'): Trace => ({
  ...{ types: [`anpr.${operation}`], platform: 'anagrafe', operation, ...perPractice },
  applied: ({ anagrafe }) =>
    anagrafe.filter(({ operazione }) => operazione === operation).map(({ riferimento }) => keyed(riferimento)),
})

type Office = Journals['uffici'][number]['servizio']
/** Where the service keeps no key of ours, nothing tells one entry from its repeat but their number. */
const told = (servizio: Office, types: readonly string[]): Trace => ({
  ...{ types, platform: 'uffici', operation: `${servizio}.registra`, ...perJob },
  applied: ({ uffici }) =>
    uffici.flatMap((line) =>
      line.operazione === 'registra' && line.servizio === servizio
        ? [{ practice: line.pratica, identity: line.chiave }]
        : [],
    ),
})
/** A practice has one entry at each office: what takes it back is one as well. */
const takenBack = (servizio: Office, type: string): Trace => ({
  ...{ types: [type], platform: 'uffici', operation: `${servizio}.annulla` },
  ...{ atMost: 'once per practice', isCertain: false },
  applied: ({ uffici }) =>
    uffici.flatMap((line) =>
      line.operazione === 'annulla' && line.servizio === servizio
        ? [{ practice: line.pratica, identity: line.riferimento }]
        : [],
    ),
})

const OFFICES: readonly Trace[] = [
  told('tributi', ['tari.registra']),
  takenBack('tributi', 'tari.annulla'),
  told('scuola', ['scuola.notifica']),
  takenBack('scuola', 'scuola.annulla'),
  told('sociale', ['sociale.notifica']),
  takenBack('sociale', 'sociale.annulla'),
  told('motorizzazione', ['motorizzazione.comunica']),
  takenBack('motorizzazione', 'motorizzazione.annulla'),
  // A job that calls what is configured makes the same call in an ordeal.
  told('utenze', ['utenze.inoltra', 'rest.chiama']),
]

/** The service's own journal tells whose key signed; of the people's, which act it was only the acts can tell (judge-signatures.ts). */
const signatures = (types: readonly string[], isSeal: boolean, atMost: Trace['atMost']): Trace => ({
  ...{ types, platform: 'firma', operation: 'signatures/signHash', atMost, isCertain: true },
  applied: ({ firma }) =>
    firma.flatMap((line) =>
      line.kind === 'signed' && (line.credentialID === SEAL) === isSeal
        ? [{ practice: null, identity: `${line.credentialID} ${line.hash}` }]
        : [],
    ),
})
const SEAL = 'cred.ente'

/** Mail carries the key of its effect, its slashes turned into dots. */
const keyOfMail = (raw: string): string => (/^Message-ID:\s*<([^@>]+)@/im.exec(raw)?.[1] ?? '').replaceAll('.', '/')

/** Nobody is told the key: a text is told to somebody once. */
const COURTESY = { operation: 'invia', atMost: 'once per job', isCertain: false } as const
const MESSAGES: readonly Trace[] = [
  {
    ...{ types: ['email.invia'], platform: 'mail', ...COURTESY },
    applied: ({ mail }) => mail.map(({ raw }) => keyed(keyOfMail(raw))),
  },
  {
    ...{ types: ['io.invia-messaggio'], platform: 'io', ...COURTESY },
    applied: ({ io }, people) =>
      io.flatMap((line) => {
        if (line.operazione !== 'messaggio') return []
        const { fiscal_code, content } = line.messaggio
        const practice = people.find(({ cf }) => cf === fiscal_code)?.id ?? null
        return [{ practice, identity: `${fiscal_code} ${content.subject} ${content.markdown}` }]
      }),
  },
  {
    ...{ types: ['sms.invia'], platform: 'sms', ...COURTESY },
    applied: ({ sms }, people) =>
      sms.map(({ to, body }) => ({
        practice: people.find(({ cell }) => cell === to)?.id ?? null,
        identity: `${to} ${body}`,
      })),
  },
]

/** Its receipts find the practice by the Message-ID, which holds the key of the effect. */
const practiceOfPec = (messageId: string): string => messageId.split('.')[1] ?? ''

/** pagoPA is not told whose practice it is. */
const PAYMENTS: readonly Trace[] = [
  {
    ...{ types: ['pagopa.crea-posizione'], platform: 'pagopa', operation: 'crea', ...perJob },
    applied: ({ pagopa }) =>
      pagopa.flatMap((line) =>
        line.operazione === 'posizione' ? [{ practice: null, identity: line.posizione.iupd }] : [],
      ),
  },
  {
    ...{ types: ['pagopa.annulla-posizione', 'pagopa.annulla-avvisi'], platform: 'pagopa', operation: 'annulla' },
    ...{ atMost: 'once per job', isCertain: false },
    applied: ({ pagopa }) =>
      pagopa.flatMap((line) => (line.operazione === 'annullata' ? [{ practice: null, identity: line.iupd }] : [])),
  },
]

const onMap = (operation: 'registra' | 'rimuovi'): Trace => ({
  ...{ types: [`gis.${operation}`], platform: 'gis', operation, ...perPractice },
  applied: ({ gis }) =>
    gis.flatMap(({ operazione, riferimento }) =>
      operazione === operation ? [{ practice: riferimento, identity: riferimento }] : [],
    ),
})

export const TRACES: readonly Trace[] = [
  ...PROTOCOL,
  population('registra'),
  population('ripristina'),
  ...OFFICES,
  {
    ...{ types: ['archivio.versa'], platform: 'conservazione', operation: 'versa', ...perPractice },
    applied: (journals) =>
      journals.conservazione.map(({ urn, chiave }) => ({
        practice: practiceOfEntry(journals, chiave.anno, chiave.numero),
        identity: urn,
      })),
  },
  {
    ...{ types: ['albo.pubblica'], platform: 'albo', operation: 'pubblica', ...perJob },
    applied: ({ albo }) => albo.map(({ riferimento }) => keyed(riferimento)),
  },
  {
    ...{ types: ['pec.invia'], platform: 'pec', operation: 'invia', ...perJob },
    applied: ({ pec }) => pec.map(({ messageId }) => ({ practice: practiceOfPec(messageId), identity: messageId })),
  },
  {
    ...{ types: ['send.notifica'], platform: 'send', operation: 'richiedi', ...perJob },
    applied: ({ send }) =>
      send.flatMap((line) => (line.operazione === 'richiesta' ? [keyed(line.richiesta.idempotenceToken ?? '')] : [])),
  },
  {
    ...{ types: ['send.annulla'], platform: 'send', operation: 'annulla', atMost: 'once per job', isCertain: false },
    applied: ({ send }) =>
      send.flatMap((line) => (line.operazione === 'annullamento' ? [{ practice: null, identity: line.iun }] : [])),
  },
  signatures(['sigillo.appone'], true, 'once per job'),
  signatures(['firma.remota', 'firma.massiva'], false, 'once per act'),
  {
    ...{ types: ['firma.invia-otp'], platform: 'firma', operation: 'credentials/sendOTP' },
    ...{ atMost: 'once per job', isCertain: false },
    applied: ({ firma }) => firma.flatMap((line) => (line.kind === 'otp' ? [{ practice: null, identity: null }] : [])),
  },
  ...MESSAGES,
  ...PAYMENTS,
  onMap('registra'),
  onMap('rimuovi'),
]

/** Effects that no platform has: they are rows of the town's own database, under a key that is unique there. */
export const OWN: Readonly<Record<string, string>> = {
  'documento.genera': 'a document of the store, found again by the job that made it',
  'documento.timbra': 'a document of the store, found again by the job that made it',
  'protocollo.segnatura': 'a document of the store, found again by the job that made it',
  'contabilita.annota': 'rows of the accounts, found again by the job that made them',
  'pagopa.riconcilia': 'rows of the accounts, of flows and of awaited payments, each under a name of its own',
  'emergenza.registra': 'a row of the emergency register, found again by its reference',
  'emergenza.apri': 'the open interruption, of which there is one',
  'emergenza.chiudi': 'the end of an interruption, which it keeps',
  'messaggio.pubblica': 'a message of the engine, which knows its id while it lives',
}

/** Effects that an ordeal does not exercise, and why. Nothing is here without a reason. */
export const LEFT_OUT: Readonly<Record<string, string>> = {}
