/**
 * The protocol signature (segnatura di protocollo, AgID guidelines on documents, allegato 6, version 3.0.0): what a message between
 * administrations says of itself, its documents named by digest. Owns its shape, written and read. Does not own how it is sealed
 * (seal.ts). Postal addresses are left out: the schema wants six digits of a code that has five.
 */
import { find, parseXml, textAt, type XmlElement, type XmlNode } from '../xml.ts'
import type { ProtocolNumber, RegisteredDocument } from './types.ts'

export const PROTOCOL_NAMESPACE = 'http://www.agid.gov.it/protocollo/'

/** A sender or an addressee. */
export type Subject =
  | {
      readonly kind: 'amministrazione'
      readonly denominazione: string
      readonly codiceIpa: string
      readonly codiceAoo?: string
      readonly email?: string
    }
  | {
      readonly kind: 'persona'
      readonly nome: string
      readonly cognome: string
      readonly codiceFiscale?: string
      readonly email?: string
    }
  | { readonly kind: 'giuridica'; readonly denominazione: string; readonly email?: string }

export interface Segnatura {
  readonly codiceAmministrazione: string
  readonly codiceAoo: string
  readonly registrazione: ProtocolNumber
  readonly oggetto: string
  readonly classifica: { readonly codice: string; readonly denominazione: string }
  readonly fascicolo?: { readonly codice: string; readonly denominazione: string }
  readonly mittente: Subject
  readonly destinatari: readonly [Subject, ...Subject[]]
  /** The primary document, then its attachments; digests are SHA-256, base64. */
  readonly documenti: readonly [Pick<RegisteredDocument, 'nome' | 'tipo' | 'impronta'>, ...Described[]]
}
type Described = Pick<RegisteredDocument, 'nome' | 'tipo' | 'impronta'>

type Content = string | readonly XmlNode[]
const node = (name: string, content: Content, attributes: Readonly<Record<string, string>> = {}): XmlNode => [
  `prot:${name}`,
  content,
  // The schema qualifies attributes too.
  Object.fromEntries(Object.entries(attributes).map(([key, value]) => [`prot:${key}`, value])),
]

/** All but its seal, which comes last in it. */
export function segnaturaNode(segnatura: Segnatura): XmlNode {
  const { oggetto, classifica, fascicolo, mittente, destinatari, documenti } = segnatura
  const [primary, ...attachments] = documenti
  return node(
    'SegnaturaInformatica',
    [
      node('Intestazione', [
        identifier(segnatura),
        node('Oggetto', oggetto),
        node('Classifica', [node('Denominazione', classifica.denominazione), node('CodiceFlat', classifica.codice)]),
        ...(fascicolo
          ? [
              node('Fascicolo', [
                node('Denominazione', fascicolo.denominazione),
                node('CodiceFascicolo', fascicolo.codice),
              ]),
            ]
          : []),
      ]),
      node('Descrizione', [
        node('Mittente', [subjectNode(mittente)]),
        ...destinatari.map((subject) => node('Destinatario', [subjectNode(subject)], { confermaRicezione: 'true' })),
        documentNode('DocumentoPrimario', primary),
        ...attachments.map((document) => documentNode('Allegato', document)),
      ]),
    ],
    { versione: '3.0.0', lang: 'it' },
  )
}

function identifier({ codiceAmministrazione, codiceAoo, registrazione }: Segnatura): XmlNode {
  const instant = Temporal.Instant.from(registrazione.data).toZonedDateTimeISO('Europe/Rome')
  return node('Identificatore', [
    node('CodiceAmministrazione', codiceAmministrazione),
    node('CodiceAOO', codiceAoo),
    node('CodiceRegistro', registrazione.registro),
    node('NumeroRegistrazione', registrazione.numero),
    node('DataRegistrazione', instant.toPlainDate().toString()),
    node('OraRegistrazione', instant.toPlainTime().toString({ smallestUnit: 'second' })),
  ])
}

function subjectNode(subject: Subject): XmlNode {
  switch (subject.kind) {
    case 'amministrazione':
      return node('Amministrazione', [
        node('DenominazioneAmministrazione', subject.denominazione),
        node('CodiceIPAAmministrazione', subject.codiceIpa),
        ...contacts('ContattiAmministrazione', subject.email),
        ...(subject.codiceAoo === undefined ? [] : [node('CodiceIPAAOO', subject.codiceAoo)]),
      ])
    case 'persona':
      return node('PersonaFisica', [
        node('Nome', subject.nome),
        node('Cognome', subject.cognome),
        ...(subject.codiceFiscale === undefined ? [] : [node('CodiceFiscale', subject.codiceFiscale)]),
        ...contacts('Contatti', subject.email),
      ])
    case 'giuridica':
      return node('PersonaGiuridica', [
        node('Denominazione', subject.denominazione),
        ...contacts('ContattiPersonaGiuridica', subject.email),
      ])
  }
}

const contacts = (name: string, email: string | undefined): readonly XmlNode[] =>
  email === undefined ? [] : [node(name, [node('IndirizzoTelematico', email, { tipo: 'smtp' })])]

const documentNode = (name: string, { nome, tipo, impronta }: Described): XmlNode =>
  node(name, [node('Impronta', impronta, { algoritmo: 'SHA-256' })], { nomeFile: nome, mimeType: tipo })

/** What a segnatura says, of whoever made it. Throws a `SyntaxError` when it is none of version 3. */
export function readSegnatura(xml: string): Segnatura {
  const root = parseXml(xml)
  if (root.name !== 'SegnaturaInformatica' || !/^3\./.test(root.attributes.get('versione') ?? ''))
    throw new SyntaxError(`Expected a protocol signature of version 3, but found ${root.name}`)
  const heading = find(root, 'Intestazione')
  const body = find(root, 'Descrizione')
  const file = find(heading, 'Fascicolo')
  const documents = (body?.children ?? []).filter(({ name }) => name === 'DocumentoPrimario' || name === 'Allegato')
  const [primary, ...attachments] = documents.map(describedIn)
  const [addressee, ...others] = (body?.children ?? []).filter(({ name }) => name === 'Destinatario').map(subjectIn)
  const sender = find(body, 'Mittente')
  if (!primary || !addressee || !sender) throw new SyntaxError('Expected a sender, an addressee and a document in it')
  return {
    ...numbersIn(find(heading, 'Identificatore')),
    oggetto: textAt(heading, 'Oggetto'),
    classifica: {
      codice: classIn(find(heading, 'Classifica')),
      denominazione: textAt(heading, 'Classifica', 'Denominazione'),
    },
    ...(file && {
      fascicolo: { codice: textAt(file, 'CodiceFascicolo'), denominazione: textAt(file, 'Denominazione') },
    }),
    mittente: subjectIn(sender),
    destinatari: [addressee, ...others],
    documenti: [primary, ...attachments],
  }
}

function numbersIn(
  identifier: XmlElement | undefined,
): Pick<Segnatura, 'codiceAmministrazione' | 'codiceAoo' | 'registrazione'> {
  const day = Temporal.PlainDate.from(textAt(identifier, 'DataRegistrazione').slice(0, 10))
  const time = textAt(identifier, 'OraRegistrazione')
  const plainTime = time === '' ? undefined : Temporal.PlainTime.from(time.slice(0, 8))
  return {
    codiceAmministrazione: textAt(identifier, 'CodiceAmministrazione'),
    codiceAoo: textAt(identifier, 'CodiceAOO'),
    registrazione: {
      numero: textAt(identifier, 'NumeroRegistrazione'),
      anno: day.year,
      registro: textAt(identifier, 'CodiceRegistro'),
      data: day.toZonedDateTime({ timeZone: 'Europe/Rome', plainTime }).toInstant().toString(),
    },
  }
}

/** Levels one under the other are read as one code. */
function classIn(classifica: XmlElement | undefined): string {
  const flat = textAt(classifica, 'CodiceFlat')
  if (flat !== '') return flat
  const levels: string[] = []
  for (let at = find(classifica, 'CodicePath'); at; at = find(at, 'SubLivello')) levels.push(textAt(at, 'Livello'))
  return levels.join('.')
}

function describedIn(document: XmlElement): Described {
  const digest = find(document, 'Impronta')
  const algorithm = digest?.attributes.get('algoritmo') ?? 'SHA-256'
  if (algorithm !== 'SHA-256') throw new SyntaxError(`Expected digests by SHA-256, but found ${algorithm}`)
  const { attributes } = document
  return {
    nome: attributes.get('nomeFile') ?? '',
    tipo: attributes.get('mimeType') ?? '',
    impronta: textAt(document, 'Impronta').replaceAll(/\s/g, ''),
  }
}

function subjectIn(parent: XmlElement): Subject {
  const [subject] = parent.children
  const email = subject?.children
    .flatMap(({ children }) => children)
    .find(({ name, attributes }) => name === 'IndirizzoTelematico' && (attributes.get('tipo') ?? 'smtp') === 'smtp')
    ?.text.trim()
  const reached = email === undefined ? {} : { email }
  const text = (name: string) => textAt(subject, name)
  switch (subject?.name) {
    case 'Amministrazione': {
      const codiceAoo = text('CodiceIPAAOO')
      return {
        ...{ kind: 'amministrazione', denominazione: text('DenominazioneAmministrazione') },
        ...{ codiceIpa: text('CodiceIPAAmministrazione'), ...(codiceAoo && { codiceAoo }), ...reached },
      }
    }
    case 'PersonaFisica': {
      const codiceFiscale = text('CodiceFiscale')
      return {
        ...{ kind: 'persona', nome: text('Nome'), cognome: text('Cognome') },
        ...{ ...(codiceFiscale && { codiceFiscale }), ...reached },
      }
    }
    case 'PersonaGiuridica':
      return { kind: 'giuridica', denominazione: text('Denominazione'), ...reached }
    case 'AmministrazioneEstera':
      return { kind: 'giuridica', denominazione: text('DenominazioneAmministrazione'), ...reached }
    default:
      throw new SyntaxError(
        `Expected a sender or addressee that the guidelines know, but found ${subject?.name ?? 'none'}`,
      )
  }
}
