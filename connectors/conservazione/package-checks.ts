/**
 * What SacER's sandbox checks of a package, in SacER's order: the call, who calls, the index, then the unit. Codes are SacER's own,
 * but those that begin with SANDBOX. Registers other than PROTOCOLLO are unknown to this structure.
 */
import { find, findAll, textAt, type XmlElement } from '../xml.ts'
import type { UnitKey } from './types.ts'
import { hashOf, SIP_VERSION } from './unit-xml.ts'

export const PARTS = ['VERSIONE', 'LOGINNAME', 'PASSWORD', 'XMLSIP'] as const
/** The only user of this structure. */
export const USER = { userId: 'iter', password: 'sandbox' } as const
const REGISTERS: readonly string[] = ['PROTOCOLLO']

export interface Package {
  readonly version: string
  readonly login: string
  readonly password: string
  readonly sip: XmlElement
  /** By the component's id. */
  readonly files: ReadonlyMap<string, Uint8Array>
}
export interface Refusal {
  readonly code: string
  readonly message: string
}

type Check = (received: Package) => string | null

/** Each with the code it refuses with; the first that says something ends the deposit. */
const CHECKS: readonly (readonly [code: string, check: Check])[] = [
  ['UD-001-011', ({ version }) => (version === SIP_VERSION ? null : `La versione [${version}] non è supportata`)],
  ['UD-001-012', ({ login, password }) => (isUser(login, password) ? null : 'Errore di autenticazione')],
  [
    'XSD-001-002',
    ({ sip }) => (sip.name === 'UnitaDocumentaria' ? null : 'Errore di validazione del blocco di dati generali'),
  ],
  [
    'UD-001-013',
    ({ sip }) =>
      textAt(sip, 'Intestazione', 'Versione') === SIP_VERSION ? null : 'La versione non coincide con la chiamata',
  ],
  [
    'UD-001-005',
    ({ sip, login }) =>
      textAt(sip, 'Intestazione', 'Versatore', 'UserID') === login ? null : "Lo UserID non è l'utente della chiamata",
  ],
  ['XSD-002-001', ({ sip }) => repeated(findAll(sip, 'Componente').map((each) => textAt(each, 'ID')))],
  ['XSD-002-002', ({ sip }) => repeated(findAll(sip, 'IDDocumento').map(({ text }) => text))],
  [
    'XSD-003-001',
    ({ sip }) =>
      Number(textAt(sip, 'NumeroAllegati')) === findAll(sip, 'Allegato').length ? null : 'Numero di allegati errato',
  ],
  ['UD-007-001', ({ sip }) => (keyIn(sip).numero === '' ? 'La chiave non ha il numero' : null)],
  [
    'UD-003-002',
    ({ sip }) =>
      REGISTERS.includes(keyIn(sip).registro) ? null : `Il tipo registro ${keyIn(sip).registro} non è presente`,
  ],
  ['UD-014-001', ({ sip }) => (textAt(sip, 'ProfiloUnitaDocumentaria', 'Oggetto') === '' ? "Manca l'oggetto" : null)],
  ['SANDBOX-FILE', ({ sip, files }) => missingFile(sip, files)],
  ['SANDBOX-HASH', ({ sip, files }) => wrongHash(sip, files)],
]

export function refusalOf(received: Package): Refusal | undefined {
  for (const [code, check] of CHECKS) {
    const message = check(received)
    if (message !== null) return { code, message }
  }
  return undefined
}

export function keyIn(sip: XmlElement): UnitKey {
  const key = find(sip, 'Intestazione', 'Chiave')
  return { numero: textAt(key, 'Numero'), anno: Number(textAt(key, 'Anno')), registro: textAt(key, 'TipoRegistro') }
}

const isUser = (login: string, password: string): boolean => login === USER.userId && password === USER.password

const repeated = (ids: readonly string[]): string | null =>
  new Set(ids).size === ids.length ? null : 'Gli identificativi devono essere univoci entro l’unità documentaria'

function missingFile(sip: XmlElement, files: Package['files']): string | null {
  const declared = findAll(sip, 'Componente').map((each) => textAt(each, 'ID'))
  const isSame = declared.length === files.size && declared.every((id) => files.has(id))
  return isSame ? null : 'I file non sono quelli dei componenti dichiarati'
}

function wrongHash(sip: XmlElement, files: Package['files']): string | null {
  const wrong = findAll(sip, 'Componente').find(
    (each) => hashOf(files.get(textAt(each, 'ID')) ?? new Uint8Array()) !== textAt(each, 'HashVersato').toLowerCase(),
  )
  return wrong ? "L'impronta versata non è quella del file" : null
}
