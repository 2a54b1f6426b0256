/**
 * JSON documents of variables as text. A value is kept as the text it came in, without the white space, so that a number never
 * loses a digit; equal texts are equal values.
 */
import type { Json } from '../protocol/records.ts'

export type Entry = readonly [name: string, value: Json]

const SPACE = /[ \t\n\r]/
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const DEPTH_MAX = 100

/** Reads the entries of a JSON object; of two equal names the later wins. Throws SyntaxError when the text is no JSON object. */
export function entriesOf(document: Json): readonly Entry[] {
  if (document === '' || document === '{}') return []
  const reader = new Reader(document)
  reader.space()
  const entries = reader.object(0)
  reader.end()
  return [...entries]
}

/** The items of a JSON list; null when the text is no list. */
export function itemsOfList(text: Json): readonly Json[] | null {
  return text.startsWith('[') ? new Reader(text).list(0) : null
}

/** The document of a list of named values, in their order. */
export function documentOf(variables: Iterable<{ readonly name: string; readonly value: Json }>): Json {
  let text = ''
  for (const { name, value } of variables) text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${value}`
  return `{${text}}`
}

class Reader {
  #at = 0
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  space(): void {
    while (this.#at < this.#text.length && SPACE.test(this.#text[this.#at]!)) this.#at++
  }
  end(): void {
    this.space()
    if (this.#at < this.#text.length) this.#fail()
  }
  object(depth: number): Map<string, Json> {
    const entries = new Map<string, Json>()
    this.#list('{', '}', depth, () => {
      if (this.#text[this.#at] !== '"') this.#fail()
      const name = JSON.parse(this.#string()) as string
      this.space()
      this.#expect(':')
      entries.set(name, this.#value(depth + 1))
    })
    return entries
  }
  list(depth: number): readonly Json[] {
    const items: Json[] = []
    this.#list('[', ']', depth, () => items.push(this.#value(depth + 1)))
    return items
  }
  #value(depth: number): Json {
    this.space()
    switch (this.#text[this.#at]) {
      case '{':
        return documentOf([...this.object(depth)].map(([name, value]) => ({ name, value })))
      case '[':
        return `[${this.list(depth).join(',')}]`
      case '"':
        return this.#string()
      case 't':
        return this.#word('true')
      case 'f':
        return this.#word('false')
      case 'n':
        return this.#word('null')
      default:
        return this.#number()
    }
  }
  #list(open: string, close: string, depth: number, item: () => void): void {
    if (depth > DEPTH_MAX) throw new SyntaxError(`JSON deeper than ${DEPTH_MAX} levels`)
    this.#expect(open)
    this.space()
    if (this.#text[this.#at] === close) {
      this.#at++
      return
    }
    for (;;) {
      this.space()
      item()
      this.space()
      if (this.#text[this.#at] !== ',') break
      this.#at++
    }
    this.#expect(close)
  }
  /** Text with escapes is written out again in one way, so that equal strings have equal texts. */
  #string(): Json {
    const start = this.#at
    let escaped = false
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const c = this.#text[this.#at]!
      if (c === '"') {
        const raw = this.#text.slice(start, ++this.#at)
        return escaped ? JSON.stringify(JSON.parse(raw)) : raw
      }
      if (c < ' ') this.#fail()
      if (c === '\\') {
        escaped = true
        this.#at++
      }
    }
    return this.#fail()
  }
  #number(): Json {
    NUMBER.lastIndex = this.#at
    const match = NUMBER.exec(this.#text)
    if (match === null) return this.#fail()
    this.#at += match[0].length
    return match[0]
  }
  #word(word: string): Json {
    if (!this.#text.startsWith(word, this.#at)) this.#fail()
    this.#at += word.length
    return word
  }
  #expect(character: string): void {
    if (this.#text[this.#at] !== character) this.#fail()
    this.#at++
  }
  #fail(): never {
    throw new SyntaxError(`Expected a JSON object, but the text is not valid JSON at character ${this.#at + 1}`)
  }
}
