/**
 * `daticert.xml`: what a provider certifies of a message (DM 2 November 2005, technical rules 7.3.3). Read from text that a verified
 * signature covers, and written by the sandbox.
 */
import { z } from 'zod'
import { escapeXml, find, parseXml, textAt, type XmlElement } from '../xml.ts'

const kindSchema = z.enum([
  'accettazione',
  'non-accettazione',
  'presa-in-carico',
  'avvenuta-consegna',
  'posta-certificata',
  'errore-consegna',
  'preavviso-errore-consegna',
  'rilevazione-virus',
])
export type CertificateKind = z.infer<typeof kindSchema>
const errorSchema = z.enum(['nessuno', 'no-dest', 'no-dominio', 'virus', 'altro'])
export type DeliveryError = z.infer<typeof errorSchema>
const receiptSchema = z.enum(['completa', 'breve', 'sintetica'])
export type ReceiptDetail = z.infer<typeof receiptSchema>

export interface Certified {
  readonly kind: CertificateKind
  readonly error: DeliveryError
  /** Addresses in lower case. */
  readonly sender: string
  readonly recipients: readonly { readonly address: string; readonly isCertified: boolean }[]
  readonly subject: string
  readonly provider: string
  /** ISO instant with the offset the provider writes; the legal time. */
  readonly at: string
  /** The provider's id of the message; its receipts share it. */
  readonly id: string
  /** Message-ID of the original message, in angle brackets; null when the provider leaves it out. */
  readonly messageId: string | null
  readonly detail: ReceiptDetail | null
  /** The recipient to whom it was, or could not be, delivered, or for whom it was taken in charge. */
  readonly deliveredTo: string | null
  /** What went wrong, in the provider's words. */
  readonly explanation: string | null
}

/** Throws a `SyntaxError` when it is not as the rules say. */
export function readCertificate(xml: Buffer): Certified {
  const root = parseXml(textOf(xml), { isDoctypeNamed: true })
  if (root.name !== 'postacert') throw new SyntaxError(`Expected postacert, but found ${root.name.slice(0, 40)}`)
  const head = find(root, 'intestazione')
  const data = find(root, 'dati')
  const messageId = textAt(data, 'msgid')
  return {
    kind: oneOf(kindSchema, root.attributes.get('tipo')),
    error: oneOf(errorSchema, root.attributes.get('errore') ?? 'nessuno'),
    sender: required(head, 'mittente').toLowerCase(),
    recipients: (head?.children ?? [])
      .filter(({ name }) => name === 'destinatari')
      .map(({ text, attributes }) => ({
        address: text.trim().toLowerCase(),
        isCertified: attributes.get('tipo') !== 'esterno',
      })),
    subject: textAt(head, 'oggetto'),
    provider: textAt(data, 'gestore-emittente'),
    at: instantOf(find(data, 'data')),
    id: required(data, 'identificativo'),
    messageId: messageId === '' ? null : `<${messageId.replace(/^<|>$/g, '')}>`,
    detail: optional(receiptSchema, find(data, 'ricevuta')?.attributes.get('tipo')),
    deliveredTo: (textAt(data, 'consegna') || textAt(data, 'ricezione')).toLowerCase() || null,
    explanation: textAt(data, 'errore-esteso') || null,
  }
}

const optional = <T>(schema: z.ZodType<T>, value: string | undefined): T | null =>
  value === undefined ? null : oneOf(schema, value)

function oneOf<T>(schema: z.ZodType<T>, value: string | undefined): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new SyntaxError(`Expected a word of the rules, but found '${String(value).slice(0, 40)}'`)
}

function required(element: XmlElement | undefined, name: string): string {
  const text = textAt(element, name)
  if (text === '') throw new SyntaxError(`Expected ${name}, but it is missing`)
  return text
}

/** Older providers write Latin-1; the declaration says so. */
function textOf(xml: Buffer): string {
  const declared = /^<\?xml[^>]{0,100}encoding=["']([\w-]{1,20})["']/.exec(xml.subarray(0, 200).toString('latin1'))?.[1]
  const isLatin = declared !== undefined && /^(?:iso-8859-1|iso-8859-15|windows-1252|us-ascii)$/i.test(declared)
  return new TextDecoder(isLatin ? 'windows-1252' : 'utf-8').decode(xml)
}

/** `gg/mm/aaaa`, `hh:mm:ss` and an offset such as `+0100`. */
function instantOf(data: XmlElement | undefined): string {
  const day = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(textAt(data, 'giorno'))
  const time = /^\d\d:\d\d:\d\d$/.exec(textAt(data, 'ora'))?.[0]
  const zone = /^([+-]\d\d):?(\d\d)$/.exec(data?.attributes.get('zona') ?? '')
  const text = day && time && zone ? `${day[3]}-${day[2]}-${day[1]}T${time}${zone[1]}:${zone[2]}` : ''
  if (Number.isNaN(Date.parse(text)))
    throw new SyntaxError('Expected day, time and zone, but they are not as the rules say')
  return text
}

/** As a provider writes it, in the order of the DTD. */
export function certificateXml(certified: Certified): string {
  const element = (name: string, text: string | null) => (text === null ? '' : `<${name}>${escapeXml(text)}</${name}>`)
  const { kind, error, sender, recipients, subject, provider, at, id, messageId, detail } = certified
  const [day = '', time = ''] = at.split('T')
  const recipientsXml = recipients.map(
    ({ address, isCertified }) =>
      `<destinatari tipo="${isCertified ? 'certificato' : 'esterno'}">${escapeXml(address)}</destinatari>`,
  )
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<postacert tipo="${kind}" errore="${error}">`,
    `<intestazione>${element('mittente', sender)}${recipientsXml.join('')}${element('risposte', sender)}${element('oggetto', subject)}</intestazione>`,
    `<dati>${element('gestore-emittente', provider)}<data zona="${time.slice(8).replace(':', '')}"><giorno>${day.split('-').reverse().join('/')}</giorno><ora>${time.slice(0, 8)}</ora></data>`,
    element('identificativo', id),
    element('msgid', messageId),
    detail === null ? '' : `<ricevuta tipo="${detail}"/>`,
    element(kind === 'presa-in-carico' ? 'ricezione' : 'consegna', certified.deliveredTo),
    element('errore-esteso', certified.explanation),
    '</dati></postacert>',
  ].join('')
}
