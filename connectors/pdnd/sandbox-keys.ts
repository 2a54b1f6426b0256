/**
 * The keys of the sandboxed exchange: made at its first start, kept in its folder, for its owner's eyes only.
 * Three hold keys: the town that calls (`client`), the authorization server that signs vouchers, and the providers that sign answers.
 */
import { createPublicKey, generateKeyPair, type KeyObject, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { exportJWK, type JSONWebKeySet } from 'jose'
import { loadSigningKey, type SigningKey } from './signing-key.ts'

const generate = promisify(generateKeyPair)
const OWNER_ONLY = 0o600

/** Names of the files in the folder of the sandboxes. */
const FILES = {
  client: 'pdnd.client.pem',
  server: 'pdnd.server.pem',
  provider: 'pdnd.provider.pem',
  answers: 'pdnd.provider.jwks.json',
  clientId: 'pdnd.client-id',
} as const

export interface SandboxKeys {
  /** The town's private key: handed out by the name of its file. */
  readonly clientFile: string
  readonly clientId: string
  /** What the town deposited at the exchange. */
  readonly clientKeys: JSONWebKeySet
  readonly server: SigningKey
  readonly serverKeys: JSONWebKeySet
  readonly provider: SigningKey
  /** With it the town verifies answers. */
  readonly answerKeysFile: string
}

/** Reads the keys that lie in the folder, or makes them. */
export async function sandboxKeys(directory: string): Promise<SandboxKeys> {
  const at = (name: keyof typeof FILES) => join(directory, FILES[name])
  const clientId = textIn(at('clientId')) ?? (await makeAll(directory))
  const [client, server, provider] = await Promise.all(
    (['client', 'server', 'provider'] as const).map((name) => loadSigningKey(at(name))),
  )
  if (!client || !server || !provider) throw new Error('Expected three keys, but some are missing')
  const [clientKeys, serverKeys] = await Promise.all([publicKeys(client), publicKeys(server)])
  return {
    ...{ clientFile: at('client'), clientId, clientKeys, server, serverKeys, provider },
    answerKeysFile: at('answers'),
  }
}

/** The id is written last: where it lies, all keys do. */
async function makeAll(directory: string): Promise<string> {
  mkdirSync(directory, { recursive: true })
  const write = (name: keyof typeof FILES, text: string) => {
    const file = join(directory, FILES[name])
    writeFileSync(`${file}.new`, text, { mode: OWNER_ONLY })
    renameSync(`${file}.new`, file)
  }
  const pem = ({ privateKey }: { readonly privateKey: KeyObject }) =>
    privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  // The exchange takes RS256 alone; a provider may sign otherwise.
  const [client, server, provider] = await Promise.all([
    generate('rsa', { modulusLength: 2048 }),
    generate('rsa', { modulusLength: 2048 }),
    generate('ec', { namedCurve: 'prime256v1' }),
  ])
  write('client', pem(client))
  write('server', pem(server))
  write('provider', pem(provider))
  const signing = await loadSigningKey(join(directory, FILES.provider))
  write('answers', JSON.stringify(await publicKeys(signing)))
  const id = randomUUID()
  write('clientId', id)
  return id
}

async function publicKeys({ key, kid, alg }: SigningKey): Promise<JSONWebKeySet> {
  return { keys: [{ ...(await exportJWK(createPublicKey(key))), kid, alg, use: 'sig' }] }
}

/** Null when there is no such file. */
function textIn(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
