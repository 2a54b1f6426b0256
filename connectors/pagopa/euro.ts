/** Amounts as pagoPA writes them, euro with two decimals, and as we keep them: whole cents. */

/** Throws a `RangeError` on what is no amount of whole cents. */
export function centsOf(euro: string): number {
  const [, whole, cents = ''] = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(euro) ?? []
  if (whole === undefined) throw new RangeError('Expected an amount in euro, but found something else')
  return Number(whole) * 100 + Number(cents.padEnd(2, '0'))
}

export const euroOf = (cents: number): string => `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
