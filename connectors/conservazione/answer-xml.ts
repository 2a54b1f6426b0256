/** How SacER's sandbox answers a deposit: EsitoVersamento, and in it the receipt of deposit; element order is the schema's. */
import type { PlatformAnswer } from '../sandbox.ts'
import { type XmlNode, xmlOf } from '../xml.ts'
import type { Deposited } from './deposited.ts'
import type { Refusal } from './package-checks.ts'
import { SIP_VERSION } from './unit-xml.ts'

export const accepted = (unit: Deposited): PlatformAnswer => answer('POSITIVO', undefined, unit)
/** With the unit that was there before, when that is the reason. */
export const refused = (refusal: Refusal, earlier?: Deposited): PlatformAnswer => answer('NEGATIVO', refusal, earlier)

function answer(esito: 'POSITIVO' | 'NEGATIVO', refusal?: Refusal, unit?: Deposited): PlatformAnswer {
  const passed: readonly XmlNode[] = ['VersioneWSCorretta', 'CredenzialiOperatore', 'FileAttesiRicevuti'].map(
    (name) => [name, 'POSITIVO'],
  )
  const nodes: readonly XmlNode[] = [
    ['Versione', SIP_VERSION],
    ...(unit ? identity(unit) : []),
    ['EsitoGenerale', [['CodiceEsito', esito], ...(refusal ? errorNodes(refusal) : [])]],
    ['EsitoChiamataWS', passed],
    ['EsitoXSD', [['CodiceEsito', 'POSITIVO']]],
    ...(unit ? [['RapportoVersamento', xmlOf(receipt(unit))] satisfies XmlNode] : []),
  ]
  const body = `<?xml version="1.0" encoding="UTF-8"?>${xmlOf(['EsitoVersamento', nodes])}`
  return { status: 200, type: 'application/xml', body }
}

const errorNodes = ({ code, message }: Refusal): readonly XmlNode[] => [
  ['CodiceErrore', code],
  ['MessaggioErrore', message],
]

const identity = ({ urn, dataVersamento }: Pick<Deposited, 'urn' | 'dataVersamento'>): readonly XmlNode[] => [
  ['URNSIP', urn],
  ['DataVersamento', dataVersamento],
]

function receipt({ chiave, urn, tipologia, dataVersamento, componenti }: Deposited): XmlNode {
  const [principal, ...attachments] = componenti.map((component) => documentNodes(urn, component))
  const key: readonly XmlNode[] = [
    ['Numero', chiave.numero],
    ['Anno', String(chiave.anno)],
    ['TipoRegistro', chiave.registro],
  ]
  const unit: readonly XmlNode[] = [
    ['Chiave', key],
    ['TipologiaUnitaDocumentaria', tipologia],
    ['DocumentoPrincipale', principal ?? []],
    ...attachments.map((nodes): XmlNode => ['Allegato', nodes]),
  ]
  return [
    'RapportoVersamento',
    [
      ['Versione', SIP_VERSION],
      ['URNRapportoVersamento', urn.replace('urn:', 'urn:RapportoVersamento:')],
      ['DataRapportoVersamento', dataVersamento],
      ['EsitoGenerale', [['CodiceEsito', 'POSITIVO']]],
      ['SIP', [...identity({ urn, dataVersamento }), ['UnitaDocumentaria', unit]]],
    ],
  ]
}

function documentNodes(urn: string, { id, tipo, nome, hash }: Deposited['componenti'][number]): readonly XmlNode[] {
  const component: XmlNode = [
    'Componente',
    [
      ['URN', `${urn}:${id}`],
      ['Hash', hash],
      ['AlgoritmoHash', 'SHA-256'],
      ['Encoding', 'hexBinary'],
      ['NomeComponente', nome],
      ['HashVersato', hash],
      ['IDComponenteVersato', id],
    ],
  ]
  return [
    ['ChiaveDoc', id],
    ['IDDocumento', id],
    ['TipoDocumento', tipo],
    ['Componenti', [component]],
  ]
}
