/**
 * A file that somebody attached: as a variable holds it, and as a page carries it between two posts.
 * Owns: both shapes. Does not own: whether a token is ours (upload/token.ts), the content (connectors/documents).
 */
import { type Context, isContext, isList, type Value } from '../../../engine/feel/index.ts'

/** As variables hold it; the content never travels in them. */
export interface Attachment {
  readonly id: string
  readonly nome: string
  readonly tipo: string
  /** SHA-256, base64. */
  readonly impronta: string
  /** Not in variables; null when it is not known here. */
  readonly byte: number | null
}

const NAMES = ['id', 'nome', 'tipo', 'impronta'] as const

export const asVariable = (attachment: Attachment): Context => new Map(NAMES.map((name) => [name, attachment[name]]))

/** Null when the value describes no document. */
export function attachmentOf(value: Value): Attachment | null {
  if (!isContext(value)) return null
  const [id, nome, tipo, impronta] = NAMES.map((name) => value.get(name))
  return typeof id === 'string' && id !== '' && typeof nome === 'string'
    ? { id, nome, tipo: textOr(tipo, ''), impronta: textOr(impronta, ''), byte: null }
    : null
}
const textOr = (value: Value | undefined, other: string): string => (typeof value === 'string' ? value : other)

/** A list of descriptions, or one alone; whatever is none is left out. */
export function attachmentsIn(value: Value | undefined): readonly Attachment[] {
  const items = value === undefined || value === null ? [] : isList(value) ? value : [value]
  return items.map(attachmentOf).filter((one) => one !== null)
}

/**
 * What a token says, without asking whether it is ours: enough to show a file. Whoever stores or submits asks
 * `Filling.attachment`, which on the server knows.
 */
export function saidBy(token: string): Attachment | null {
  try {
    const bytes = atob(token.split('.', 1)[0]!.replaceAll('-', '+').replaceAll('_', '/'))
    const said: unknown = JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (one) => one.charCodeAt(0))))
    return isAttachment(said) ? said : null
  } catch {
    return null
  }
}

function isAttachment(said: unknown): said is Attachment {
  if (typeof said !== 'object' || said === null) return false
  const given: Readonly<Record<string, unknown>> = { ...said }
  return NAMES.every((name) => typeof given[name] === 'string') && typeof given.byte === 'number'
}

/** Where it can be read; the token shows that it is the asker's own as long as it belongs to no practice. */
export const addressOf = ({ id }: Attachment, token: string | null = null): string =>
  `${DOCUMENTS}/${encodeURIComponent(id)}${token === null || token === id ? '' : `?prova=${encodeURIComponent(token)}`}`
export const DOCUMENTS = '/documenti'
