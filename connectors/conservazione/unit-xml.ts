/** The index of a deposit (UnitaDocumentaria, version 1.5) as ParER's SacER reads it: element names and order are the schema's. */
import { createHash } from 'node:crypto'
import { type XmlNode, xmlOf } from '../xml.ts'
import type { Unit, UnitDocument, UnitKey } from './types.ts'

export const SIP_VERSION = '1.5'
/** The profile agreed with the service. Da verificare. */
const NORMATIVE_PROFILE = '1.0'
/** What years of keeping for ever are written as (Allegato 5 to the AgID guidelines). */
const FOR_EVER = '9999'

/** Who deposits, as agreed with the service. */
export interface Depositor {
  readonly ambiente: string
  readonly ente: string
  readonly struttura: string
  readonly userId: string
}

/** SHA-256 in the form the service answers with. */
export const hashOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')

export function unitXml(unit: Unit, depositor: Depositor): string {
  const { principale, allegati } = unit
  const root: XmlNode = [
    'UnitaDocumentaria',
    [
      ['Intestazione', heading(unit, depositor)],
      ['ProfiloArchivistico', [['FascicoloPrincipale', fileNodes(unit.fascicolo)]]],
      [
        'ProfiloUnitaDocumentaria',
        [
          ['Oggetto', unit.oggetto],
          ['Data', unit.data],
        ],
      ],
      ['ProfiloNormativo', [normative(unit)], { versione: NORMATIVE_PROFILE }],
      ['NumeroAllegati', String(allegati.length)],
      ['DocumentoPrincipale', documentNodes(principale)],
      ...(allegati.length === 0
        ? []
        : [['Allegati', allegati.map((each): XmlNode => ['Allegato', documentNodes(each)])] satisfies XmlNode]),
    ],
  ]
  return `<?xml version="1.0" encoding="UTF-8"?>${xmlOf(root)}`
}

const heading = ({ chiave, tipologia }: Unit, { ambiente, ente, struttura, userId }: Depositor): readonly XmlNode[] => [
  ['Versione', SIP_VERSION],
  [
    'Versatore',
    [
      ['Ambiente', ambiente],
      ['Ente', ente],
      ['Struttura', struttura],
      ['UserID', userId],
    ],
  ],
  ['Chiave', keyNodes(chiave)],
  ['TipologiaUnitaDocumentaria', tipologia],
]

const keyNodes = ({ numero, anno, registro }: UnitKey): readonly XmlNode[] => [
  ['Numero', numero],
  ['Anno', String(anno)],
  ['TipoRegistro', registro],
]

const fileNodes = ({ identificativo, oggetto, classifica }: Unit['fascicolo']): readonly XmlNode[] => [
  ...(classifica === undefined ? [] : [['Classifica', classifica] satisfies XmlNode]),
  [
    'Fascicolo',
    [
      ['Identificativo', identificativo],
      ['Oggetto', oggetto],
    ],
  ],
]

/** The metadata of the administrative document, in the names of Allegato 5 to the AgID guidelines on documents. */
function normative({ chiave, tipologia, oggetto, fascicolo, principale, conservazioneAnni }: Unit): XmlNode {
  const digest: XmlNode = [
    'ImprontaCrittograficaDelDocumento',
    [
      ['Impronta', createHash('sha256').update(principale.contenuto).digest('base64')],
      ['Algoritmo', 'SHA-256'],
    ],
  ]
  const { classifica } = fascicolo
  return [
    'DocumentoAmministrativoInformatico',
    [
      ['IdDoc', [digest, ['Identificativo', `${chiave.registro}-${chiave.anno}-${chiave.numero}`]]],
      ['TipologiaDocumentale', tipologia],
      ['ChiaveDescrittiva', [['Oggetto', oggetto]]],
      ...(classifica === undefined
        ? []
        : [['Classificazione', [['IndiceDiClassificazione', classifica]]] satisfies XmlNode]),
      ['Riservato', 'false'],
      ['IdentificativoDelFormato', [['Formato', principale.formato]]],
      ['NomeDelDocumento', principale.nomeFile],
      ['VersioneDelDocumento', '1'],
      ['TempoDiConservazione', conservazioneAnni === null ? FOR_EVER : String(conservazioneAnni)],
    ],
  ]
}

function documentNodes({ id, tipo, nomeFile, formato, contenuto }: UnitDocument): readonly XmlNode[] {
  const component: XmlNode = [
    'Componente',
    [
      ['ID', id],
      ['OrdinePresentazione', '1'],
      ['TipoComponente', 'Contenuto'],
      ['TipoSupportoComponente', 'FILE'],
      ['NomeComponente', nomeFile],
      ['FormatoFileVersato', formato],
      ['HashVersato', hashOf(contenuto)],
      ['IDComponenteVersato', id],
    ],
  ]
  return [
    ['IDDocumento', id],
    ['TipoDocumento', tipo],
    ['StrutturaOriginale', [['Componenti', [component]]]],
  ]
}
