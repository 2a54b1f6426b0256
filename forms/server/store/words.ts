/** The words by which a practice is found, without accents and capitals. Owns what a word is; pure. */

const WORDS_MAX = 12
const CHARACTERS_MAX = 60

/** A number is found with and without the zeros before it. At most so many words, each so long. */
export function wordsIn(text: string): readonly string[] {
  const plain = text
    .slice(0, WORDS_MAX * CHARACTERS_MAX)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
  const words = (plain.match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, WORDS_MAX)
  return words.flatMap((word) => {
    const short = word.slice(0, CHARACTERS_MAX)
    return /^0+\d/.test(short) ? [short, short.replace(/^0+(?=\d)/, '')] : [short]
  })
}

/** As PostgreSQL's `tsquery`: each of the words begins a word of the practice. The words are letters and digits alone. */
export const prefixQuery = (words: readonly string[]): string => words.map((word) => `'${word}':*`).join(' & ')
