/**
 * A post in parts (`multipart/form-data`): its fields and its files, read as they come and never beyond a bound.
 *
 * Owns: bounds on parts, bytes and time; that nothing is kept of a post that is not ours. Does not own: what a file is (form/upload).
 * Invariants
 * M1 The token against forged posts comes before the first file, or the rest is not read.
 * M2 A file that is too big is read to its end and dropped, so that what was typed after it is not lost.
 * M3 All posts together hold at most HELD_MAX bytes; the next one is told to come again.
 */
import { Busboy, type BusboyFileStream } from '@fastify/busboy'
import type { Request, RequestHandler } from 'express'
import { FILE_BYTES_MAX } from '../form/files.ts'
import type { ReceivedFile } from '../form/upload/attachments.ts'
import type { RateLimit } from './rate-limit.ts'

const MEGA = 1024 * 1024
/** Of one post, with what is read and dropped. */
const POST_BYTES_MAX = 80 * MEGA
/** Of one post, kept while it is answered. */
const KEPT_BYTES_MAX = 32 * MEGA
/** Of all posts. */
const HELD_MAX = 192 * MEGA
const FIELD_BYTES_MAX = 200_000
const FIELDS_BYTES_MAX = MEGA
const FIELDS_MAX = 5_000
/** A control left empty sends a part too. */
const FILES_MAX = 300
/** 10 MB by a slow telephone. */
export const POST_MS_MAX = 180_000

export interface Parts {
  readonly fields: Readonly<Record<string, string | readonly string[]>>
  readonly files: readonly ReceivedFile[]
}

/** With the status that the shell answers. */
export class PartsRefused extends Error {
  override readonly name = 'PartsRefused'
  readonly status: 400 | 403 | 408 | 413 | 429
  constructor(status: PartsRefused['status']) {
    super(`Expected a post in parts within its bounds, but it is refused with ${status}.`)
    this.status = status
  }
}

export const isInParts = ({ method, headers }: Request): boolean =>
  method === 'POST' && /^multipart\/form-data\b/i.test(headers['content-type'] ?? '')

const filesByRequest = new WeakMap<Request, readonly ReceivedFile[]>()

/** What `partsReader` found in the request. */
export const filesOf = (request: Request): readonly ReceivedFile[] => filesByRequest.get(request) ?? []

/**
 * Reads a post in parts before the pages are asked: fields into the body, files beside it. A post of nobody is not read at all.
 * `csrfTokenOf`: what a post of this session must bear. `bears`: whether it does.
 */
export const partsReader =
  (
    csrfTokenOf: (request: Request) => Promise<string | null>,
    bears: (fields: Parts['fields'], csrfToken: string) => boolean,
    limit: RateLimit,
  ): RequestHandler =>
  async (request, response, next) => {
    const csrfToken = isInParts(request) ? await csrfTokenOf(request) : null
    if (csrfToken === null) return next()
    if (!limit.allows(csrfToken)) throw new PartsRefused(429)
    const { fields, files, release } = await receiveParts(request, (first) => bears(first, csrfToken))
    response.on('close', release)
    request.body = fields
    filesByRequest.set(request, files)
    next()
  }

let held = 0

/** `isOurs` is asked once, before the first file. Rejects with `PartsRefused`; whoever is done calls `release`. */
export async function receiveParts(
  request: Request,
  isOurs: (fields: Parts['fields']) => boolean,
): Promise<Parts & { release(): void }> {
  if (Number(request.headers['content-length'] ?? 0) > POST_BYTES_MAX) throw new PartsRefused(413)
  const reading = new Reading(isOurs)
  const release = () => reading.release()
  try {
    await reading.of(request)
    return { fields: reading.fields(), files: reading.files, release }
  } catch (error) {
    release()
    throw error
  }
}

class Reading {
  readonly files: ReceivedFile[] = []
  readonly #isOurs: (fields: Parts['fields']) => boolean
  readonly #texts = new Map<string, string[]>()
  #textBytes = 0
  #kept = 0
  #isKnown = false

  constructor(isOurs: (fields: Parts['fields']) => boolean) {
    this.#isOurs = isOurs
  }

  fields(): Parts['fields'] {
    return Object.fromEntries([...this.#texts].map(([name, texts]) => [name, texts.length === 1 ? texts[0]! : texts]))
  }

  release(): void {
    held -= this.#kept
    this.#kept = 0
  }

  async of(request: Request): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const parser = this.#parser(request, reject)
    const timer = setTimeout(() => reject(new PartsRefused(408)), POST_MS_MAX)
    let bytes = 0
    const count = (chunk: Buffer): void => {
      bytes += chunk.length
      if (bytes > POST_BYTES_MAX) reject(new PartsRefused(413))
    }
    parser.on('finish', () => resolve())
    parser.on('error', () => reject(new PartsRefused(400)))
    request.on('aborted', () => reject(new PartsRefused(400)))
    request.on('data', count)
    request.pipe(parser)
    try {
      await promise
    } finally {
      clearTimeout(timer)
      request.off('data', count)
      request.unpipe(parser)
    }
  }

  #parser({ headers }: Request, refuse: (error: PartsRefused) => void) {
    const type = headers['content-type'] ?? ''
    const limits = {
      fieldSize: FIELD_BYTES_MAX,
      fields: FIELDS_MAX,
      files: FILES_MAX,
      fileSize: FILE_BYTES_MAX,
      headerPairs: 20,
      headerSize: 8_192,
    }
    const isPartAFile = (_name: unknown, _type: unknown, fileName: string | undefined) => fileName !== undefined
    const parser = busboy({ headers: { ...headers, 'content-type': type }, limits, isPartAFile })
    for (const event of ['partsLimit', 'filesLimit', 'fieldsLimit'])
      parser.on(event, () => refuse(new PartsRefused(413)))
    parser.on('field', (name, text, _isNameCut, isCut) => {
      this.#textBytes += text.length
      if (isCut || this.#textBytes > FIELDS_BYTES_MAX) return refuse(new PartsRefused(413))
      if (name !== undefined) this.#texts.set(name, [...(this.#texts.get(name) ?? []), text])
    })
    parser.on('file', (control, stream, name, _encoding, declared) => {
      this.#isKnown ||= this.#isOurs(this.fields())
      if (!this.#isKnown) {
        stream.resume()
        return refuse(new PartsRefused(403))
      }
      this.#keep(stream, { control, name: name ?? '', declared }, refuse)
    })
    return parser
  }

  #keep(
    stream: BusboyFileStream,
    file: Pick<ReceivedFile, 'control' | 'name' | 'declared'>,
    refuse: (error: PartsRefused) => void,
  ): void {
    const pieces: Buffer[] = []
    let isTooMuch = false
    stream.on('data', (piece: Buffer) => {
      isTooMuch ||= this.#kept + piece.length > KEPT_BYTES_MAX
      if (isTooMuch) return
      if (held + piece.length > HELD_MAX) return refuse(new PartsRefused(429))
      this.#kept += piece.length
      held += piece.length
      pieces.push(piece)
    })
    stream.on('error', () => refuse(new PartsRefused(400)))
    stream.on('end', () => {
      const content = stream.truncated ? 'tooBig' : isTooMuch ? 'tooMuch' : Buffer.concat(pieces)
      // A control that was left empty.
      if (typeof content === 'string' || content.length > 0 || file.name !== '') this.files.push({ ...file, content })
    })
  }
}

/** A head without a boundary is a bad request, not a fault of ours. */
function busboy(config: ConstructorParameters<typeof Busboy>[0]) {
  try {
    return new Busboy(config)
  } catch {
    throw new PartsRefused(400)
  }
}
