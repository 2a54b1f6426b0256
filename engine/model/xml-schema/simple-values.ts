/** Texts of attributes and of elements without children, as BPMN's schema types them. */

export interface SimpleType {
  readonly kind: 'simple'
  /** What the text is for the document as a whole: an id of its own, or the id of another element. */
  readonly role: 'id' | 'reference' | null
  /** Null when the text is one of this type; spaces around it do not count. */
  fault(text: string, isPrefixBound: (prefix: string) => boolean): string | null
}

const NC_NAME = /^[\p{L}_][\p{L}\p{N}\p{M}\u00b7._-]*$/u
const INT_MAX = 2_147_483_647n

const simple = (name: string, accepts: (text: string) => boolean, role: SimpleType['role'] = null): SimpleType => ({
  kind: 'simple',
  role,
  fault: (text) => (accepts(text) ? null : `cvc-datatype-valid.1.2.1: '${text}' is not a valid value for '${name}'.`),
})
const isInteger = (text: string): boolean => /^[+-]?\d+$/.test(text)
const isInt = (text: string): boolean => isInteger(text) && magnitude(BigInt(text.replace('+', ''))) <= INT_MAX
const magnitude = (number: bigint): bigint => (number < 0n ? -1n - number : number)
const anything = (): boolean => true

const qualifiedName: SimpleType = {
  kind: 'simple',
  role: null,
  fault(text, isPrefixBound) {
    const parts = text.split(':')
    if (parts.length > 2 || !parts.every((part) => NC_NAME.test(part)))
      return `cvc-datatype-valid.1.2.1: '${text}' is not a valid value for 'QName'.`
    const [prefix = ''] = parts
    return parts.length === 1 || isPrefixBound(prefix)
      ? null
      : `UndeclaredPrefix: Cannot resolve '${text}' as a QName: the prefix '${prefix}' is not declared.`
  },
}

/** The types of XML Schema itself that BPMN uses, by local name. */
export const builtInTypes: ReadonlyMap<string, SimpleType> = new Map([
  ['string', simple('string', anything)],
  ['token', simple('token', anything)],
  ['anyURI', simple('anyURI', anything)],
  ['boolean', simple('boolean', (text) => /^(?:true|false|1|0)$/.test(text))],
  ['integer', simple('integer', isInteger)],
  ['int', simple('int', isInt)],
  ['double', simple('double', (text) => /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|-?INF|NaN)$/.test(text))],
  ['ID', simple('NCName', (text) => NC_NAME.test(text), 'id')],
  ['IDREF', simple('NCName', (text) => NC_NAME.test(text), 'reference')],
  ['QName', qualifiedName],
])

export const enumeration = (values: readonly string[]): SimpleType => ({
  kind: 'simple',
  role: null,
  fault: (text) =>
    values.includes(text)
      ? null
      : `cvc-enumeration-valid: Value '${text}' is not facet-valid with respect to enumeration '[${values.join(', ')}]'. It must be a value from the enumeration.`,
})
