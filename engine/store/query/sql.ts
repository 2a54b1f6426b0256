/** SQL with its values apart. Invariant: what a caller gives becomes a parameter, whatever it says; text comes from our templates alone. */

export type Value = string | number | boolean | null | readonly (string | number | boolean | null)[]

export class Sql {
  /** One more than there are values: each value stands between two texts. */
  readonly texts: readonly string[]
  readonly values: readonly Value[]
  constructor(texts: readonly string[], values: readonly Value[]) {
    this.texts = texts
    this.values = values
  }
  get text(): string {
    return this.texts.reduce((before, next, i) => `${before}$${i}${next}`)
  }
}

export function sql(template: TemplateStringsArray, ...parts: readonly (Sql | Value)[]): Sql {
  const texts = [template[0]!]
  const values: Value[] = []
  const append = (text: string) => {
    texts[texts.length - 1] += text
  }
  parts.forEach((part, i) => {
    if (part instanceof Sql) {
      append(part.texts[0]!)
      texts.push(...part.texts.slice(1))
      values.push(...part.values)
    } else {
      values.push(part)
      texts.push('')
    }
    append(template[i + 1]!)
  })
  return new Sql(texts, values)
}

const joined = (parts: readonly Sql[], by: Sql): Sql => parts.reduce((all, next) => sql`${all}${by}${next}`)

/** At least one part. */
export const list = (parts: readonly Sql[]): Sql => joined(parts, sql`, `)
export const all = (tests: readonly Sql[]): Sql =>
  tests.length === 0 ? sql`true` : sql`(${joined(tests, sql` AND `)})`
export const any = (tests: readonly Sql[]): Sql =>
  tests.length === 0 ? sql`false` : sql`(${joined(tests, sql` OR `)})`
