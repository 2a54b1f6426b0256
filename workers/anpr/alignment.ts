/**
 * Declaration and ANPR side by side: which of name, birth and residence of origin differ, and what ANPR itself finds wrong. Pure; says
 * it in words for the clerk, and nothing about what agrees.
 */
import type { RegisteredPerson } from '../../connectors/anpr/types.ts'

export interface DeclaredPerson {
  readonly cf: string
  readonly nome?: string | null | undefined
  readonly cognome?: string | null | undefined
  /** ISO day. */
  readonly dataNascita?: string | null | undefined
}
/** Where people say they come from; `proprio` is the town itself. */
export interface DeclaredOrigin {
  readonly tipo?: string | null | undefined
  readonly comuneProvenienza?: string | null | undefined
  readonly proprio: { readonly codiceIstat: string; readonly nome: string }
}

/** Empty when all agrees. What was not declared is not compared. */
export function differences(
  declared: DeclaredPerson,
  registered: RegisteredPerson,
  origin: DeclaredOrigin,
): readonly string[] {
  return [
    ...text('cognome', declared.cognome, registered.cognome),
    ...text('nome', declared.nome, registered.nome),
    ...birth(declared, registered.dataNascita),
    ...residence(origin, registered),
    ...registered.anomalie.map((anomaly) => `ANPR segnala: ${anomaly}`),
  ]
}

/** ANPR writes capitals, and accents as apostrophes or not at all. */
const plain = (words: string): string =>
  words
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toUpperCase()
    .replaceAll(/[^A-Z]+/g, '')

function text(what: string, declared: string | null | undefined, registered: string | null): readonly string[] {
  if (!declared || (registered !== null && plain(declared) === plain(registered))) return []
  return [`${what}: dichiarato ${declared}, in ANPR ${registered ?? 'assente'}`]
}

const ITALIAN_DAY = new Intl.DateTimeFormat('it-IT', { timeZone: 'UTC' })
const day = (iso: string): string => ITALIAN_DAY.format(Date.parse(`${iso}T00:00:00Z`))

function birth({ cf, dataNascita }: DeclaredPerson, registered: string | null): readonly string[] {
  if (registered === null) return []
  if (dataNascita)
    return dataNascita === registered
      ? []
      : [`data di nascita: dichiarata ${day(dataNascita)}, in ANPR ${day(registered)}`]
  const coded = birthIn(cf)
  if (coded === null || registered.slice(2) === coded) return []
  return [`data di nascita: in ANPR ${day(registered)}, diversa da quella del codice fiscale`]
}

const MONTHS = 'ABCDEHLMPRST'
/** Digits and the letters that replace them (omocodia). */
const DIGITS = 'LMNPQRSTUV'
const CODED = /^[A-Z]{6}([0-9L-NP-V]{2})([ABCDEHLMPRST])([0-9L-NP-V]{2})/
const WOMEN_FROM = 40

/** `yy-MM-dd` as the tax code has it: it says no century. Null when it has none. */
function birthIn(cf: string): string | null {
  const [, year, month, dayOf] = CODED.exec(cf.toUpperCase()) ?? []
  if (year === undefined || month === undefined || dayOf === undefined) return null
  const digits = (coded: string) => coded.replaceAll(/[A-Z]/g, (letter) => String(DIGITS.indexOf(letter)))
  const number = Number(digits(dayOf))
  const two = (value: number) => String(value).padStart(2, '0')
  return `${digits(year)}-${two(MONTHS.indexOf(month) + 1)}-${two(number > WOMEN_FROM ? number - WOMEN_FROM : number)}`
}

function residence({ tipo, comuneProvenienza, proprio }: DeclaredOrigin, person: RegisteredPerson): readonly string[] {
  const { residenza, isAbroad } = person
  const registered = residenza?.comune ?? (isAbroad ? 'AIRE' : 'nessuna')
  switch (tipo) {
    case 'ALTRO_COMUNE':
      return text('comune di provenienza', comuneProvenienza, registered)
    case 'CAMBIO_ABITAZIONE':
      if (residenza?.codiceIstat === proprio.codiceIstat) return []
      return [`residenza: dichiarata in questo comune (${proprio.nome}), in ANPR ${registered}`]
    case 'ESTERO':
      return residenza === null ? [] : [`provenienza: dichiarata dall’estero, in ANPR residenza a ${registered}`]
    case 'AIRE':
      return isAbroad ? [] : [`provenienza: dichiarata iscrizione all’AIRE, in ANPR ${registered}`]
    default:
      // A procedure that declares no origin has none to compare.
      return []
  }
}
