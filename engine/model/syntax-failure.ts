/**
 * Where an expression stops being one, in the form of Zeebe's parser: after the longest beginning that is an expression by itself.
 * Clients and tests read these texts, so that the place and what was found there are worth having alike.
 */
import { compileExpression } from '../feel/index.ts'

/** Beyond either the text is said to fail at its first character. */
const TRIES_MAX = 100
const LENGTH_MAX = 2_000
const FOUND_LENGTH = 10

const GOES_ON = 'binaryComparison | between | instanceOf | in | "and" | "or" | end-of-input'
const AFTER_EXPRESSION = `(${GOES_ON})`
const AFTER_TYPE = '("." | "and" | "or" | end-of-input)'
const AT_START = '(start-of-input | ifOp | forOp | quantifiedOp | disjunction)'

/** A keyword whose expression fails is a name to Zeebe's parser, after which two things could follow. */
const OPERAND = '(ifOp | forOp | quantifiedOp | disjunction)'
const AFTER_KEYWORD: Readonly<Record<string, string>> = {
  if: `(${OPERAND} ~ "then" ~ ${OPERAND} ~ "else" | ${GOES_ON})`,
  for: `(listIterator.rep(1) ~ "return" | ${GOES_ON})`,
}

/** For a source that does not compile. */
export function syntaxFailure(source: string): string {
  const begun = longestBeginning(source)
  const keyword = begun === 0 ? (/^(?:if|for)\b/.exec(source)?.[0] ?? '') : ''
  const end = begun + keyword.length
  const at = end === 0 ? 0 : end + (/^\s*/.exec(source.slice(end))?.[0].length ?? 0)
  const lines = source.slice(0, at).split('\n')
  const place = `${lines.length}:${(lines.at(-1) ?? '').length + 1}`
  return `Expected ${wanted(source.slice(0, begun), keyword)}:${place}, found ${JSON.stringify(source.slice(at, at + FOUND_LENGTH))}`
}

function wanted(beginning: string, keyword: string): string {
  if (keyword !== '') return AFTER_KEYWORD[keyword] ?? AT_START
  if (beginning === '') return AT_START
  return /\binstance of \w+$/.test(beginning) ? AFTER_TYPE : AFTER_EXPRESSION
}

/** Its length; 0 when there is none. Words are not cut. */
function longestBeginning(source: string): number {
  if (source.length > LENGTH_MAX) return 0
  const ends = [...source.matchAll(/\d+|\w+|[^\w\s]/g)].map((token) => token.index + token[0].length)
  const tried = ends.slice(0, -1).reverse().slice(0, TRIES_MAX)
  return tried.find((end) => compileExpression(source.slice(0, end)).ok) ?? 0
}
