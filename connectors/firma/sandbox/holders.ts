/**
 * The keys of the sandbox: made at first use, kept beside the journal, so that what was signed yesterday is verified today.
 * Does not own what may be done with them (vault.ts).
 */
import { constants, createPrivateKey, type KeyObject, privateEncrypt } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { HASHES_MAX } from '../types.ts'
import { certificateOf, certify, type KeptKey, kept, newKey, type Subject, signingKey } from './authority.ts'

export interface Holder {
  readonly userId: string
  readonly subject: Subject
  /** Whether each signature needs a code; the seal is released by a PIN. */
  readonly release: 'otp' | 'pin'
  readonly state: 'good' | 'disabled' | 'expired'
  /** How many hashes one authorisation signs. */
  readonly atOnce: number
}

/** The people of the sample town that sign, one of them one act at a time; its seal; two whose credentials are in trouble. */
export const HOLDERS: readonly Holder[] = [
  person('ugo.ufficiale', 'Ugo', 'Ferri', 'good'),
  person('dina.dirigente', 'Dina', 'Greco', 'good'),
  { ...person('carla.comandante', 'Carla', 'Leoni', 'good'), atOnce: 1 },
  person('esempio.bloccato', 'Bruno', 'Serra', 'disabled'),
  person('esempio.scaduto', 'Silvia', 'Testa', 'expired'),
  {
    userId: 'ente',
    subject: { commonName: 'Comune di Esempio', serialNumber: 'CF:IT-00000000000' },
    release: 'pin',
    state: 'good',
    atOnce: HASHES_MAX,
  },
  // Last, because the place gives the serial number and keys are kept.
  person('dario.dirigente', 'Dario', 'Costa', 'good'),
]

function person(userId: string, givenName: string, surname: string, state: Holder['state']): Holder {
  const subject = { commonName: `${givenName} ${surname}`, givenName, surname }
  return { userId, subject, release: 'otp', state, atOnce: HASHES_MAX }
}

/** Of the time-stamping authority. */
export interface StampingKey {
  readonly privateKey: KeyObject
  /** DER, its own first. */
  readonly certificates: readonly Uint8Array[]
  nextSerial(): number
}
export interface KeyStore {
  /** DER of the root, base64. */
  readonly root: string
  readonly stamping: StampingKey
  /** A holder's certificate and who issued it, DER in base64. */
  chainOf(holder: Holder): Promise<readonly string[]>
  /** Over a SHA-256 made elsewhere: RSA, PKCS#1 v1.5. */
  sign(holder: Holder, digest: Uint8Array): Promise<Uint8Array>
}

interface KeptKeys {
  readonly root: KeptKey
  readonly authority: KeptKey
  readonly stamper: KeptKey
  readonly holders: Readonly<Record<string, KeptKey>>
}

/** A town that ran before time stamps has none. */
type StoredKeys = Omit<KeptKeys, 'stamper'> & Partial<Pick<KeptKeys, 'stamper'>>

const LIFE = { from: '2019-01-01T00:00:00Z', to: '2045-01-01T00:00:00Z' } as const
const GOOD = { from: '2026-01-01T00:00:00Z', to: '2036-01-01T00:00:00Z' } as const
const OVER = { from: '2020-01-01T00:00:00Z', to: '2023-01-01T00:00:00Z' } as const

export const lifeOf = ({ state }: Holder) => (state === 'expired' ? OVER : GOOD)

export async function openKeys(file: string): Promise<KeyStore> {
  const stored: StoredKeys = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : await newAuthority()
  let keys: KeptKeys = { ...stored, stamper: stored.stamper ?? (await newStamper(stored.authority)) }
  const keep = (): void => {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify(keys), { mode: 0o600 })
  }
  keep()
  const making = new Map<string, Promise<KeptKey>>()
  const make = async (holder: Holder): Promise<KeptKey> => {
    const pair = await newKey('RSA')
    const serial = 100 + HOLDERS.indexOf(holder)
    const issuer = { certificate: certificateOf(keys.authority), key: await signingKey(keys.authority, 'EC') }
    const certified = await certify(
      pair,
      { subject: holder.subject, ...lifeOf(holder), kind: 'holder', serial },
      issuer,
    )
    const made = await kept(pair, certified)
    keys = { ...keys, holders: { ...keys.holders, [holder.userId]: made } }
    keep()
    return made
  }
  const of = (holder: Holder): Promise<KeptKey> => {
    const known = keys.holders[holder.userId]
    const found = making.get(holder.userId) ?? (known ? Promise.resolve(known) : make(holder))
    making.set(holder.userId, found)
    return found
  }
  return {
    root: keys.root.certificate,
    stamping: stampingWith(keys),
    chainOf: async (holder) => [(await of(holder)).certificate, keys.authority.certificate],
    sign: async (holder, digest) => signatureOf((await of(holder)).key, digest),
  }
}

/** SHA-256 as it stands in a PKCS#1 v1.5 signature (RFC 8017 §9.2): what is signed here was hashed by who asks. */
const DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex')

function signatureOf(pkcs8: string, digest: Uint8Array): Buffer {
  const key = createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' })
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.concat([DIGEST_INFO, digest]))
}

function stampingWith({ stamper, authority }: KeptKeys): StampingKey {
  let last = 0
  return {
    privateKey: createPrivateKey({ key: Buffer.from(stamper.key, 'base64'), format: 'der', type: 'pkcs8' }),
    certificates: [stamper, authority].map(({ certificate }) => Buffer.from(certificate, 'base64')),
    nextSerial: () => ++last,
  }
}

async function newAuthority(): Promise<StoredKeys> {
  const [first, second] = [await newKey('EC'), await newKey('EC')]
  const rootName = { subject: { commonName: 'Radice di prova' }, ...LIFE, kind: 'root', serial: 1 } as const
  const root = await certify(first, rootName, { certificate: null, key: first.privateKey })
  const authorityName = { subject: { commonName: 'Autorità di prova' }, ...LIFE, kind: 'authority', serial: 2 } as const
  const authority = await certify(second, authorityName, { certificate: root, key: first.privateKey })
  return { root: await kept(first, root), authority: await kept(second, authority), holders: {} }
}

async function newStamper(authority: KeptKey): Promise<KeptKey> {
  const pair = await newKey('EC')
  const named = { subject: { commonName: 'Marca temporale di prova' }, ...LIFE, kind: 'stamper', serial: 3 } as const
  const issuer = { certificate: certificateOf(authority), key: await signingKey(authority, 'EC') }
  return kept(pair, await certify(pair, named, issuer))
}
