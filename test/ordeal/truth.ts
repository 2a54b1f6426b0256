/** What the sandboxes' journals and the acknowledged commands say must be true in the end. Each violation is one line. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Deposited } from '../../connectors/conservazione/deposited.ts'
import type { ProtocolJournalEntry } from '../../connectors/protocollo/sandbox.ts'
import type { Filed, Kind, People } from './practices.ts'
import type { RestClient } from './rest-client.ts'

/** Protocol entries of a practice: the request, and what goes out or the renunciation. */
const ENTRIES: Readonly<Record<Kind, readonly string[]>> = {
  CONFERMATA: ['IN', 'OUT'],
  CONFERMATA_SILENZIO: ['IN', 'OUT'],
  RINUNCIATA: ['IN', 'IN'],
  IRRICEVIBILE: ['IN', 'OUT'],
}

export async function violations(client: RestClient, people: People, journals: string): Promise<readonly string[]> {
  const protocol = linesOf<ProtocolJournalEntry>(join(journals, 'protocollo.ndjson')).flatMap((line) =>
    line.operazione === 'registra' ? [line.registrazione] : [],
  )
  const deposits = linesOf<Deposited>(join(journals, 'conservazione.ndjson'))
  const found = [
    ...gaps(protocol),
    ...repeats(
      'protocol reference',
      protocol.map(({ riferimento }) => riferimento),
    ),
  ]
  found.push(
    ...repeats(
      'archived package',
      deposits.map(({ urn }) => urn),
    ),
  )
  for (const practice of people.filed) {
    const own = protocol.filter(({ riferimento }) => riferimento.startsWith(`${practice.id}/`))
    found.push(...(await ended(client, people, practice)))
    const taken = own.map(({ verso }) => verso).join(' ')
    if (taken !== ENTRIES[practice.kind].join(' '))
      found.push(`${practice.id} (${practice.kind}): protocol entries ${taken}`)
    const packages = deposits.filter(({ chiave }) =>
      own.some((e) => e.anno === chiave.anno && e.numero === chiave.numero),
    )
    if (packages.length !== 1) found.push(`${practice.id} (${practice.kind}): ${packages.length} archived packages`)
  }
  for (const key of people.completed) {
    const { state } = await client.surely<{ state: string }>('GET', `/user-tasks/${key}`)
    if (state !== 'COMPLETED' && state !== 'CANCELED') found.push(`task ${key} was completed and is ${state}`)
  }
  return found
}

async function ended(client: RestClient, people: People, { id, kind, processInstanceKey }: Filed): Promise<string[]> {
  const instances = await people.instancesOf(id)
  if (instances.length !== 1) return [`${id}: ${instances.length} process instances`]
  const { state } = await client.surely<{ state: string }>('GET', `/process-instances/${processInstanceKey}`)
  const filter = { processInstanceKey, name: 'esito', scopeKey: processInstanceKey }
  const { items } = await client.surely<{ items: { value: string }[] }>('POST', '/variables/search', { filter })
  const esito = items[0]?.value
  return state === 'COMPLETED' && esito === JSON.stringify(kind)
    ? []
    : [`${id}: ${state} with ${esito}, expected ${kind}`]
}

function gaps(entries: readonly { readonly anno: number; readonly numero: string }[]): readonly string[] {
  const last = new Map<number, number>()
  return entries.flatMap(({ anno, numero }) => {
    const expected = (last.get(anno) ?? 0) + 1
    last.set(anno, Number(numero))
    return Number(numero) === expected ? [] : [`protocol number ${numero}/${anno} where ${expected} was next`]
  })
}
function repeats(what: string, of: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  return of.flatMap((one) => (seen.size === seen.add(one).size ? [`${what} ${one} exists twice`] : []))
}

function linesOf<T>(file: string): readonly T[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T)
}
