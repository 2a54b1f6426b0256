/**
 * The municipality that runs the procedures: its calendar, offices, people and the person responsible for each procedure.
 * Owns the shape of the configuration file. Does not own counting rules (workers/termini) or authorisation (forms/server).
 */
import { z } from 'zod'
import { checkedFile } from './json-file.ts'
import { restCallsSchema } from './rest-calls.ts'

/** A day of any year; 29 February is one. */
const monthDay = z.string().refine((text) => z.iso.date().safeParse(`2024-${text}`).success, 'expected a day as MM-DD')
const plainDate = z.iso.date()

const calendarSchema = z.strictObject({
  /** National holidays: no working day, and a term that ends on one rolls. */
  festivita: z.array(z.strictObject({ giorno: monthDay, nome: z.string(), dal: z.int().optional() })),
  lunediDellAngelo: z.boolean(),
  /** No working day, but rolls nothing. */
  patrono: z.strictObject({ giorno: monthDay, nome: z.string() }),
  /** Extraordinary closures of the offices: no working day, but roll nothing. */
  chiusure: z.array(plainDate),
  sabatoLavorativo: z.boolean(),
  /** Whether a term that ends on a Sunday or holiday moves to the next day that is neither. */
  slitta: z.boolean(),
  /** Choices above that rest on law not yet confirmed; shown to the user as such. */
  daVerificare: z.array(z.string()),
})

const officeSchema = z.strictObject({ gruppo: z.string(), nome: z.string(), email: z.email() })

const spidSchema = z.strictObject({
  dateOfBirth: plainDate,
  /** Code of the comune or state. */
  placeOfBirth: z.string().length(4),
  mobilePhone: z.string(),
  digitalAddress: z.email().optional(),
  domicileStreetAddress: z.string(),
  domicilePostalCode: z.string(),
  domicileMunicipality: z.string(),
  domicileProvince: z.string().length(2),
})
export const SPID_ATTRIBUTES = Object.keys(spidSchema.shape)

const personSchema = z.strictObject({
  id: z.string(),
  ruolo: z.enum(['cittadino', 'operatore', 'amministratore']),
  nome: z.string(),
  cognome: z.string(),
  codiceFiscale: z.string().length(16).optional(),
  email: z.email(),
  /** What SPID says of a sample person besides name and tax code, by SPID's names. */
  spid: spidSchema.optional(),
  /** Candidate groups of the user tasks this person may work on. */
  gruppi: z.array(z.string()),
})

const procedureSchema = z.strictObject({
  /** The BPMN process id. */
  id: z.string(),
  nome: z.string(),
  /** Id of the person responsible for the proceeding (RUP, L. 241/1990 art. 5). */
  responsabile: z.string(),
  /** Candidate group of the office in charge. */
  ufficio: z.string(),
  /** Class of its files: a code of the classification scheme. */
  classifica: z.string(),
  /** How many years its files are kept after their end; null for ever (massimario di scarto). */
  conservazioneAnni: z.int().min(1).nullable(),
})

const protocolSchema = z.strictObject({
  /** The classification scheme (titolario di classificazione): the classes that procedures use. */
  titolario: z.array(z.strictObject({ codice: z.string(), voce: z.string() })),
  emergenza: z.strictObject({
    /** Who opens the emergency register when the protocol is down: the rule in `estremi`, for a day, or a person each time. */
    apertura: z.enum(['AUTOMATICA', 'RESPONSABILE']),
    causa: z.string().min(1),
    /** The standing act that authorises it. */
    estremi: z.string().min(1),
  }),
  /** Choices that rest on law or practice not yet confirmed; shown to the user as such. */
  daVerificare: z.array(z.string()),
})

const taxonomyCode = z
  .string()
  .regex(/^9\/\d{7}[A-Z]{2}\/$/, "expected a code of pagoPA's taxonomy such as 9/0301100TS/")

/** By what pagoPA knows the revenue that a line of a notice is. */
const paymentsSchema = z.strictObject({
  /** By the line's name. */
  tassonomie: z.record(z.string(), taxonomyCode),
  /** Of any other line. */
  tassonomia: taxonomyCode,
  /** Choices that are not yet confirmed; shown to the user as such. */
  daVerificare: z.array(z.string()),
})

/** How a notice goes that no certified mailbox has received. */
const noticesSchema = z.strictObject({
  /** Null: the body does not notify through SEND, the messenger does. */
  send: z
    .strictObject({
      /** Of what the body notifies, by SEND's taxonomy. */
      tassonomia: z.string().regex(/^\d{6}[A-Z]$/, "expected a code of SEND's taxonomy such as 010202N"),
      /** What an address lacks that names no other municipality. */
      luogo: z.strictObject({
        comune: z.string().min(1),
        cap: z.string().regex(/^\d{5}$/, 'expected five digits'),
        provincia: z.string().length(2),
      }),
    })
    .nullable(),
  /** Choices that are not yet confirmed; shown to the user as such. */
  daVerificare: z.array(z.string()),
})

/** A question that diagrams may put to an e-service of the PDND, by its name. What it may ask is fixed here, not in a diagram. */
const querySchema = z.strictObject({
  nome: z.string().regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/, 'expected a name such as inad.verifica'),
  /** What it is for, as people read it. */
  scopo: z.string(),
  /** The e-service, by its name in the platforms' settings. */
  eservice: z.string(),
  metodo: z.enum(['GET', 'POST']),
  /** Below the e-service's address; `{name}` stands for a parameter. */
  percorso: z.string().regex(/^(?:\/(?:[\w.~-]+|\{\w+\}))+$/, 'expected a path such as /verify/{codice_fiscale}'),
  /** Names of the parameters that follow the path. */
  query: z.array(z.string().regex(/^\w+$/)).default([]),
})

/** Where citizens turn to, as the foot of every page says. */
const contactsSchema = z.strictObject({
  telefono: z.string(),
  /** Of the town's booking of appointments; without it offices are written to. */
  appuntamenti: z.url().optional(),
  /** AgID's page with the declaration of this site (L. 4/2004 art. 3-quater). */
  dichiarazioneAccessibilita: z.url(),
})

const townSchema = z.strictObject({
  id: z.string(),
  nome: z.string(),
  /** The municipality's ISTAT code, as ANPR writes it. */
  codiceIstat: z.string().regex(/^\d{6}$/, 'expected six digits'),
  codiceIpa: z.string(),
  codiceAoo: z.string(),
  codiceFiscale: z.string().length(11),
  email: z.email(),
  /** Certified address, from which notices go out. */
  pec: z.email(),
  sito: z.url(),
  contatti: contactsSchema,
  calendario: calendarSchema,
  protocollo: protocolSchema,
  pagamenti: paymentsSchema,
  notifiche: noticesSchema.default({ send: null, daVerificare: [] }),
  uffici: z.array(officeSchema),
  persone: z.array(personSchema),
  procedimenti: z.array(procedureSchema),
  interrogazioni: z.array(querySchema).default([]),
  /** Origins whose pages a form may show within ours, e.g. `https://mappe.comune.example`. */
  pagineEsterne: z.array(z.url({ protocol: /^https$/ })).default([]),
  chiamate: restCallsSchema,
})

export type TownCalendar = z.infer<typeof calendarSchema>
export type Office = z.infer<typeof officeSchema>
export type Person = z.infer<typeof personSchema>
export type EserviceQuestion = z.infer<typeof querySchema>
export type Town = z.infer<typeof townSchema>

export const SAMPLE_TOWN = new URL('./comune-di-esempio.json', import.meta.url)

/** Reads and checks a municipality's configuration. Throws an `Error` that names the file and each wrong field. */
export const loadTown = async (file: URL | string = SAMPLE_TOWN): Promise<Town> =>
  checkedFile(file, townSchema, 'describe a municipality')

/** The same of a file that holds a calendar alone, as the part `calendario` of a municipality's does. */
export const loadCalendar = async (file: string): Promise<TownCalendar> =>
  checkedFile(file, calendarSchema, 'be the calendar of a town')
