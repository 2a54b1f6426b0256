/**
 * The mail a provider writes: receipts and the envelopes around what it carries, signed as S/MIME asks, certified in `daticert.xml`
 * (DM 2 November 2005, technical rules 6 and 7).
 */
import { ObjectIdentifier, OctetString, UTCTime } from 'asn1js'
import MailComposer from 'nodemailer/lib/mail-composer/index.js'
import {
  Attribute,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  id_ContentType_Data,
  id_ContentType_SignedData,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
} from 'pkijs'
import { derOf, type Identity, signingKey } from '../../test-authority.ts'
import { type Certified, certificateXml } from '../certificate.ts'
import { readMail } from '../mime.ts'

export interface Provider {
  readonly name: string
  /** The address that signs, `posta-certificata@...`. */
  readonly address: string
  readonly identity: Identity
}
export interface EnvelopeText {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
  /** Null in an anomaly: nobody certifies anything of it. */
  readonly certified: Certified | null
  /** The original, if it is enclosed. */
  readonly message: Buffer | null
  /** Epoch milliseconds. */
  readonly at: number
}

export async function signedMail(provider: Provider, envelope: EnvelopeText): Promise<Buffer> {
  const { from, to, subject, at } = envelope
  const content = await contentOf(envelope)
  const signature = await detachedSignature(content, provider.identity, at)
  const boundary = `firma-${crypto.randomUUID()}`
  const head = await composed({
    ...{ from, to, subject, date: new Date(at), text: '' },
    messageId: `<${crypto.randomUUID()}@${provider.address.split('@')[1]}>`,
    headers: envelope.headers,
  })
  const lines = [
    ...head
      .subarray(0, head.indexOf('\r\n\r\n'))
      .toString('utf8')
      .split(/\r\n(?![ \t])/)
      .filter((line) => !/^(?:content-|mime-)/i.test(line)),
    'MIME-Version: 1.0',
    `Content-Type: multipart/signed; protocol="application/x-pkcs7-signature"; micalg="sha-256"; boundary="${boundary}"`,
  ]
  const text = (value: string) => Buffer.from(value, 'utf8')
  return Buffer.concat([
    text(`${lines.join('\r\n')}\r\n\r\n--${boundary}\r\n`),
    content,
    text(
      `\r\n--${boundary}\r\nContent-Type: application/x-pkcs7-signature; name="smime.p7s"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="smime.p7s"\r\n\r\n${base64Lines(signature)}\r\n--${boundary}--\r\n`,
    ),
  ])
}

/** What is signed: the text for people, the certificate for programs, the original. */
async function contentOf({ text, certified, message }: EnvelopeText): Promise<Buffer> {
  const certificate = certified && {
    filename: 'daticert.xml',
    contentType: 'application/xml',
    content: certificateXml(certified),
  }
  const original = message && { filename: 'postacert.eml', contentType: 'message/rfc822', content: message }
  const whole = await composed({ text, attachments: [certificate, original].filter((part) => part !== null) })
  const body = whole.indexOf('\r\n\r\n')
  const type = readMail(whole).headers.get('content-type') ?? ''
  return Buffer.concat([Buffer.from(`Content-Type: ${type}`), whole.subarray(body)])
}

/** What a short receipt encloses: the original, its attachments replaced by their digests. */
export async function shortened(original: Buffer): Promise<Buffer> {
  const mail = readMail(original)
  const attachments = mail.parts
    .filter(({ fileName }) => fileName !== null)
    .map(async ({ fileName, content }) => ({
      filename: `${fileName}.hash`,
      content: Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(content))).toString('hex'),
    }))
  const [text] = mail.parts.filter(({ type, fileName }) => type === 'text/plain' && fileName === null)
  return composed({
    from: mail.headers.get('from'),
    to: mail.headers.get('to'),
    subject: mail.headers.get('subject'),
    messageId: mail.headers.get('message-id'),
    text: (text ?? mail).content.toString('utf8'),
    attachments: await Promise.all(attachments),
  })
}

type Composition = NonNullable<ConstructorParameters<typeof MailComposer>[0]>

export const composed = (mail: Composition): Promise<Buffer> =>
  new MailComposer({ ...mail, newline: '\r\n', disableFileAccess: true, disableUrlAccess: true }).compile().build()

const base64Lines = (bytes: Buffer): string => bytes.toString('base64').replace(/.{76}(?=.)/g, '$&\r\n')

const ATTRIBUTE = {
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
}

/** CMS, RFC 5652, without the content. */
async function detachedSignature(content: Buffer, identity: Identity, at: number): Promise<Buffer> {
  const certificate = Certificate.fromBER(derOf(identity.certificate))
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(content))
  const attribute = (type: string, value: object) => new Attribute({ type, values: [value] })
  const signerInfo = new SignerInfo({
    version: 1,
    sid: new IssuerAndSerialNumber({ issuer: certificate.issuer, serialNumber: certificate.serialNumber }),
    signedAttrs: new SignedAndUnsignedAttributes({
      type: 0,
      attributes: [
        attribute(ATTRIBUTE.contentType, new ObjectIdentifier({ value: id_ContentType_Data })),
        attribute(ATTRIBUTE.signingTime, new UTCTime({ valueDate: new Date(at) })),
        attribute(ATTRIBUTE.messageDigest, new OctetString({ valueHex: digest })),
      ],
    }),
  })
  const signed = new SignedData({
    version: 1,
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: id_ContentType_Data }),
    signerInfos: [signerInfo],
    certificates: [certificate],
  })
  await signed.sign(await signingKey(identity), 0, 'SHA-256', new Uint8Array(content).buffer)
  const info = new ContentInfo({ contentType: id_ContentType_SignedData, content: signed.toSchema(true) })
  return Buffer.from(info.toSchema().toBER())
}
