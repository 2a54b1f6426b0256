/** What a text message can hold: one segment of the GSM 7-bit default alphabet (3GPP TS 23.038), to a number as E.164 writes it. */

const SEPTETS_MAX = 160
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
/** Take two septets each. */
const EXTENDED = '^{}\\[~]|€'
const ALPHABET: ReadonlyMap<string, number> = new Map([
  ...[...BASIC].map((character) => [character, 1] as const),
  ...[...EXTENDED].map((character) => [character, 2] as const),
])
/** How what Italian texts hold beyond that alphabet is written within it. */
const WRITTEN: Readonly<Record<string, string>> = {
  ...{ '«': '"', '»': '"', '“': '"', '”': '"', '’': "'", '‘': "'", '–': '-', '—': '-', '…': '...', '\u00a0': ' ' },
  ...{ À: "A'", È: "E'", Ì: "I'", Ò: "O'", Ù: "U'" },
}
const CUT = '...'

/** The text within one segment: white space is one space, other letters lose their accents, what is too long is cut. */
export function oneSegment(text: string): string {
  const pieces = [...text.normalize('NFC').replaceAll(/\s+/g, ' ').trim()].flatMap(written)
  if (septetsOf(pieces) <= SEPTETS_MAX) return pieces.join('')
  let kept = ''
  let septets = CUT.length
  for (const piece of pieces) {
    septets += ALPHABET.get(piece) ?? 1
    if (septets > SEPTETS_MAX) break
    kept += piece
  }
  return `${kept.trimEnd()}${CUT}`
}

function written(character: string): readonly string[] {
  if (ALPHABET.has(character)) return [character]
  const replaced = WRITTEN[character] ?? character.normalize('NFD').replaceAll(/\p{M}/gu, '')
  return [...replaced].map((one) => (ALPHABET.has(one) ? one : '?'))
}

const septetsOf = (pieces: readonly string[]): number =>
  pieces.reduce((sum, piece) => sum + (ALPHABET.get(piece) ?? 1), 0)

const E164 = /^\+[1-9]\d{6,14}$/
const ITALIAN_MOBILE = /^3\d{8,9}$/

/** The number as E.164 writes it; an Italian mobile number needs no prefix. Null when it is none. */
export function e164Of(number: string): string | null {
  const digits = number.replaceAll(/[\s./()-]/g, '').replace(/^00/, '+')
  if (ITALIAN_MOBILE.test(digits)) return `+39${digits}`
  return E164.test(digits) ? digits : null
}
