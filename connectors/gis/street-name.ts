/** Street names as people write them: one spelling for comparing. Owns which differences do not count. */

const ABBREVIATIONS: ReadonlyMap<string, string> = new Map([
  ['v', 'via'],
  ['vle', 'viale'],
  ['v.le', 'viale'],
  ['c.so', 'corso'],
  ['cso', 'corso'],
  ['p.za', 'piazza'],
  ['p.zza', 'piazza'],
  ['pza', 'piazza'],
  ['pzza', 'piazza'],
  ['p.le', 'piazzale'],
  ['ple', 'piazzale'],
  ['l.go', 'largo'],
  ['lgo', 'largo'],
  ['vic', 'vicolo'],
  ['s.s', 'strada statale'],
  ['ss', 'strada statale'],
])

/** Two names with the same spelling are the same street: case, accents, apostrophes, spaces and usual abbreviations aside. */
export function spellingOf(name: string): string {
  const words = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[’'`]/g, ' ').trim().split(/\s+/)
  const [first = '', ...rest] = words
  return [ABBREVIATIONS.get(first.replace(/\.$/, '')) ?? first, ...rest].join(' ')
}

/** `20`, `20/A`, `20 bis`: spaces and slashes aside. */
export const numberSpelling = (civico: string): string => civico.toLowerCase().replace(/[\s/.-]/g, '')
