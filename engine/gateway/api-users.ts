/**
 * Who may call the API when it is open to other machines: a file of names and salted scrypt hashes, asked by HTTP and gRPC Basic.
 * Owns: the file's format, checking a password. Invariants: a password is never stored, logged or compared in readable form; the
 * work an unknown caller can cause is bounded.
 */
import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { GatewayError } from '../protocol/gateway.ts'

const COST = 16_384
const HASH_BYTES = 32
const CHECKS_AT_ONCE_MAX = 4
const REMEMBERED_MAX = 1_000
const LINE = /^([A-Za-z0-9_@.+-]{1,256}):scrypt:(\d{4,6}):([A-Za-z0-9+/=]{16,88}):([A-Za-z0-9+/=]{44})$/

interface Secret {
  readonly cost: number
  readonly salt: Buffer
  readonly hash: Buffer
}

export interface ApiUsers {
  /** The user of an Authorization header. Rejects: UNAUTHENTICATED when there is none or it is wrong, RESOURCE_EXHAUSTED under attack. */
  authenticate(authorization: string | undefined): Promise<string>
}

const derive = (password: string, { cost, salt }: Pick<Secret, 'cost' | 'salt'>): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options = { N: cost, r: 8, p: 1, maxmem: 256 * cost * 8 }
    scrypt(password, salt, HASH_BYTES, options, (error, hash) => (error ? reject(error) : resolve(hash)))
  })

/** The line of the users' file for one user: `name:scrypt:<cost>:<salt>:<hash>`. */
export async function apiUserLine(name: string, password: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password, { cost: COST, salt })
  return `${name}:scrypt:${COST}:${salt.toString('base64')}:${hash.toString('base64')}`
}

function parse(file: string): Map<string, Secret> {
  const users = new Map<string, Secret>()
  for (const [index, line] of file.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const found = LINE.exec(line.trim())
    if (!found)
      throw new Error(`Expected line ${index + 1} of the API users to be name:scrypt:cost:salt:hash, but it is not`)
    const [, name, cost, salt, hash] = found
    users.set(name!, { cost: Number(cost), salt: Buffer.from(salt!, 'base64'), hash: Buffer.from(hash!, 'base64') })
  }
  if (users.size === 0) throw new Error('Expected at least one API user, but the file holds none')
  return users
}

function basic(authorization: string | undefined): { name: string; password: string } | null {
  const encoded = /^Basic ([A-Za-z0-9+/=]{1,1024})$/i.exec(authorization ?? '')?.[1]
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? null : { name: text.slice(0, colon), password: text.slice(colon + 1) }
}

export function apiUsers(file: string): ApiUsers {
  const users = parse(file)
  const nobody: Secret = { cost: COST, salt: randomBytes(16), hash: randomBytes(HASH_BYTES) }
  const secret = randomBytes(32)
  const remembered = new Map<string, string>() // a keyed digest of a header that was right → the user
  let checking = 0

  async function check(name: string, password: string): Promise<boolean> {
    if (checking >= CHECKS_AT_ONCE_MAX) {
      throw new GatewayError(
        'RESOURCE_EXHAUSTED',
        'Expected few logins at once, but too many are being checked. Try again later.',
      )
    }
    checking++
    try {
      const user = users.get(name)
      const hash = await derive(password, user ?? nobody) // an unknown name takes as long as a known one
      return timingSafeEqual(hash, (user ?? nobody).hash) && user !== undefined
    } finally {
      checking--
    }
  }

  return {
    async authenticate(authorization) {
      const given = basic(authorization)
      if (!given) throw new GatewayError('UNAUTHENTICATED', 'Expected Basic credentials of an API user, but found none')
      const digest = createHmac('sha256', secret).update(authorization!).digest('base64')
      const known = remembered.get(digest)
      if (known !== undefined) return known
      if (!(await check(given.name, given.password))) {
        throw new GatewayError('UNAUTHENTICATED', 'Expected the credentials of an API user, but they are wrong')
      }
      if (remembered.size >= REMEMBERED_MAX) remembered.clear()
      remembered.set(digest, given.name)
      return given.name
    },
  }
}
