/** A saved message (.eml): its head, and the files it carries, each looked at like any other. Source: RFC 5322, 2045–2047, 2231. */
const HEAD_MAX = 256 * 1024
const PARTS_MAX = 200
const DEPTH_MAX = 5
const FIELD = /^[\x21-\x39\x3b-\x7e]{1,80}:[ \t]?/

export interface Part {
  /** Empty when it is no attachment. */
  readonly name: string
  readonly content: Buffer
}

const END_OF_HEAD = /\r?\n\r?\n/

/** Whether it begins with the fields that every message has. */
export function isMessage(content: Buffer): boolean {
  const text = content.toString('latin1', 0, Math.min(content.length, HEAD_MAX))
  const fields = headOf(text)
  return !text.includes('\0') && fields !== null && fields.has('from') && (fields.has('date') || fields.has('received'))
}

/** By name in small letters, folded lines joined; null when a line is none. */
function headOf(text: string): ReadonlyMap<string, string> | null {
  const fields = new Map<string, string>()
  for (const line of text
    .split(END_OF_HEAD, 1)[0]!
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)) {
    if (!FIELD.test(line)) return null
    const colon = line.indexOf(':')
    fields.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  return fields
}

/** Every part that holds something; null when there are more, or deeper ones, than anybody reads. */
export function partsOf(content: Buffer): readonly Part[] | null {
  const parts: Part[] = []
  return collect(content.toString('latin1'), parts, 0) ? parts : null
}

function collect(text: string, parts: Part[], depth: number): boolean {
  if (depth > DEPTH_MAX || parts.length > PARTS_MAX) return false
  const head = headOf(text) ?? new Map<string, string>()
  const body = text.slice(END_OF_HEAD.exec(text)?.index ?? text.length).replace(END_OF_HEAD, '')
  const type = head.get('content-type') ?? 'text/plain'
  const boundary = /boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(type)
  if (/^multipart\//i.test(type) && boundary) {
    const mark = `--${boundary[1] ?? boundary[2]}`
    return `\n${body}`
      .split(`\n${mark}`)
      .slice(1)
      .every((piece) => piece.startsWith('--') || collect(piece.replace(/^[^\n]*\n/, ''), parts, depth + 1))
  }
  const encoding = head.get('content-transfer-encoding')?.toLowerCase() ?? ''
  const decoded = encoding === 'base64' ? Buffer.from(body, 'base64') : Buffer.from(body, 'latin1')
  if (/^message\/rfc822/i.test(type)) return collect(decoded.toString('latin1'), parts, depth + 1)
  parts.push({ name: nameIn(`${head.get('content-disposition') ?? ''};${type}`), content: decoded })
  return true
}

function nameIn(fields: string): string {
  const [, star, plain, bare] =
    /\b(?:file)?name(?:\*(?:0\*?)?=\s*(?:[\w-]*'[\w-]*')?"?([^";\s]+)|=\s*(?:"([^"]*)"|([^\s;]+)))/i.exec(fields) ?? []
  if (star !== undefined) return percentDecoded(star)
  return (plain ?? bare ?? '').replace(/=\?[^?\s]+\?([bq])\?([^?\s]*)\?=/gi, (_all, how: string, word: string) =>
    how.toLowerCase() === 'b'
      ? Buffer.from(word, 'base64').toString()
      : word
          .replaceAll('_', ' ')
          .replace(/=([0-9a-f]{2})/gi, (_one, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
  )
}
const percentDecoded = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
