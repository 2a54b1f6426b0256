/**
 * Which files a form may ask for, and how many: the rules that page, browser and server share.
 * Owns: kinds, their names and extensions, bounds. Does not own: how a kind is told from the content (upload/).
 */

/** Archives, programs, web pages, drawings that run scripts and office files with macros are of no kind: nobody can send them. */
export type FileKind = 'pdf' | 'jpeg' | 'png' | 'heic' | 'p7m' | 'eml'

interface Kind {
  /** For people, in both languages. */
  readonly name: string
  readonly mediaType: string
  /** Without the dot; the first is the one that is written. */
  readonly extensions: readonly string[]
  /** What browsers declare beside the media type itself. */
  readonly declared: readonly string[]
}

export const KINDS: Readonly<Record<FileKind, Kind>> = {
  pdf: { name: 'PDF', mediaType: 'application/pdf', extensions: ['pdf'], declared: ['application/x-pdf'] },
  jpeg: { name: 'JPEG', mediaType: 'image/jpeg', extensions: ['jpg', 'jpeg'], declared: ['image/jpg', 'image/pjpeg'] },
  png: { name: 'PNG', mediaType: 'image/png', extensions: ['png'], declared: ['image/x-png'] },
  heic: { name: 'HEIC', mediaType: 'image/heic', extensions: ['heic', 'heif'], declared: ['image/heif'] },
  p7m: {
    name: 'P7M',
    mediaType: 'application/pkcs7-mime',
    extensions: ['p7m'],
    declared: ['application/x-pkcs7-mime', 'application/pkcs7-signature', 'application/x-pkcs7-signature'],
  },
  eml: { name: 'EML', mediaType: 'message/rfc822', extensions: ['eml'], declared: ['text/plain'] },
}

const ALL = Object.keys(KINDS) as readonly FileKind[]
/** What a field takes that does not say: what an office can read, keep and verify without asking anybody. */
const USUAL: readonly FileKind[] = ['pdf', 'jpeg', 'png', 'p7m']

/** Of one file. */
export const FILE_BYTES_MAX = 10 * 1024 * 1024
/** Of one field that takes several; a form may say less. */
export const FIELD_FILES_MAX = 10
/** Of everything that one person attaches to one page: a practice, or a task of it. */
export const PAGE_FILES_MAX = 40
export const PAGE_BYTES_MAX = 60 * 1024 * 1024

/** How many files of which kinds a field takes. */
export interface FileLimits {
  readonly kinds: readonly FileKind[]
  readonly min: number
  readonly max: number
}

/**
 * What an `accept` as HTML has it lets in: extensions, media types, `image/*`. Nothing beyond the kinds above, whatever it says;
 * none at all when it names only others.
 */
export function kindsAccepted(accept: string): readonly FileKind[] {
  const wishes = accept
    .toLowerCase()
    .split(',')
    .map((wish) => wish.trim())
    .filter((wish) => wish !== '')
  return wishes.length === 0 ? USUAL : ALL.filter((kind) => wishes.some((wish) => isMeant(kind, wish)))
}

function isMeant(kind: FileKind, wish: string): boolean {
  const { mediaType, extensions, declared } = KINDS[kind]
  if (wish === '*' || wish === '*/*') return USUAL.includes(kind)
  if (wish.endsWith('/*')) return mediaType.startsWith(wish.slice(0, -1))
  return extensions.includes(wish.replace(/^\./, '')) || mediaType === wish || declared.includes(wish)
}

/** As the attribute of the control has it. */
export const acceptOf = (kinds: readonly FileKind[]): string =>
  kinds.flatMap((kind) => KINDS[kind].extensions.map((extension) => `.${extension}`)).join(',')

export const kindNames = (kinds: readonly FileKind[]): string => kinds.map((kind) => KINDS[kind].name).join(', ')

const KILO = 1024
/** For people: `2,4 MB`. */
export const sizeText = (bytes: number): string =>
  bytes < KILO * KILO
    ? `${Math.max(1, Math.round(bytes / KILO))} kB`
    : `${(bytes / KILO / KILO).toFixed(1).replace('.', ',').replace(',0', '')} MB`
