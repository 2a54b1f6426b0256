/**
 * Aruba Remote Signing Service (ARSS): the same port over its SOAP service. One hash is signed by `signhash` with the code; several in a
 * session that the code opens. What no person releases is signed by a delegate (automatic signature).
 * The WSDL names no return codes: those read here are the ones its users know (0003 credentials, 0004 PIN, 0010 the user's state), and
 * that `opensession` answers `KO-` and such a code in place of a session.
 * Not supported: whether a certificate has expired is not told before it is asked to sign; the chain is the holder's certificate alone, so
 * that whoever issued it must be among the trusted authorities.
 */
import { X509Certificate } from 'node:crypto'
import { Refused, Unavailable, UnknownOutcome } from '../effect.ts'
import { exchange } from '../http.ts'
import { find, textAt, type XmlElement, type XmlNode } from '../xml.ts'
import { bodyOf, soapOf } from './soap.ts'
import { type ArssSettings, HASHES_MAX, type HashOutcome, type KeyAlgorithm, type SigningService } from './types.ts'

export type ArssAddress = ArssSettings & { readonly timeoutMs?: number }
type Call = (operation: string, content: readonly XmlNode[]) => Promise<XmlElement>

/** The HSM that Aruba's service names so. */
const HSM = 'COSIGN'

export function arss({ timeoutMs = 15_000, ...settings }: ArssAddress): SigningService {
  const call: Call = async (operation, content) => {
    const { text } = await exchange({
      method: 'POST',
      url: new URL(settings.url),
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' },
      body: soapOf(operation, content),
      timeoutMs,
    })
    return returned(text, operation)
  }
  return {
    async credentialOf(holder) {
      const list = await call('listCert', [['Identity', identityOf(settings, holder)]])
      refuseUnlessOk(list)
      const named = list.children.find(({ name }) => name === 'app1' || name === 'app2')
      if (!named) throw new Refused('CREDENZIALE_ASSENTE', `Expected a certificate of ${holder}, but there is none.`)
      const certificate = Buffer.from(textAt(named, 'value'), 'base64')
      const id = `${holder}/${textAt(named, 'id')}`
      const otp = !Object.hasOwn(settings.delegati, holder)
      return { id, algorithm: algorithmOf(certificate), certificates: [certificate], otp, atOnce: HASHES_MAX }
    },
    async sendOtp(id) {
      const identity = identityOf(settings, partsOf(id).holder)
      const asked = [['Identity', identity] as const, ['type', 'SMS'] as const]
      await call('sendCredential', asked).then(refuseUnlessOk).catch(withoutCode)
    },
    async sign({ credential: { id }, hashes, otp }) {
      const { holder, certificate } = partsOf(id)
      const identity = identityOf(settings, holder)
      const signing = signed(call, { certificate, identity, released: identityOf(settings, holder, otp) }, hashes)
      return otp === undefined ? signing.catch(withoutCode) : signing
    },
  }
}

const idPattern = /^(?<holder>.*)\/(?<certificate>[^/]*)$/
function partsOf(id: string): { readonly holder: string; readonly certificate: string } {
  const { holder = id, certificate = '' } = idPattern.exec(id)?.groups ?? {}
  return { holder, certificate }
}

/** In the schema's order. `otp`: what releases, where a person has to. */
function identityOf({ dominio, utenze, delegati }: ArssSettings, holder: string, otp?: string): readonly XmlNode[] {
  const delegate = Object.hasOwn(delegati, holder) ? delegati[holder] : undefined
  if (delegate)
    return [
      ['delegated_domain', dominio],
      ['delegated_password', delegate.password],
      ['delegated_user', delegate.utente],
      ['otpPwd', delegate.codice],
      ['typeHSM', HSM],
      ['typeOtpAuth', dominio],
      ['user', delegate.titolare],
    ]
  const user = Object.hasOwn(utenze, holder) ? utenze[holder] : undefined
  if (!user) throw new Refused('CREDENZIALE_ASSENTE', `Expected an account of ${holder}, but there is none.`)
  return [
    ...(otp === undefined ? [] : [['otpPwd', otp] as const]),
    ['typeHSM', HSM],
    ['typeOtpAuth', dominio],
    ['user', user.utente],
    ['userPWD', user.password],
  ]
}

interface Signing {
  readonly certificate: string
  readonly identity: readonly XmlNode[]
  readonly session?: string
}
interface Releasing extends Signing {
  /** The same identity, with what releases it. */
  readonly released: readonly XmlNode[]
}

async function signed(
  call: Call,
  releasing: Releasing,
  hashes: readonly Uint8Array[],
): Promise<readonly HashOutcome[]> {
  const [hash] = hashes
  if (!hash) return []
  if (hashes.length > 1) return inSession(call, releasing, hashes)
  const { certificate, released } = releasing
  const answer = await call('signhash', requestFor(hash, { certificate, identity: released }))
  refuseUnlessOk(answer)
  return [outcomeOf(answer)]
}

/** Nobody typed a code: what is wrong is the town's own account. */
function withoutCode(error: unknown): never {
  if (!(error instanceof Refused) || error.code !== 'OTP_ERRATO') throw error
  throw new Refused('CREDENZIALI_ERRATE', "Expected the town's account to be known to the service, but it is not.")
}

const requestFor = (hash: Uint8Array, { certificate, identity, session }: Signing): readonly XmlNode[] => [
  [
    'SignHashRequest',
    [
      ['certID', certificate],
      ['hash', Buffer.from(hash).toString('base64')],
      ['hashtype', 'SHA256'],
      ['identity', identity],
      ['requirecert', 'false'],
      ...(session === undefined ? [] : [['session_id', session] as const]),
    ],
  ],
]

const NO_SESSION = /^KO-?(?<code>\d*)/

/**
 * The code opens it, each hash is signed in it. What was signed before a call goes wrong is handed back, since the code is worth nothing any
 * more: the rest is refused, `SENZA_RISPOSTA`.
 */
async function inSession(
  call: Call,
  { released, ...signing }: Releasing,
  hashes: readonly Uint8Array[],
): Promise<readonly HashOutcome[]> {
  const session = (await call('opensession', [['Identity', released]])).text.trim()
  const failed = NO_SESSION.exec(session)
  if (failed || session === '') throw refusal(failed?.groups?.code ?? '')
  const outcomes: HashOutcome[] = []
  try {
    for (const hash of hashes)
      outcomes.push(outcomeOf(await call('signhash', requestFor(hash, { ...signing, session }))))
  } catch (error) {
    if (outcomes.length === 0) throw codeTaken(error)
  }
  await call('closesession', [
    ['Identity', signing.identity],
    ['sessionid', session],
  ]).catch(() => {})
  return hashes.map((_, index) => outcomes[index] ?? { kind: 'refused', code: 'SENZA_RISPOSTA' })
}

const codeTaken = (error: unknown): unknown =>
  error instanceof Unavailable ? new UnknownOutcome(`${error.message}, after the session was opened.`) : error

function returned(text: string, operation: string): XmlElement {
  try {
    const answer = find(bodyOf(text), 'return')
    if (answer) return answer
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new UnknownOutcome(
    `The signing service answered ${operation} with something that is not what it says it answers.`,
  )
}

const isOk = (answer: XmlElement): boolean => textAt(answer, 'status') === 'OK'

function refuseUnlessOk(answer: XmlElement): void {
  if (isOk(answer)) return
  if (textAt(answer, 'status') === '')
    throw new UnknownOutcome('The signing service did not say what became of the call.')
  throw refusal(textAt(answer, 'return_code'))
}

function refusal(code: string): Refused {
  if (code === '0003' || code === '0004')
    return new Refused('OTP_ERRATO', 'Expected the code sent to the signer, but it is another or too old.')
  if (code === '0010')
    return new Refused('CREDENZIALE_BLOCCATA', 'Expected the account to be in order, but it is suspended or locked.')
  return new Refused(code || 'RIFIUTATO', `The signing service refused: ${code || 'it does not say why'}.`)
}

function outcomeOf(answer: XmlElement): HashOutcome {
  const signature = textAt(answer, 'signature')
  if (!isOk(answer) || signature === '')
    return { kind: 'refused', code: textAt(answer, 'return_code') || 'SENZA_FIRMA' }
  return { kind: 'signed', signature: Buffer.from(signature, 'base64') }
}

function algorithmOf(certificate: Buffer): KeyAlgorithm {
  const { asymmetricKeyType } = new X509Certificate(certificate).publicKey
  if (asymmetricKeyType === 'rsa') return 'RSA'
  if (asymmetricKeyType === 'ec') return 'ECDSA'
  throw new Refused('ALGORITMO_IGNOTO', `Expected a key of RSA or ECDSA, but it is ${asymmetricKeyType}.`)
}
