/** A file's name made safe to show, to store and to give back: one name without a path, without tricks of writing, of a known end. */
import { type FileKind, KINDS } from '../files.ts'

const NAME_MAX = 100
/** Controls, joiners, marks that turn the direction of writing: `fattura‮fdp.exe` reads as a PDF. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/gu
/** What a shell, a drive or a web page would take for more than a letter. */
const SPECIAL = /[<>:"|?*\\/`$%&;'{}[\]#^~=]/g
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i
/** Ends that would do something if another program believed them. */
const DANGEROUS =
  /\.(?=(?:exe|com|scr|pif|bat|cmd|ps1|vbs?|js|jse|mjs|wsf|hta|jar|msi|lnk|html?|xhtml|shtml|svgz?|php\d?|phtml|jsp|aspx?|cgi|sh|py|app|dmg|iso|zip|rar|7z)(?:\.|$))/gi

/** The last part of a path, as Windows or anybody else writes one. */
const lastPart = (name: string): string => name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)

/** What people are told about a file that is not taken. */
export function nameToShow(name: string): string {
  const plain = lastPart(name.normalize('NFC').replace(INVISIBLE, '')).replace(SPECIAL, '_').trim()
  return plain === '' ? 'file' : [...plain].slice(0, NAME_MAX).join('')
}

/** The end of a name, in small letters; empty when it has none. */
export const extensionOf = (name: string): string =>
  /\.([\p{L}\p{N}]{1,8})$/u.exec(lastPart(name.replace(INVISIBLE, '')).trim())?.[1]?.toLowerCase() ?? ''

/** The name under which a file of that kind is kept. */
export function safeName(name: string, kind: FileKind): string {
  const shown = nameToShow(name)
  const given = extensionOf(shown)
  const end = KINDS[kind].extensions.includes(given) ? given : KINDS[kind].extensions[0]!
  const stem = (given === end ? shown.slice(0, -end.length - 1) : shown)
    .replace(DANGEROUS, '_')
    // Neither a hidden file, nor a formula when a list of names is opened as a table.
    .replace(/^[\s.+@-]+|[\s.]+$/g, '')
  const short = [...stem].slice(0, NAME_MAX - end.length - 1).join('')
  return `${short === '' || RESERVED.test(short.split('.')[0]!) ? `file${short && `-${short}`}` : short}.${end}`
}
