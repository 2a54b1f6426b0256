/** The index of a deposit (UnitaDocumentaria, version 1.5) as ParER's SacER reads it: element names and order are the schema's. */
import { createHash } from 'node:crypto'
import { escapeXml } from '../xml.ts'
import type { Unit, UnitKey } from './types.ts'

export const SIP_VERSION = '1.5'

/** Who deposits, as agreed with the service. */
export interface Depositor {
  readonly ambiente: string
  readonly ente: string
  readonly struttura: string
  readonly userId: string
}

/** SHA-256 in the form the service answers with. */
export const hashOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')

type Node = readonly [name: string, content: string | readonly Node[]]

export function unitXml(unit: Unit, depositor: Depositor): string {
  const { documento, fascicolo } = unit
  const component: Node = [
    'Componente',
    [
      ['ID', documento.id],
      ['OrdinePresentazione', '1'],
      ['TipoComponente', 'Contenuto'],
      ['TipoSupportoComponente', 'FILE'],
      ['NomeComponente', documento.nomeFile],
      ['FormatoFileVersato', documento.formato],
      ['HashVersato', hashOf(documento.contenuto)],
    ],
  ]
  const structure: Node = ['StrutturaOriginale', [['Componenti', [component]]]]
  const root: Node = [
    'UnitaDocumentaria',
    [
      ['Intestazione', heading(unit, depositor)],
      ['ProfiloArchivistico', [['FascicoloPrincipale', [['Fascicolo', fileNodes(fascicolo)]]]]],
      [
        'ProfiloUnitaDocumentaria',
        [
          ['Oggetto', unit.oggetto],
          ['Data', unit.data],
        ],
      ],
      ['DocumentoPrincipale', [['IDDocumento', documento.id], ['TipoDocumento', documento.tipo], structure]],
    ],
  ]
  return `<?xml version="1.0" encoding="UTF-8"?>${written(root)}`
}

const heading = ({ chiave, tipologia }: Unit, { ambiente, ente, struttura, userId }: Depositor): readonly Node[] => [
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

const keyNodes = ({ numero, anno, registro }: UnitKey): readonly Node[] => [
  ['Numero', numero],
  ['Anno', String(anno)],
  ['TipoRegistro', registro],
]

const fileNodes = ({ identificativo, oggetto }: Unit['fascicolo']): readonly Node[] => [
  ['Identificativo', identificativo],
  ['Oggetto', oggetto],
]

const written = ([name, content]: Node): string =>
  `<${name}>${typeof content === 'string' ? escapeXml(content) : content.map(written).join('')}</${name}>`
