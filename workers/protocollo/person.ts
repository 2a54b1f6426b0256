/** First name and surname told apart by the tax code, whose first three letters are the surname's: names may be of several words. */

const TAX_CODE = /^[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]$/

/** Null when the code is no person's, or is not of this name. Surname before or after. */
export function personOf(name: string, taxCode: string): { readonly nome: string; readonly cognome: string } | null {
  if (!TAX_CODE.test(taxCode)) return null
  const words = name.trim().split(/\s+/)
  const cuts = words.slice(1).map((_, index) => [words.slice(0, index + 1), words.slice(index + 1)] as const)
  const orders = cuts.flatMap(([first, second]) => [
    { nome: first.join(' '), cognome: second.join(' ') },
    { nome: second.join(' '), cognome: first.join(' ') },
  ])
  return orders.find(({ cognome }) => lettersOf(cognome) === taxCode.slice(0, 3)) ?? null
}

/** Consonants, then vowels, then X (DM 23 December 1976 art. 2). */
function lettersOf(surname: string): string {
  const letters = surname
    .normalize('NFD')
    .toUpperCase()
    .replaceAll(/[^A-Z]/g, '')
  const consonants = letters.replaceAll(/[AEIOU]/g, '')
  const vowels = letters.replaceAll(/[^AEIOU]/g, '')
  return `${consonants}${vowels}XXX`.slice(0, 3)
}
