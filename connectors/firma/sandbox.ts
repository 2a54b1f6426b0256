/**
 * A remote signing service with an authority of its own, as the Cloud Signature Consortium describes it, in both versions of its API, and as
 * Aruba's ARSS, at one address, with a time-stamping authority beside it. The page there shows the codes, as a telephone would.
 */
import { join } from 'node:path'
import {
  journalOf,
  json,
  type Platform,
  type PlatformAnswer,
  parseJson,
  type Sandbox,
  type SandboxOptions,
  startPlatform,
} from '../sandbox.ts'
import { escapeXml } from '../xml.ts'
import { ARSS_PATH, arssAnswer, arssFault, arssOperation } from './sandbox/arss.ts'
import type { Operations } from './sandbox/csc.ts'
import { CSC_V1 } from './sandbox/csc-v1.ts'
import { cscV2 } from './sandbox/csc-v2.ts'
import { openKeys } from './sandbox/holders.ts'
import { stampOn } from './sandbox/tsa.ts'
import { openVault, PIN, type SigningEntry, type Vault } from './sandbox/vault.ts'
import type { SigningSettings } from './types.ts'

export type { SigningEntry } from './sandbox/vault.ts'

const TOKEN = 'sandbox'

export interface RunningSigningService extends Sandbox {
  readonly settings: SigningSettings
}

export async function start(options: SandboxOptions): Promise<RunningSigningService> {
  const keys = await openKeys(join(options.directory, 'firma.keys.json'))
  const vault = openVault(keys, journalOf<SigningEntry>(options, 'firma'), options.now)
  const sandbox = await startPlatform(options, service(vault, options.now))
  const known = { url: sandbox.url, token: TOKEN, pins: { ente: PIN }, autorita: [keys.root] }
  return { ...sandbox, settings: { protocollo: 'csc-v1', ...known, marca: { url: `${sandbox.url}${STAMPING}` } } }
}

const STAMPING = '/tsa'
const PATH = /^\/csc\/(v[12])\/(.+)$/

function service(vault: Vault, now: () => number): Platform {
  const versions: Readonly<Record<string, Operations>> = { v1: CSC_V1, v2: cscV2(new Map()) }
  return {
    name: 'firma',
    entries: vault.journal.entries,
    operationOf: ({ url, body }) =>
      url.pathname === ARSS_PATH ? arssOperation(body) : (PATH.exec(url.pathname)?.[2] ?? url.pathname),
    async answer(operation, { method, url, headers, body }) {
      if (method === 'GET' && operation === '/') return page(vault)
      if (url.pathname === ARSS_PATH) return arssAnswer(vault, operation, body)
      if (operation === STAMPING) return stampOn(body, vault.keys.stamping, now())
      if (headers.authorization !== `Bearer ${TOKEN}`) return json(401, { error: 'invalid_token' })
      const operations = versions[PATH.exec(url.pathname)?.[1] ?? ''] ?? {}
      const act = Object.hasOwn(operations, operation) ? operations[operation] : undefined
      return act ? act(vault, parseJson(body)) : json(404, { error: 'invalid_request' })
    },
    broken: ({ url }) => (url.pathname === ARSS_PATH ? { after: arssFault('Internal error') } : {}),
  }
}

function page({ journal }: Vault): PlatformAnswer {
  const codes = journal.entries.flatMap((entry) => (entry.kind === 'otp' ? [entry] : []))
  const rows = codes.map(
    ({ at, credentialID, code }) =>
      `<tr><td>${escapeXml(at)}</td><td>${escapeXml(credentialID)}</td><td><code>${escapeXml(code)}</code></td></tr>`,
  )
  const head =
    '<thead><tr><th scope="col">Inviato</th><th scope="col">Credenziale</th><th scope="col">Codice</th></tr></thead>'
  const table = `<table><caption>Codici inviati</caption>${head}<tbody>${rows.reverse().join('')}</tbody></table>`
  const title = 'Firma remota di prova'
  const body = `<!doctype html><html lang="it"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1>${table}</body></html>`
  return { status: 200, type: 'text/html', body }
}
