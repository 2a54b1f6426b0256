/**
 * What a page makes PostgreSQL read. Owns: hearing the statements of this process, and having each explained as it runs.
 * Counted are the rows that scans looked at, let through or not: that is what grows with a town, whatever the machine.
 */
import pg from 'pg'

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

export interface Reading {
  readonly statements: number
  /** Rows that scans of tables and indexes looked at. */
  readonly rows: number
  /** The statement that read most, and how many rows. */
  readonly most: { readonly text: string; readonly rows: number }
  /** Tables that were read from end to end. */
  readonly wholly: ReadonlySet<string>
}

const heard: Statement[] = []
let isListening = false

/** From here on the statements of every connection of this process are heard while `statementsOf` waits. */
export function listenToStatements(): void {
  const { query } = pg.Client.prototype
  const listening = function (this: pg.Client, ...args: readonly unknown[]) {
    if (isListening) hear(args)
    return Reflect.apply(query, this, args)
  }
  Object.assign(pg.Client.prototype, { query: listening })
}

function hear([query, values]: readonly unknown[]): void {
  if (typeof query === 'string') heard.push({ text: query, values: Array.isArray(values) ? values : [] })
  else if (query !== null && typeof query === 'object' && 'text' in query) {
    const { text, values: own } = query as { readonly text: unknown; readonly values?: unknown }
    heard.push({ text: String(text), values: Array.isArray(own) ? own : Array.isArray(values) ? values : [] })
  }
}

/** Reads alone: what a page writes (who looked, who read) is one row each. */
export async function statementsOf(work: () => Promise<unknown>): Promise<readonly Statement[]> {
  heard.length = 0
  isListening = true
  try {
    await work()
  } finally {
    isListening = false
  }
  return heard.filter(({ text }) => /^\s*(select|with)\b/i.test(text))
}

/** Of the connections of searches, and where the tables of pages and workers lie. */
export const SEARCH_SETTINGS =
  '-c max_parallel_workers_per_gather=0 -c jit=off -c random_page_cost=1.1 -c search_path=town,document,ledger,accounts,public'

interface Plan {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows'?: number
  readonly 'Actual Loops'?: number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Index Recheck'?: number
  readonly 'Rows Removed by Join Filter'?: number
  readonly Plans?: readonly Plan[]
}

/** `observer`: a connection whose settings decide the plans. */
export async function readingOf(observer: pg.Client, statements: readonly Statement[]): Promise<Reading> {
  const rows: number[] = []
  const wholly = new Set<string>()
  for (const { text, values } of statements) {
    const explained = await observer.query<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(
      `EXPLAIN (ANALYZE, TIMING off, FORMAT json) ${text}`,
      [...values],
    )
    const plan = explained.rows[0]!['QUERY PLAN'][0]!.Plan
    rows.push(rowsOf(plan))
    for (const table of readWholly(plan)) wholly.add(table)
  }
  const most = Math.max(0, ...rows)
  return {
    statements: statements.length,
    rows: rows.reduce((sum, some) => sum + some, 0),
    most: { text: statements[rows.indexOf(most)]?.text ?? '', rows: most },
    wholly,
  }
}

const readWholly = (plan: Plan): readonly string[] => [
  ...(plan['Node Type'] === 'Seq Scan' && plan['Actual Loops'] !== 0 ? [plan['Relation Name'] ?? ''] : []),
  ...(plan.Plans ?? []).flatMap(readWholly),
]

function rowsOf(plan: Plan): number {
  const below = (plan.Plans ?? []).reduce((sum, inner) => sum + rowsOf(inner), 0)
  // Not what a statement keeps for itself.
  if (!/(?<!CTE|WorkTable|Subquery) Scan$/.test(plan['Node Type'])) return below
  const each =
    (plan['Actual Rows'] ?? 0) + (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0)
  return below + each * (plan['Actual Loops'] ?? 1)
}
