/**
 * How each platform of a town is reached, and what it knows us by: passwords and keys are in it. Owns the shape and its check, for
 * what is read from a file (`ITER_SANDBOXES`). Does not own what a connector does with its part.
 */
import { z } from 'zod'
import { CSC_PROTOCOLS, type SigningSettings } from './firma/types.ts'
import { segregationSchema } from './pagopa/notice.ts'
import { eserviceSchema, settingsSchema } from './pdnd/settings.ts'
import type { Eservice, PdndSettings } from './pdnd/types.ts'
import type { PecServers } from './pec/types.ts'
import type { SealKey } from './protocollo/seal.ts'
import type { RestService } from './rest/types.ts'
import type { SendService } from './send/types.ts'

/** A server as one connects to it. */
interface Server {
  readonly host: string
  readonly port: number
}

export interface Platforms {
  readonly protocollo: { readonly url: string; readonly sigillo: SealKey }
  readonly conservazione: {
    readonly url: string
    readonly ambiente: string
    readonly userId: string
    readonly password: string
  }
  /** The public notice board; its address is the page that people read. */
  readonly albo: { readonly url: string }
  /** The town's demographic software. */
  readonly anagrafe: { readonly url: string }
  readonly pdnd: PdndSettings
  /** C001 of ANPR, through the exchange. */
  readonly anpr: Eservice
  readonly inad: Eservice
  readonly mail: { readonly url: string; readonly smtp: Server }
  readonly pec: PecServers & { readonly url: string }
  /** The town's service on App IO, with its key. */
  readonly io: { readonly url: string; readonly chiave: string }
  /** pagoPA's gateway; the key is bound to the body and to the segregation code of its notices. */
  readonly pagopa: {
    readonly url: string
    readonly chiave: string
    readonly ente: { readonly codiceFiscale: string; readonly nome: string }
    readonly segregazione: string
    /** The account on which what is owed arrives, known to pagoPA. */
    readonly iban: string
    /** The version of GPD; 3 when absent. */
    readonly gpd?: 'v1' | 'v3' | undefined
  }
  /** The town's map: a server of OGC API - Features, and the token that may write occupations there. */
  readonly gis: { readonly url: string; readonly gettone: string }
  /** Legal notices. */
  readonly send: SendService
  /** The account with Twilio. */
  readonly sms: {
    readonly url: string
    readonly accountSid: string
    readonly authToken: string
    readonly mittente: string
  }
  /** The town's other services, by the names its configured calls use. */
  readonly uffici: { readonly url: string; readonly servizi: Readonly<Record<string, RestService>> }
  /** Remote signature and seal (CSC or Aruba's ARSS). */
  readonly firma: SigningSettings
}

const text = z.string().min(1)
const url = z.url()
const server = z.strictObject({ host: text, port: z.int().min(1).max(65_535) })
const service = z.strictObject({
  url,
  rete: z.enum(['pubblica', 'privata', 'locale']),
  segreti: z.record(z.string(), z.string()),
})

const trust = {
  autorita: z.array(text),
  marca: z.strictObject({ url, utente: text.optional(), password: text.optional() }).optional(),
}
const csc = z.strictObject({
  ...{ ...trust, protocollo: z.enum(CSC_PROTOCOLS), url, token: text },
  pins: z.record(z.string(), z.string()),
})
const arss = z.strictObject({
  ...{ ...trust, protocollo: z.literal('arss'), url, dominio: text },
  utenze: z.record(z.string(), z.strictObject({ utente: text, password: text })),
  delegati: z.record(z.string(), z.strictObject({ titolare: text, utente: text, password: text, codice: text })),
})

const platformsSchema = z.strictObject({
  protocollo: z.strictObject({ url, sigillo: z.strictObject({ key: text, certificate: text }) }),
  conservazione: z.strictObject({ url, ambiente: text, userId: text, password: text }),
  albo: z.strictObject({ url }),
  anagrafe: z.strictObject({ url }),
  pdnd: settingsSchema,
  anpr: eserviceSchema,
  inad: eserviceSchema,
  mail: z.strictObject({ url, smtp: server }),
  pec: z.strictObject({
    ...{ url, smtp: server, imap: server, user: text, password: text, tlsAuthority: text.optional() },
    ...{ authorities: z.array(text), folders: z.array(text).min(1).optional() },
    settleMs: z.int().min(0).max(86_400_000).optional(),
  }),
  io: z.strictObject({ url, chiave: text }),
  pagopa: z.strictObject({
    ...{ url, chiave: text, segregazione: segregationSchema, iban: text, gpd: z.enum(['v1', 'v3']).optional() },
    ente: z.strictObject({ codiceFiscale: z.string().regex(/^\d{11}$/), nome: text }),
  }),
  gis: z.strictObject({ url, gettone: text }),
  send: z.strictObject({
    ...{ url, chiave: text, finalita: z.uuid().nullable(), gruppo: text.optional() },
    ente: z.strictObject({ codiceFiscale: z.string().regex(/^\d{11}$/), nome: z.string().min(1).max(88) }),
    costi: z
      .strictObject({
        ...{ spese: z.int().min(0).max(100), iva: z.int().min(0).max(100) },
        aggiornamento: z.enum(['SYNC', 'ASYNC']),
      })
      .optional(),
  }),
  sms: z.strictObject({ url, accountSid: text, authToken: text, mittente: text }),
  uffici: z.strictObject({ url, servizi: z.record(z.string(), service) }),
  firma: z.discriminatedUnion('protocollo', [csc, arss]),
}) satisfies z.ZodType<Platforms>

/** More wrong fields than these are one mistake: another file. */
const FAULTS_MAX = 3

/** `file`: what the text was read from. Throws an `Error` of one sentence that names the wrong fields and repeats no value. */
export function platformsIn(file: string, written: string): Platforms {
  const checked = platformsSchema.safeParse(jsonIn(written))
  if (checked.success) return checked.data
  const faults = checked.error.issues.map(({ path, message }) => `${path.join('.') || 'its whole'}: ${message}`)
  const more = faults.length > FAULTS_MAX ? ` and ${faults.length - FAULTS_MAX} more` : ''
  throw new Error(
    `Expected ${file} to say how each platform is reached, but ${faults.slice(0, FAULTS_MAX).join('; ')}${more}. Write it as connectors/sandboxes.ts prints it.`,
  )
}

/** What is no JSON has no field to name. */
function jsonIn(written: string): unknown {
  try {
    return JSON.parse(written)
  } catch {
    return undefined
  }
}
