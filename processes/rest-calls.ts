/**
 * The calls a town makes to services without a connector of their own, as its configuration describes them: `chiamate`, by name.
 * Owns the shape. Does not own how they are made (connectors/rest) or where the services are (the platforms).
 */
import { z } from 'zod'

/** Fixed characters of a path, and `{FEEL}`. */
const pathSchema = z
  .string()
  .regex(/^(?:\/(?:[\w.~:@+,;=-]|\{[^{}]+\})+)+\/?$/, 'expected a path from / on, with {…} for values')
  .refine((path) => !path.split('/').some((segment) => /^\.+$/.test(segment)), 'expected a path without . and ..')
const headerSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'expected the name of a header')
  .refine((name) => !GOVERNED.has(name.toLowerCase()), 'expected a header that is not of the connection')
/** Headers by which a request is delimited or led elsewhere. */
const GOVERNED: ReadonlySet<string> = new Set([
  ...['connection', 'content-length', 'expect', 'host', 'keep-alive', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade'],
])

const requestSchema = z.strictObject({
  percorso: pathSchema,
  query: z.record(z.string(), z.string()).optional(),
  risposta: z.record(z.string(), z.json()).default({}),
})
const effectSchema = z.discriminatedUnion('classe', [
  z.strictObject({ classe: z.enum(['none', 'neither']) }),
  /** By a header with our key, or by `chiave` elsewhere in the request. */
  z.strictObject({ classe: z.literal('keyed'), intestazione: headerSchema.optional() }),
  z.strictObject({
    classe: z.literal('findable'),
    /** A GET; it has found something when its `risposta` has a `riferimento`. */
    cerca: requestSchema,
    assestamentoMs: z.int().min(0).max(86_400_000).default(30_000),
  }),
])

const callSchema = requestSchema
  .extend({
    servizio: z.string().min(1),
    metodo: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
    intestazioni: z.record(headerSchema, z.string()).optional(),
    credenziale: z
      .strictObject({
        segreto: z.string(),
        intestazione: headerSchema.default('Authorization'),
        prefisso: z.string().default('Bearer '),
      })
      .optional(),
    /** JSON in which a text after `=` is FEEL. */
    corpo: z.json().optional(),
    attesaMs: z.int().min(100).max(20_000).default(10_000),
    effetto: effectSchema,
  })
  .refine(({ metodo, corpo }) => metodo !== 'GET' || corpo === undefined, 'expected a GET without a body')

export const restCallsSchema = z.record(z.string().regex(/^[a-z]+\.[a-z]+(?:-[a-z]+)*$/), callSchema)
