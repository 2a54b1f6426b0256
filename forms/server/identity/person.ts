/**
 * From the claims of an identity provider to a person the town knows.
 *
 * Owns: which claim makes a citizen, which a clerk. Does not own: what either may do (authorisation.ts).
 * Invariants
 * P1 A citizen is known by tax code alone, never by a user name: SPID and CIE vouch for the code.
 * P2 A clerk is one of the town's people, by user name; offices are read from the town at each request, so taking one away works at once.
 */
import type { Town } from '../../../processes/town.ts'

export type Role = 'cittadino' | 'operatore' | 'amministratore'

/** What SPID or CIE vouch for besides the name; null where they do not say. */
export interface Attested {
  /** ISO day. */
  readonly dateOfBirth: string | null
  /** Code of the comune or state, as in the tax code. */
  readonly placeOfBirth: string | null
  readonly mobilePhone: string | null
  /** Of the PEC. */
  readonly digitalAddress: string | null
  /** Street, postal code, comune and province on one line. */
  readonly domicile: string | null
}

export interface SignedIn {
  /** Person id of a clerk, tax code of a citizen. */
  readonly id: string
  readonly role: Role
  readonly nome: string
  readonly cognome: string
  readonly cf: string | null
  readonly email: string | null
  /** Missing of whoever signed in before it was asked. */
  readonly attested?: Attested
}

/** A signed-in person with the candidate groups of today. */
export interface Person extends SignedIn {
  readonly groups: ReadonlySet<string>
}

export type Claims = Readonly<Record<string, unknown>>

/** SPID and CIE name the tax code each in their way. */
const TAX_CODE_CLAIMS = [
  'fiscalNumber',
  'fiscal_number',
  'https://attributes.spid.gov.it/fiscalNumber',
  'https://attributes.eid.gov.it/fiscal_number',
]
const TAX_CODE = /^(?:TINIT-)?([A-Z0-9]{16})$/

const textIn = (claims: Claims, name: string): string | null => {
  const value = claims[name]
  return typeof value === 'string' && value !== '' ? value : null
}

/** Null when the town does not know the person. */
export function personOf(claims: Claims, town: Town): SignedIn | null {
  const userName = textIn(claims, 'preferred_username')
  const clerk = town.persone.find((person) => person.id === userName && person.ruolo !== 'cittadino')
  if (clerk) {
    const { id, ruolo: role, nome, cognome, email } = clerk
    return { id, role, nome, cognome, cf: clerk.codiceFiscale ?? null, email }
  }
  const cf = taxCodeIn(claims)
  if (cf === null) return null
  return {
    id: cf,
    role: 'cittadino',
    nome: textIn(claims, 'given_name') ?? '',
    cognome: textIn(claims, 'family_name') ?? '',
    cf,
    email: textIn(claims, 'email'),
    attested: attestedIn(claims),
  }
}

/** By SPID's names, or by those of OpenID Connect that say the same. */
function attestedIn(claims: Claims): Attested {
  const first = (...names: readonly string[]) =>
    names
      .map((name) => textIn(claims, name))
      .find((text) => text !== null)
      ?.slice(0, TEXT_MAX) ?? null
  const domicile = ['domicileStreetAddress', 'domicilePostalCode', 'domicileMunicipality', 'domicileProvince']
    .map((name) => textIn(claims, name))
    .filter((text) => text !== null)
    .join(' ')
  const born = first('dateOfBirth', 'birthdate')
  return {
    dateOfBirth: born !== null && /^\d{4}-\d\d-\d\d$/.test(born) ? born : null,
    placeOfBirth: first('placeOfBirth'),
    mobilePhone: first('mobilePhone', 'phone_number'),
    digitalAddress: first('digitalAddress'),
    domicile: domicile === '' ? first('address') : domicile.slice(0, TEXT_MAX),
  }
}
const TEXT_MAX = 254

function taxCodeIn(claims: Claims): string | null {
  for (const name of TAX_CODE_CLAIMS) {
    const found = TAX_CODE.exec((textIn(claims, name) ?? '').toUpperCase())
    if (found) return found[1]!
  }
  return null
}

/** Null when the town no longer has the clerk. */
export function withGroups(signedIn: SignedIn, town: Town): Person | null {
  if (signedIn.role === 'cittadino') return { ...signedIn, groups: new Set() }
  const clerk = town.persone.find((person) => person.id === signedIn.id && person.ruolo === signedIn.role)
  return clerk ? { ...signedIn, groups: new Set(clerk.gruppi) } : null
}
