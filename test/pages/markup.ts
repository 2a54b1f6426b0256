/** Markup as a person without script meets it: what is read, and the forms with their controls and buttons. For tests. */

export interface Control {
  readonly name: string
  /** Several for a checked group, none for an unchecked box. */
  readonly values: readonly string[]
  /** What may be chosen; null: any text. */
  readonly choices: readonly string[] | null
  readonly isFile: boolean
  /** Sent whatever is entered: of hidden controls beside boxes of the same name. */
  readonly fixed: readonly string[]
}
/** Whether a person writes into it: neither a choice, nor a file, nor hidden. */
export const isTyped = ({ choices, fixed, isFile }: Control): boolean =>
  choices === null && fixed.length === 0 && !isFile

export interface Button {
  readonly text: string
  readonly name: string | null
  readonly value: string
}
export interface Form {
  readonly method: string
  readonly action: string
  readonly isInParts: boolean
  readonly controls: readonly Control[]
  readonly buttons: readonly Button[]
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
const decoded = (text: string): string => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name]!)

/** Markup → what is read. */
export const plain = (markup: string): string =>
  decoded(
    markup
      .replace(/<(script|style)\b.*?<\/\1>/gs, ' ')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' '),
  ).trim()

export const attributesIn = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map(([, name, value]) => [name!, decoded(value ?? '')]))

export function formsIn(markup: string): readonly Form[] {
  return [...markup.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, head, inner]) => {
    const given = attributesIn(head!)
    return {
      method: (given.get('method') ?? 'get').toLowerCase(),
      action: given.get('action') ?? '',
      isInParts: given.get('enctype') === 'multipart/form-data',
      controls: grouped([...inputsIn(inner!), ...selectsIn(inner!), ...textareasIn(inner!)]),
      buttons: [...buttonsIn(inner!), ...buttonsFor(given.get('id'), markup)],
    }
  })
}

function inputsIn(markup: string): readonly Control[] {
  return [...markup.matchAll(/<input\b([^>]*)>/g)].map(([, text]) => {
    const given = attributesIn(text!)
    const [name, value] = [given.get('name') ?? '', given.get('value') ?? '']
    const isFile = given.get('type') === 'file'
    if (isFile) return { name, values: [], choices: null, fixed: [], isFile }
    const isChoice = given.get('type') === 'checkbox' || given.get('type') === 'radio'
    if (!isChoice)
      return { name, values: [value], choices: null, fixed: given.get('type') === 'hidden' ? [value] : [], isFile }
    const own = given.has('value') ? value : 'on'
    return { name, values: given.has('checked') ? [own] : [], choices: [own], fixed: [], isFile }
  })
}

function selectsIn(markup: string): readonly Control[] {
  return [...markup.matchAll(/<select\b([^>]*)>(.*?)<\/select>/gs)].map(([, text, inner]) => {
    const options = [...inner!.matchAll(/<option\b([^>]*)>(.*?)(?=<\/option>|<option|$)/gs)].map(([, head, label]) => {
      const given = attributesIn(head!)
      return { value: given.get('value') ?? plain(label!), isChosen: given.has('selected') }
    })
    const chosen = options.filter(({ isChosen }) => isChosen).map(({ value }) => value)
    const isMultiple = attributesIn(text!).has('multiple')
    const values = chosen.length > 0 || isMultiple ? chosen : options.slice(0, 1).map(({ value }) => value)
    return {
      name: attributesIn(text!).get('name') ?? '',
      values,
      choices: options.map(({ value }) => value),
      fixed: [],
      isFile: false,
    }
  })
}

const textareasIn = (markup: string): readonly Control[] =>
  [...markup.matchAll(/<textarea\b([^>]*)>(.*?)<\/textarea>/gs)].map(([, text, value]) => ({
    name: attributesIn(text!).get('name') ?? '',
    values: [decoded(value!).replace(/^\n/, '')],
    choices: null,
    fixed: [],
    isFile: false,
  }))

/** Those that stand outside and name the form. */
const buttonsFor = (form: string | undefined, markup: string): readonly Button[] =>
  form === undefined
    ? []
    : buttonsIn(
        [...markup.matchAll(/<button\b[^>]*>.*?<\/button>/gs)]
          .map(String)
          .filter((text) => text.includes(` form="${form}"`))
          .join(''),
      )

const buttonsIn = (markup: string): readonly Button[] =>
  [...markup.matchAll(/<button\b([^>]*)>(.*?)<\/button>/gs)].map(([, text, inner]) => {
    const given = attributesIn(text!)
    return { text: plain(inner!), name: given.get('name') ?? null, value: given.get('value') ?? '' }
  })

/** Controls of one name are one: radios, boxes, and what is hidden beside them. */
const grouped = (controls: readonly Control[]): readonly Control[] =>
  [...Map.groupBy(controls, ({ name }) => name)]
    .filter(([name]) => name !== '')
    .map(([name, parts]) => ({
      name,
      values: parts.flatMap(({ values }) => values),
      choices: parts.some(({ choices }) => choices !== null) ? parts.flatMap(({ choices }) => choices ?? []) : null,
      fixed: parts.flatMap(({ fixed }) => fixed),
      isFile: parts.some(({ isFile }) => isFile),
    }))
