/** The little SOAP 1.1 that Aruba's service needs: document/literal, children without namespace. */
import { escapeXml, find, parseXml, type XmlElement, type XmlNode, xmlOf } from '../xml.ts'

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/'
export const ARSS = 'http://arubasignservice.arubapec.it/'

/** `operation`: local name of what the body holds. */
export const soapOf = (operation: string, content: readonly XmlNode[]): string =>
  `<soap:Envelope xmlns:soap="${ENVELOPE}"><soap:Body>${xmlOf([`arss:${operation}`, content, { 'xmlns:arss': ARSS }])}</soap:Body></soap:Envelope>`

export const faultOf = (text: string): string =>
  `<soap:Envelope xmlns:soap="${ENVELOPE}"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode><faultstring>${escapeXml(text)}</faultstring></soap:Fault></soap:Body></soap:Envelope>`

/** What the body holds. Throws a `SyntaxError` where it is no envelope. */
export function bodyOf(text: string): XmlElement {
  const [inside] = find(parseXml(text), 'Body')?.children ?? []
  if (inside) return inside
  throw new SyntaxError('Expected a SOAP envelope with a body, but it is none')
}
