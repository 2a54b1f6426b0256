/** What other programs find of a signature: openssl of a CMS and of a time stamp, pdfsig (Poppler) of a PDF. */
import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const isThere = (program: string, ...options: readonly string[]): boolean => spawnSync(program, options).status === 0

/** Why openssl is not asked; false when it is. */
export const withoutOpenssl: string | false = isThere('openssl', 'version')
  ? false
  : 'no openssl: the second opinion is not asked'
/** Why pdfsig is not asked; false when it is. */
export const withoutPdfsig: string | false = isThere('pdfsig', '-v')
  ? false
  : 'no pdfsig (poppler-utils): the second opinion is not asked'

export interface Opinion {
  readonly isGood: boolean
  readonly said: string
  /** What the signature is of, where the program gives it out. */
  readonly content: Buffer
}

type Files = Readonly<Record<string, Uint8Array | string>>
/** `options` names the files by `@name`. */
async function ask(program: string, options: readonly string[], files: Files): Promise<Opinion> {
  const directory = await mkdtemp('/tmp/iter-firma-')
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content)
    const named = options.map((option) => (option.startsWith('@') ? join(directory, option.slice(1)) : option))
    const { status, stdout, stderr } = spawnSync(program, named)
    return { isGood: status === 0, said: `${stdout}\n${stderr}`, content: stdout }
  } finally {
    await rm(directory, { recursive: true })
  }
}

/** PEM of DER in base64. */
const pem = (authority: string): string => new X509Certificate(Buffer.from(authority, 'base64')).toString()

export interface Trust {
  /** DER of the root, base64. */
  readonly root: string
  /** Epoch milliseconds. */
  readonly at: number
  /** DER of who issued the signer's certificate, where that does not come with the signature. */
  readonly issuer?: Uint8Array
}

/** Of a CMS with its certificates; `content` when it is detached. `-cades`: the certificate must be named in it. */
export function opinionOnCms(cms: Uint8Array, { root, at, issuer }: Trust, content?: Uint8Array): Promise<Opinion> {
  const options = [
    'cms',
    '-verify',
    '-cades',
    '-binary',
    '-inform',
    'DER',
    '-purpose',
    'any',
    '-attime',
    `${at / 1000}`,
  ]
  const trusted = `${pem(root)}${issuer ? new X509Certificate(issuer).toString() : ''}`
  const files = { cms, trusted, ...(content && { content }) }
  const detached = content ? ['-content', '@content'] : []
  return ask('openssl', [...options, '-in', '@cms', ...detached, '-CAfile', '@trusted'], files)
}

export function opinionOnToken(token: Uint8Array, data: Uint8Array, { root, at }: Trust): Promise<Opinion> {
  const options = ['ts', '-verify', '-token_in', '-in', '@token', '-data', '@data', '-CAfile', '@root']
  return ask('openssl', [...options, '-attime', `${at / 1000}`], { token, data, root: pem(root) })
}

/** Of every signature in the PDF; it knows none of our authorities. */
export async function opinionOnPdf(pdf: Uint8Array): Promise<Opinion> {
  const opinion = await ask('pdfsig', ['@pdf'], { pdf })
  const found = opinion.said.match(/Signature Validation: .*/g) ?? []
  return { ...opinion, isGood: found.length > 0 && found.every((line) => line.endsWith('Signature is Valid.')) }
}

/** Of the last signature of a PDF. */
export function detachedIn(pdf: Buffer): { readonly cms: Buffer; readonly data: Buffer } {
  const ranges = [...pdf.toString('latin1').matchAll(/ByteRange \[ (\d+) (\d+) (\d+) (\d+)/g)]
  const [a = 0, b = 0, c = 0, d = 0] = ranges.at(-1)!.slice(1).map(Number)
  const place = Buffer.from(pdf.subarray(b + 1, c - 1).toString('latin1'), 'hex')
  return { cms: place, data: Buffer.concat([pdf.subarray(a, a + b), pdf.subarray(c, c + d)]) }
}
