/** `matches`, `replace`, `split` and `extract`. */

import type { Dialect } from '../dialect.ts'
import { type Found, Matcher } from '../regex/match.ts'
import { type Flags, PatternFault, parsePattern } from '../regex/parse.ts'
import { compilePattern, type Program } from '../regex/program.ts'
import type { Run } from '../run.ts'
import type { Value } from '../value.ts'
import { type Definition, fn, type Illegal, illegal } from './signature.ts'

/** Those that were used last: reading a pattern takes longer than matching a short text. Null for what is none. */
const programs = new Map<string, Program | null>()
const PROGRAMS_MAX = 100
const REMEMBERED_LENGTH_MAX = 1_000

/** The standard refuses flags it does not know; `q` takes the pattern as plain text. */
function programOf(run: Run, source: string, flags: string): Program | null {
  run.spend(source.length)
  if (run.dialect === 'standard' && /[^smixq]/.test(flags)) return null
  const key = `${run.dialect}/${flags}/${source}`
  if (key.length > REMEMBERED_LENGTH_MAX) return read(source, flags, run.dialect)
  const known = programs.get(key)
  if (known !== undefined) return known
  if (programs.size >= PROGRAMS_MAX) programs.clear()
  const program = read(source, flags, run.dialect)
  programs.set(key, program)
  return program
}

/** Java's patterns may begin with flags of their own. */
const OWN_FLAGS = /^\(\?([imsux]+)\)/

function read(source: string, flags: string, dialect: Dialect): Program | null {
  const java = dialect === 'camunda'
  const [prefix = '', own = ''] = java ? (OWN_FLAGS.exec(source) ?? []) : []
  const all = flags + own
  const wanted: Flags = {
    dotAll: all.includes('s'),
    multiline: all.includes('m'),
    ignoreCase: all.includes('i'),
    extended: all.includes('x'),
    java,
    foldsAll: !java || own.includes('u'),
  }
  const plain = !java && flags.includes('q') ? source.replace(/[^\w\s]/g, '\\$&') : source.slice(prefix.length)
  try {
    return compilePattern(parsePattern(plain, wanted))
  } catch (error) {
    if (error instanceof PatternFault) return null
    throw error
  }
}

const invalid = (pattern: string): Illegal => illegal(`Invalid pattern '${pattern}'`)

function matches(run: Run, input: string, source: string, flags: Value = ''): Value | Illegal {
  const pattern = programOf(run, source, typeof flags === 'string' ? flags : '')
  return pattern === null ? invalid(source) : new Matcher(run, pattern, input).find(0) !== null
}

function* all(run: Run, pattern: Program, input: string): Iterable<Found> {
  const matcher = new Matcher(run, pattern, input)
  let from = 0
  while (from <= input.length) {
    const found = matcher.find(from)
    if (found === null) return
    yield found
    const [start, end] = found[0]!
    from = end > start ? end : end + 1
  }
}

function replace(run: Run, input: string, source: string, replacement: string, flags: Value = ''): Value | Illegal {
  const pattern = programOf(run, source, typeof flags === 'string' ? flags : '')
  if (pattern === null) return invalid(source)
  const parts: string[] = []
  let at = 0
  for (const found of all(run, pattern, input)) {
    const [start, end] = found[0]!
    const filled = fill(replacement, found, input, run.dialect)
    if (filled === null) return invalid(source)
    run.spend(1 + replacement.length + (filled.length >> 4))
    parts.push(input.slice(at, start), filled)
    at = end
  }
  return run.text(parts.join('') + input.slice(at))
}

/**
 * `$1` is a group, as many digits as there are groups; a backslash takes the next character as it is. Null when it is malformed; to
 * Java it is so, too, where there is no such group.
 */
function fill(replacement: string, found: Found, input: string, dialect: Dialect): string | null {
  if (!/[\\$]/.test(replacement)) return replacement
  let isBroken = false
  const text = replacement.replace(
    /\\(.?)|\$(\d*)/gs,
    (_all, escaped: string | undefined, digits: string | undefined) => {
      if (escaped !== undefined) return escaped
      const known = longest(digits ?? '', found.length)
      if (known === null || (dialect === 'camunda' && Number(known) >= found.length)) isBroken = true
      const group = found[Number(known)]
      return (group === undefined ? '' : input.slice(...group)) + (digits ?? '').slice(known?.length ?? 0)
    },
  )
  return isBroken ? null : text
}

function longest(digits: string, groups: number): string | null {
  for (let length = digits.length; length > 0; length--)
    if (Number(digits.slice(0, length)) < groups) return digits.slice(0, length)
  return digits === '' ? null : digits
}

function split(run: Run, input: string, source: string): Value | Illegal {
  const pattern = programOf(run, source, '')
  if (pattern === null) return illegal(`Invalid pattern for delimiter '${source}'`)
  const parts: string[] = []
  let at = 0
  for (const found of all(run, pattern, input)) {
    const [start, end] = found[0]!
    if (end === 0) continue
    if (start === input.length && start === end && run.dialect === 'standard') break
    parts.push(input.slice(at, start))
    at = end
  }
  return [...parts, input.slice(at)]
}

function extract(run: Run, input: string, source: string): Value | Illegal {
  const pattern = programOf(run, source, '')
  if (pattern === null) return invalid(source)
  return [...all(run, pattern, input)].map((found) => input.slice(...found[0]!))
}

export const patternFunctions: readonly Definition[] = [
  fn('matches(input: string, pattern: string)', matches),
  fn('matches(input: string, pattern: string, flags: string)', matches),
  fn('matches(input: string, pattern: string, flags: null)', matches, 'standard'),
  fn('replace(input: string, pattern: string, replacement: string)', replace),
  fn('replace(input: string, pattern: string, replacement: string, flags: string)', replace),
  fn('replace(input: string, pattern: string, replacement: string, flags: null)', replace, 'standard'),
  fn('split(string: string, delimiter: string)', split),
  fn('extract(input: string, pattern: string)', extract, 'camunda'),
]
