/** The files (fascicoli) of the protocol sandbox: opened under a class, filled with entries, closed for good. */
import { z } from 'zod'
import type { Journal } from '../journal.ts'
import { json, type PlatformAnswer, type PlatformCall, parseJson } from '../sandbox.ts'
import type { FileOpening, ProtocolFile, ProtocolNumber } from './types.ts'

type Member = Pick<ProtocolNumber, 'numero' | 'anno'>

export type FilingJournalEntry =
  | ({ readonly operazione: 'apri-fascicolo' } & FileOpening & Pick<ProtocolFile, 'codice' | 'anno' | 'aperto'>)
  | ({ readonly operazione: 'inserisci-fascicolo'; readonly codice: string } & Member)
  | { readonly operazione: 'chiudi-fascicolo'; readonly codice: string; readonly chiuso: string }

/** The journal of the whole register: entries made under a file's code belong to it from the start. */
type Line =
  | FilingJournalEntry
  | { readonly operazione: 'registra'; readonly registrazione: Member & { readonly fascicolo?: string } }
  | { readonly operazione: 'annulla' | 'stato' }
interface FilingJournal {
  readonly entries: readonly Line[]
  append: Journal<FilingJournalEntry>['append']
}

const openingSchema = z.strictObject({
  riferimento: z.string().min(1).max(255),
  /** Title in Roman numerals, then class and subclass, as in the scheme that Italian towns share. */
  classifica: z.string().regex(/^[IVX]{1,5}(\.\d{1,2}){0,2}$/),
  oggetto: z.string().min(1).max(4000),
})
const memberSchema = z.strictObject({ numero: z.string(), anno: z.int() })

const unknownFile = json(404, { codice: 'FASCICOLO_SCONOSCIUTO', messaggio: 'Nessun fascicolo ha questo codice' })

export function openFile(journal: FilingJournal, now: number, { body }: PlatformCall): PlatformAnswer {
  const opening = openingSchema.safeParse(parseJson(body))
  if (!opening.success) {
    const isClass = opening.error.issues.some(({ path }) => path[0] === 'classifica')
    return json(isClass ? 422 : 400, {
      codice: isClass ? 'CLASSIFICA_SCONOSCIUTA' : 'RICHIESTA_ERRATA',
      messaggio: z.prettifyError(opening.error),
    })
  }
  const anno = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('Europe/Rome').year
  const earlier = filesIn(journal).filter((file) => file.anno === anno && file.classifica === opening.data.classifica)
  const codice = `${anno}-${opening.data.classifica}-${earlier.length + 1}`
  journal.append({ operazione: 'apri-fascicolo', ...opening.data, codice, anno, aperto: new Date(now).toISOString() })
  return json(201, fileWith(journal, codice))
}

export function filesWith(journal: FilingJournal, url: URL): PlatformAnswer {
  const riferimento = url.searchParams.get('riferimento')
  return json(200, { fascicoli: filesIn(journal).filter((file) => file.riferimento === riferimento) })
}

export function addToFile(
  journal: FilingJournal,
  codice: string,
  { body }: PlatformCall,
  entries: readonly Member[],
): PlatformAnswer {
  const member = memberSchema.safeParse(parseJson(body))
  if (!member.success) return json(400, { codice: 'RICHIESTA_ERRATA', messaggio: z.prettifyError(member.error) })
  const { numero, anno } = member.data
  const isSame = (other: Member): boolean => other.numero === numero && other.anno === anno
  const file = fileWith(journal, codice)
  if (!file) return unknownFile
  if (!entries.some(isSame))
    return json(404, { codice: 'REGISTRAZIONE_SCONOSCIUTA', messaggio: 'Nessuna registrazione ha questo numero' })
  if (file.registrazioni.some(isSame)) return json(200, file)
  if (file.chiuso !== null) return json(409, { codice: 'FASCICOLO_CHIUSO', messaggio: 'Il fascicolo è chiuso' })
  journal.append({ operazione: 'inserisci-fascicolo', codice, numero, anno })
  return json(200, fileWith(journal, codice))
}

export function closeFile(journal: FilingJournal, now: number, codice: string): PlatformAnswer {
  const file = fileWith(journal, codice)
  if (!file) return unknownFile
  if (file.chiuso === null)
    journal.append({ operazione: 'chiudi-fascicolo', codice, chiuso: new Date(now).toISOString() })
  return json(200, fileWith(journal, codice))
}

const fileWith = (journal: FilingJournal, codice: string): ProtocolFile | undefined =>
  filesIn(journal).find((file) => file.codice === codice)

function filesIn({ entries }: FilingJournal): readonly ProtocolFile[] {
  return entries.flatMap((line) => {
    if (line.operazione !== 'apri-fascicolo') return []
    const { operazione: _, ...opened } = line
    return [{ ...opened, chiuso: closedAt(entries, line.codice), registrazioni: membersOf(entries, line.codice) }]
  })
}

function closedAt(entries: readonly Line[], codice: string): string | null {
  const closing = entries.find((line) => line.operazione === 'chiudi-fascicolo' && line.codice === codice)
  return closing?.operazione === 'chiudi-fascicolo' ? closing.chiuso : null
}

function membersOf(entries: readonly Line[], codice: string): readonly Member[] {
  return entries.flatMap((line) => {
    if (line.operazione === 'inserisci-fascicolo' && line.codice === codice)
      return [{ numero: line.numero, anno: line.anno }]
    if (line.operazione === 'registra' && line.registrazione.fascicolo === codice)
      return [{ numero: line.registrazione.numero, anno: line.registrazione.anno }]
    return []
  })
}
