/**
 * The service as Aruba's ARSS has it, for the operations that sign hashes: always HTTP 200, what became of the call in `status` and
 * `return_code`; a person's password and code, or a delegate's for the seal.
 */
import type { PlatformAnswer } from '../../sandbox.ts'
import { find, textAt, type XmlElement, type XmlNode } from '../../xml.ts'
import { bodyOf, faultOf, soapOf } from '../soap.ts'
import type { ArssSettings } from '../types.ts'
import { HOLDERS, type Holder } from './holders.ts'
import { PIN, type Trouble, type Vault } from './vault.ts'

export const ARSS_PATH = '/ArubaSignService/ArubaSignService'
const DOMAIN = 'SANDBOX'
const PASSWORD = 'sandbox'
const CERTIFICATE = 'AS0'
/** What a delegate gives in place of a person's code. */
const DELEGATE = { utente: 'delegato', codice: 'dsign' } as const

/** How the sandbox at that address is reached this way. */
export const arssAt = (url: string): ArssSettings => ({
  protocollo: 'arss',
  url: `${url}${ARSS_PATH}`,
  dominio: DOMAIN,
  utenze: Object.fromEntries(
    HOLDERS.filter(({ release }) => release === 'otp').map(({ userId }) => [
      userId,
      { utente: userId, password: PASSWORD },
    ]),
  ),
  delegati: { ente: { titolare: 'ente', password: PIN, ...DELEGATE } },
})

/** The operation that an envelope asks for; `soap` where it is none. */
export function arssOperation(body: Buffer): string {
  try {
    return bodyOf(body.toString('utf8')).name
  } catch {
    return 'soap'
  }
}

const xml = (body: string): PlatformAnswer => ({ status: 200, type: 'text/xml', body })

export const arssFault = (text: string): PlatformAnswer => ({ ...xml(faultOf(text)), status: 500 })

export async function arssAnswer(vault: Vault, operation: string, body: Buffer): Promise<PlatformAnswer> {
  const act = Object.hasOwn(ARSS_OPERATIONS, operation) ? ARSS_OPERATIONS[operation] : undefined
  if (!act) return arssFault(`Cannot find dispatch method for ${operation}`)
  const content = await act(vault, bodyOf(body.toString('utf8')))
  return xml(soapOf(`${operation}Response`, [['return', content]]))
}

type Operation = (vault: Vault, asked: XmlElement) => XmlNode[1] | Promise<XmlNode[1]>

const OK: readonly XmlNode[] = [
  ['description', ''],
  ['return_code', '0000'],
  ['status', 'OK'],
]
const ko = (code: string): readonly XmlNode[] => [
  ['description', `Errore ${code}`],
  ['return_code', code],
  ['status', 'KO'],
]

export const ARSS_OPERATIONS: Readonly<Record<string, Operation>> = {
  async listCert(vault, asked) {
    const identity = identified(find(asked, 'Identity'))
    if (!identity)
      return [
        ['description', 'Errore 0003'],
        ['status', 'KO'],
      ]
    const [value = ''] = await vault.keys.chainOf(identity.holder)
    return [
      [
        'app1',
        [
          ['id', CERTIFICATE],
          ['value', value],
        ],
      ],
      ['status', 'OK'],
    ]
  },
  sendCredential(vault, asked) {
    const identity = identified(find(asked, 'Identity'))
    if (!identity) return ko('0003')
    const sent = vault.sendCode(identity.holder)
    return sent.kind === 'done' ? OK : ko(codeOf(sent.trouble))
  },
  opensession(vault, asked) {
    const identity = identified(find(asked, 'Identity'))
    if (!identity) return 'KO-0003'
    const opened = vault.openSession(identity.holder, identity)
    return opened.kind === 'done' ? opened.value : `KO-${codeOf(opened.trouble)}`
  },
  closesession(vault, asked) {
    vault.closeSession(textAt(asked, 'sessionid'))
    return 'OK'
  },
  async signhash(vault, asked) {
    const request = find(asked, 'SignHashRequest')
    const identity = identified(find(request, 'identity'))
    if (!identity) return ko('0003')
    if (textAt(request, 'certID') !== CERTIFICATE || textAt(request, 'hashtype') !== 'SHA256') return ko('0001')
    const { holder } = identity
    const hashes = [textAt(request, 'hash')]
    const session = textAt(request, 'session_id')
    const released = session
      ? ({ kind: 'done', value: session } as const)
      : vault.authorise(holder, { ...identity, hashes, numSignatures: 1 })
    if (released.kind === 'trouble') return ko(codeOf(released.trouble))
    const signed = await vault.sign(holder, released.value, hashes)
    if (signed.kind === 'trouble') return ko(codeOf(signed.trouble))
    return [
      ['certID', CERTIFICATE],
      ['return_code', '0000'],
      ['signature', signed.value[0] ?? ''],
      ['status', 'OK'],
    ]
  },
}

/** Credentials, state of the user, anything else. */
function codeOf(trouble: Trouble): string {
  switch (trouble) {
    case 'wrong code':
    case 'wrong PIN':
      return '0003'
    case 'locked':
    case 'disabled':
    case 'expired':
      return '0010'
    case 'too many':
    case 'other number of hashes':
    case 'no such activation':
    case 'activation expired':
    case 'hash not authorised':
    case 'no SHA-256':
      return '0001'
  }
}

interface Identified {
  readonly holder: Holder
  readonly otp?: string
  readonly pin?: string
}

/** Null where the account is not one of the domain, or its password is another. */
function identified(identity: XmlElement | undefined): Identified | null {
  const holder = HOLDERS.find(({ userId }) => userId === textAt(identity, 'user'))
  if (!holder || textAt(identity, 'typeOtpAuth') !== DOMAIN) return null
  const otp = textAt(identity, 'otpPwd')
  if (holder.release === 'otp')
    return textAt(identity, 'userPWD') === PASSWORD ? { holder, ...(otp !== '' && { otp }) } : null
  const isDelegate = textAt(identity, 'delegated_user') === DELEGATE.utente && otp === DELEGATE.codice
  return isDelegate ? { holder, pin: textAt(identity, 'delegated_password') } : null
}
