/**
 * Plain text as App IO takes it: a subject of 10 to 120 characters, Markdown of 80 to 10 000. What data holds stays text: nobody puts a
 * link or a heading into a message of the town by the name they gave.
 */

const SUBJECT = { min: 10, max: 120 } as const
const MARKDOWN = { min: 80, max: 10_000 } as const
const SHORT_SUBJECT = 'Comunicazione: '
const SHORT_TEXT =
  'Questo è un avviso di cortesia, senza valore legale: la pratica si segue nell’area personale del sito.'
const CUT = '…'

export function subjectOf(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  const whole = lengthOf(line) < SUBJECT.min ? `${SHORT_SUBJECT}${line}` : line
  return cutAt(SUBJECT.max, [...whole])
}

/** Lines stay lines, an empty one begins a paragraph. */
export function markdownOf(text: string): string {
  const whole = lengthOf(text.trim()) < MARKDOWN.min ? `${text.trim()}\n\n${SHORT_TEXT}` : text.trim()
  return cutAt(MARKDOWN.max, [...whole].map(literal))
}

/** Characters as the platform's schema counts them. */
const lengthOf = (text: string): number => [...text].length

/** A backslash keeps ASCII punctuation what it is (CommonMark 2.4); before the end of a line it breaks it (6.7). */
function literal(character: string, index: number, all: readonly string[]): string {
  const [before = '\n', after = '\n'] = [all[index - 1], all[index + 1]]
  if (character === '\n') return before === '\n' || after === '\n' ? '\n' : '\\\n'
  if (character === '_' && WORD.test(before) && WORD.test(after)) return character
  return SPECIAL.test(character) || (before === '\n' && BEGINS_BLOCK.test(character)) ? `\\${character}` : character
}
const SPECIAL = /[\\`*_[\]<>~|&]/
const BEGINS_BLOCK = /[#+=-]/
const WORD = /[\p{L}\p{N}]/u

function cutAt(max: number, pieces: readonly string[]): string {
  const whole = pieces.join('')
  if (whole.length <= max) return whole
  let kept = ''
  for (const piece of pieces) {
    if (kept.length + piece.length + CUT.length > max) break
    kept += piece
  }
  return `${kept}${CUT}`
}
