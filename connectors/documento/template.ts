/**
 * A document's template: Handlebars over the markup of markup.ts, filled with the data of a practice.
 *
 * Owns the filling in. Does not own the files (workers/documento) or the page (writer.ts).
 * Invariants
 * T1 Data is data: every value is escaped as it is put in, so that it never is markup, let alone template.
 * T2 A value that is missing is an error that names it: no document goes out with a hole. Asking for it with {{#if}} is no error.
 * T3 Code in a template is what is listed here; raw values, decorators and other helpers are refused when it is read. A part
 *    ({{> name}}) is a template of the same folder, read the same way.
 */
import handlebars from 'handlebars'
import { escapeMarkup } from './markup.ts'

export type DocumentData = Readonly<Record<string, unknown>>
/** The markup with the data in it. Throws `TemplateError`. */
export type Template = (data: DocumentData) => string

/** The template does not fit its data, or is no template. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
}

/** What a template may call, beside if, unless, each, with and lookup. */
const HELPERS = {
  giorno: (value: unknown) => formatted(longDay, value),
  istante: (value: unknown) => formatted(dayAndTime, value),
  euro: (value: unknown) =>
    typeof value === 'number' || typeof value === 'string' ? euros.format(Number(value)) : value,
  uguale: (one: unknown, other: unknown) => one === other,
  scelta: (value: unknown, { hash }: handlebars.HelperOptions) =>
    typeof value === 'string' && Object.hasOwn(hash, value) ? (hash as Record<string, unknown>)[value] : undefined,
} as const
const BLOCKS = ['if', 'unless', 'each', 'with', 'lookup'] as const
/** Ours: puts a value in. No template may name it. */
const PUT = 'iter:put'

const zone = { timeZone: 'Europe/Rome' } as const
const longDay = new Intl.DateTimeFormat('it-IT', { dateStyle: 'long', ...zone })
const dayAndTime = new Intl.DateTimeFormat('it-IT', { dateStyle: 'long', timeStyle: 'short', ...zone })
const euros = new Intl.NumberFormat('it-IT', { style: 'currency', currency: 'EUR' })

/** An ISO day or instant as Italians write it; what is no text is left for `put` to complain of. */
const formatted = (format: Intl.DateTimeFormat, value: unknown): unknown =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? format.format(new Date(value)) : value

export interface TemplateSource {
  /** The template, as in its file. */
  readonly text: string
  /** What it may take in by name: `{{> name}}`. */
  readonly parts: Readonly<Record<string, string>>
}

/** Reads a template once, to fill it often. Throws `TemplateError`. */
export function template({ text, parts }: TemplateSource): Template {
  const environment = handlebars.create()
  for (const [name, helper] of Object.entries(HELPERS)) environment.registerHelper(name, helper)
  environment.registerHelper(PUT, put)
  const known = Object.fromEntries([PUT, ...Object.keys(HELPERS), ...BLOCKS].map((name) => [name, true]))
  const options = { noEscape: true, knownHelpersOnly: true, knownHelpers: known, preventIndent: true }
  const read = (source: string) => environment.compile<DocumentData>(guarded(source), options)
  for (const [name, source] of Object.entries(parts)) environment.registerPartial(name, read(source))
  const fill = read(text)
  return (data) => {
    try {
      return fill(data)
    } catch (error) {
      throw error instanceof TemplateError ? error : new TemplateError(messageOf(error))
    }
  }
}

/** The template as a tree in which every value passes through `put`. */
function guarded(source: string): hbs.AST.Program {
  const program = treeOf(source)
  return { ...program, body: program.body.map(guard) }
}

/** The template as it stands. Throws `TemplateError`. */
export function treeOf(source: string): hbs.AST.Program {
  try {
    return handlebars.parse(source)
  } catch (error) {
    throw new TemplateError(messageOf(error))
  }
}

/** The text of the part that is taken in. Throws `TemplateError`. */
export function partOf(parts: TemplateSource['parts'], { name, loc }: hbs.AST.PartialStatement): string {
  const text = 'original' in name ? parts[String(name.original)] : undefined
  if (text !== undefined) return text
  throw new TemplateError(
    `Expected the part on line ${loc.start.line} to be a file of the same folder whose name begins with "_", but there is none.`,
  )
}

const isMustache = (node: hbs.AST.Statement): node is hbs.AST.MustacheStatement => node.type === 'MustacheStatement'
const isBlock = (node: hbs.AST.Statement): node is hbs.AST.BlockStatement => node.type === 'BlockStatement'
const HARMLESS: ReadonlySet<string> = new Set(['ContentStatement', 'CommentStatement', 'PartialStatement'])

function guard(node: hbs.AST.Statement): hbs.AST.Statement {
  if (isBlock(node)) {
    const inside = (program: hbs.AST.Program): hbs.AST.Program =>
      program && { ...program, body: program.body.map(guard) }
    return { ...node, program: inside(node.program), inverse: inside(node.inverse) } as hbs.AST.BlockStatement
  }
  if (isMustache(node) && node.escaped) return putting(node)
  if (HARMLESS.has(node.type)) return node
  throw new TemplateError(
    `Expected values, if, unless, each, with and parts alone, but line ${node.loc.start.line} has another (${node.type}). Remove it.`,
  )
}

/** `{{a b c=d}}` becomes `{{put (a b c=d) "a" line}}`. */
function putting(node: hbs.AST.MustacheStatement): hbs.AST.MustacheStatement {
  const { path, params, hash, loc } = node
  const isCall = params.length > 0 || (hash?.pairs.length ?? 0) > 0
  const call = { type: 'SubExpression', path, params, hash, loc } as hbs.AST.SubExpression
  const named = isCall ? params[0] : path
  const name = named && 'original' in named ? String(named.original) : 'a value'
  const text = { type: 'StringLiteral', value: name, original: name, loc } as hbs.AST.StringLiteral
  const line = { type: 'NumberLiteral', value: loc.start.line, original: loc.start.line, loc } as hbs.AST.NumberLiteral
  const putPath = {
    type: 'PathExpression',
    data: false,
    depth: 0,
    parts: [PUT],
    original: PUT,
    loc,
  } as hbs.AST.PathExpression
  return { ...node, path: putPath, params: [isCall ? call : path, text, line], hash: undefined as never }
}

function put(value: unknown, name: string, line: number): string {
  switch (typeof value) {
    case 'string':
      if (value.trim() !== '') return escapeMarkup(value)
      break
    case 'number':
    case 'bigint':
      return escapeMarkup(String(value))
    case 'boolean':
      return value ? 'sì' : 'no'
    case 'object':
    case 'undefined':
    case 'function':
    case 'symbol':
      break
  }
  throw new TemplateError(
    `Expected a text or a number for {{${name}}} on line ${line}, but found ${value === undefined || value === null || value === '' ? 'none' : 'another'}. Give the document its data.`,
  )
}

const messageOf = (error: unknown): string =>
  `Expected a template of a document, but ${error instanceof Error ? error.message : String(error)}`
