/** What a page of documentation holds for tests to prove: fenced blocks, examples in them, rows of tables. */
import type { Dialect } from '../../engine/feel/index.ts'

export interface Block {
  readonly language: string
  /** The further words after the language. */
  readonly marks: readonly string[]
  readonly text: string
}

export const blocksOf = (page: string): readonly Block[] =>
  [...page.matchAll(/^```(\w*)([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, language = '', marks = '', text = '']) => ({
    language,
    marks: marks.trim().split(' '),
    text,
  }))

export interface Example {
  readonly source: string
  readonly result: string
  readonly dialects: readonly Dialect[]
}

const DIALECTS: readonly Dialect[] = ['camunda', 'standard']

/** `expression // result`, one a line, in a block of FEEL; in both dialects unless the block names one. */
export function examplesIn({ language, marks, text }: Block): readonly Example[] {
  if (language !== 'feel') return []
  const named = DIALECTS.filter((dialect) => marks.includes(dialect))
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [, source, result] = /^(.*?)\s+\/\/ (.*)$/.exec(line) ?? []
      if (source === undefined || result === undefined) throw new Error(`Expected an example, but found '${line}'.`)
      return { source, result, dialects: named.length === 0 ? DIALECTS : named }
    })
}

/** The tables, row by row and cell by cell, without the quotes of code; the line below the head is left out. */
export const tablesOf = (page: string): readonly (readonly (readonly string[])[])[] =>
  page
    .split('\n\n')
    .filter((part) => part.startsWith('|'))
    .map((table) => {
      const [head, , ...rows] = table.trim().split('\n').map(cellsOf)
      return [head!, ...rows]
    })

/** The rows below the heads of the tables whose first column has that title. */
export const rowsOf = (page: string, title: string): readonly (readonly string[])[] =>
  tablesOf(page).flatMap(([head, ...rows]) => (head?.[0] === title ? rows : []))

const cellsOf = (row: string): readonly string[] =>
  row
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) =>
      cell
        .trim()
        .replace(/^`+(.*?)`+$/, '$1')
        .replaceAll('\\|', '|')
        .trim(),
    )
