/** Files of no kind that may be sent: told apart only so that whoever sent one in good faith reads what to do. */
import { KINDS } from '../files.ts'
import type { Reason } from '../refusals.ts'
import { extensionOf } from './file-name.ts'

const OFFICE = /^(?:doc|docx|docm|dot|dotm|xls|xlsx|xlsm|ppt|pptx|pptm|odt|ods|odp|rtf|pages|numbers)$/
const PROGRAM = /^(?:exe|com|scr|pif|bat|cmd|ps1|vbs?|jse?|mjs|wsf|hta|jar|msi|lnk|sh|py|app|apk|dll)$/
const PAGE = /^(?:html?|xhtml|shtml|svgz?|xml|php\d?|phtml|jsp|aspx?|mht|mhtml|css)$/
const ARCHIVE = /^(?:zip|rar|7z|gz|tgz|bz2|xz|tar|cab|iso|img|dmg|lzh|arj|zst)$/

/** First bytes in hexadecimal. */
const BEGINNINGS: Readonly<Record<'program' | 'office' | 'archive', readonly string[]>> = {
  // Windows, Linux, a script's first line, Java and macOS, macOS, Android, a Windows link
  program: [
    '4d5a',
    '7f454c46',
    '2321',
    'cafebabe',
    'cefaedfe',
    'cffaedfe',
    'feedface',
    'feedfacf',
    '6465780a',
    '4c0000000114',
  ],
  // Office until 2003, RTF
  office: ['d0cf11e0a1b11ae1', '7b5c727466'],
  // ZIP (three ways), RAR, 7z, gzip, compress, bzip2, xz, cabinet, zstd
  archive: [
    '504b03',
    '504b05',
    '504b07',
    '52617221',
    '377abcaf',
    '1f8b',
    '1f9d',
    '425a68',
    'fd377a585a',
    '4d534346',
    '28b52ffd',
  ],
}
const HEAD_BYTES = 4_096
const MARKUP = /<(?:!doctype\s+html|html|head|body|script|iframe|svg|\?php|%)|<!ENTITY\b|<\w+:svg\b|javascript:/i

export function refusedKind(content: Buffer, name: string): Reason {
  const extension = extensionOf(name)
  const head = content.toString('hex', 0, 16)
  if (OFFICE.test(extension)) return 'office'
  for (const reason of ['program', 'office', 'archive'] as const)
    if (BEGINNINGS[reason].some((beginning) => head.startsWith(beginning))) return reason
  if (content.toString('latin1', 257, 262) === 'ustar' || content.toString('latin1', 0x8001, 0x8006) === 'CD001')
    return 'archive'
  // Without the zeros between the letters, when each takes two bytes.
  if (MARKUP.test(content.toString('latin1', 0, HEAD_BYTES).replaceAll('\0', ''))) return 'page'
  if (PROGRAM.test(extension)) return 'program'
  if (ARCHIVE.test(extension)) return 'archive'
  if (PAGE.test(extension)) return 'page'
  // The name promises a kind that the content is not.
  return Object.values(KINDS).some(({ extensions }) => extensions.includes(extension)) ? 'mismatch' : 'kind'
}
