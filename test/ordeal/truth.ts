/** Collects what is true in the end: from the engine, from the journals, from what was acknowledged; and has it judged. */
import { openAccounts } from '../../connectors/contabilita/database.ts'
import { type DeclaredEffect, declaredEffects } from './declared.ts'
import { callsIn, journalsIn } from './journals.ts'
import { type EndedJob, type Evidence, type RaisedIncident, untried, violations } from './judge.ts'
import type { Entrusted } from './judge-debts.ts'
import { FAMILY_EFFECTS, type Kind, type OwnFamily } from './kind.ts'
import type { Filed, Instance, Items, People } from './practices.ts'
import type { RestClient } from './rest-client.ts'

const REFUND = 'comune.pagamento.rimborso'
const ANOMALY = 'comune.pagamento.anomalia'

export interface Truth {
  readonly violations: readonly string[]
  /** Declared effects that the ordeal did not put to the test. */
  readonly untried: readonly string[]
  readonly evidence: Evidence
}

export interface TruthOptions {
  readonly client: RestClient
  readonly people: People
  /** Of the sandboxes' journals. */
  readonly directory: string
  /** Of the program, while it runs. */
  readonly databaseUrl: string
  /** Of the codes that people wrote, by signer. */
  readonly codes: Readonly<Record<string, number>>
  /** Families of the practices; all when none is named. */
  readonly only: readonly OwnFamily[]
}

export async function truth(options: TruthOptions): Promise<Truth> {
  const { client, people } = options
  const evidence = await evidenceOf(options)
  const promises = await brokenPromises(client, people, evidence)
  return { violations: [...violations(evidence), ...promises], untried: untried(evidence), evidence }
}

/** All of them, page after page. */
async function all<T>(client: RestClient, resource: string, filter: object = {}): Promise<readonly T[]> {
  const found: T[] = []
  for (let from = 0; ; ) {
    const page = { from, limit: 1_000 }
    const { items } = await client.surely<Items<T>>('POST', `/${resource}/search`, { filter, page })
    found.push(...items)
    if (items.length < page.limit) return found
    from += items.length
  }
}

interface Job {
  readonly jobKey: string
  readonly type: string
  readonly state: string
  readonly kind: string
  readonly processInstanceKey: string
}
interface Incident {
  readonly jobKey: string | null
  readonly state: string
}
interface Task {
  readonly elementId: string
  readonly elementInstanceKey: string
  readonly processInstanceKey: string
}
interface Ended extends Instance {
  readonly state: string
}
interface Unfit {
  readonly tipo: string
  readonly pagamento: { readonly iur: string } | null
}
interface Variable {
  readonly processInstanceKey: string
  readonly scopeKey: string
  readonly value: string
}

async function evidenceOf({ client, people, directory, databaseUrl, codes, only }: TruthOptions): Promise<Evidence> {
  const { filed } = people
  const parents = new Map(
    (await all<Instance>(client, 'process-instances')).map((one) => [
      one.processInstanceKey,
      one.parentProcessInstanceKey,
    ]),
  )
  const practices = new Map(filed.map(({ processInstanceKey, id }) => [processInstanceKey, id]))
  const practiceOf = (instance: string): string | null => {
    const parent = parents.get(instance) ?? null
    return practices.get(instance) ?? (parent === null ? null : practiceOf(parent))
  }
  const jobs = (await all<Job>(client, 'jobs')).map(
    ({ jobKey: key, type, state, processInstanceKey }): EndedJob => ({
      ...{ key, type, state, practice: practiceOf(processInstanceKey) },
    }),
  )
  const typeOf = new Map(jobs.map(({ key, type }) => [key, type]))
  const incidents = (await all<Incident>(client, 'incidents')).map(
    ({ jobKey, state }): RaisedIncident => ({ type: typeOf.get(jobKey ?? '') ?? null, state }),
  )
  const tasks = await all<Task>(client, 'user-tasks', { elementId: 'fai-a-mano' })
  const effects = new Map(
    (await all<Variable>(client, 'variables', { name: 'effetto' })).map(({ scopeKey, value }) => [scopeKey, value]),
  )
  const comunica = await all<Instance>(client, 'process-instances', { processDefinitionId: 'ca-comunica' })
  const addressees = new Map(
    (await all<Variable>(client, 'variables', { name: 'destinatario' })).map(({ scopeKey, value }) => [
      scopeKey,
      value,
    ]),
  )
  const told = comunica.filter(({ processInstanceKey }) => addressees.get(processInstanceKey)?.includes('"cf"'))
  const begins = only.flatMap((family) => FAMILY_EFFECTS[family])
  const isAsked = ({ type }: DeclaredEffect) => only.length === 0 || begins.some((begin) => type.startsWith(begin))
  const named = (keys: readonly string[]) => keys.flatMap((key) => practiceOf(key) ?? [])
  return {
    declared: (await declaredEffects()).filter(isAsked),
    ...{ people: filed, jobs, incidents, codes, acts: actsOf(filed) },
    accounts: await accountsOf(filed, databaseUrl),
    refunds: await entrustedBy(client, REFUND, 'incasso', refundedIn),
    anomalies: await entrustedBy(client, ANOMALY, 'anomalia', unfitIn),
    ...{ journals: journalsIn(directory), calls: callsIn(directory) },
    byHand: named(
      tasks
        .filter(({ elementInstanceKey }) => effects.get(elementInstanceKey)?.includes('utenze'))
        .map(({ processInstanceKey }) => processInstanceKey),
    ),
    tellings: named(told.map(({ processInstanceKey }) => processInstanceKey)),
  }
}

function actsOf(filed: readonly Filed[]): Evidence['acts'] {
  const acts = new Map<string, number>()
  for (const { kind } of filed)
    for (const [signer, count] of Object.entries(kind.signatures ?? {}))
      acts.set(signer, (acts.get(signer) ?? 0) + count)
  return Object.fromEntries(acts)
}

async function accountsOf(filed: readonly Filed[], databaseUrl: string): Promise<Evidence['accounts']> {
  const accounts = await openAccounts(databaseUrl)
  try {
    return (await Promise.all(filed.map(({ id }) => accounts.of(id)))).flat()
  } finally {
    await accounts.close()
  }
}

/** Of each instance of a process, the payment that it is about. */
async function entrustedBy(
  client: RestClient,
  process: string,
  variable: string,
  receiptIn: (value: string) => string,
): Promise<readonly Entrusted[]> {
  const variables = await all<Variable>(client, 'variables', { name: variable })
  const started = await all<Ended>(client, 'process-instances', { processDefinitionId: process })
  return started.flatMap(({ processInstanceKey, state }) =>
    variables
      .filter(({ scopeKey }) => scopeKey === processInstanceKey)
      .map(({ value }) => ({ receipt: receiptIn(value), isDone: state === 'COMPLETED' })),
  )
}
const refundedIn = (value: string): string => (JSON.parse(value) as { readonly ricevuta: string }).ricevuta
/** A flow that does not add up is about no payment. */
function unfitIn(value: string): string {
  const { tipo, pagamento } = JSON.parse(value) as Unfit
  return tipo === 'IMPORTO' && pagamento ? pagamento.iur : `${tipo} ${pagamento?.iur ?? ''}`
}

/** What was acknowledged, and what each practice must have come to. */
async function brokenPromises(client: RestClient, people: People, evidence: Evidence): Promise<readonly string[]> {
  const found: string[] = []
  for (const practice of people.filed) {
    found.push(...(await ended(client, people, practice)))
    const { id, kind } = practice
    const directions = evidence.journals.protocollo.flatMap((line) =>
      line.operazione === 'registra' && line.registrazione.riferimento.startsWith(`${id}/`)
        ? [line.registrazione.verso]
        : [],
    )
    const isRight = hasEntries(kind, directions)
    if (!isRight) found.push(`${id} (${kind.name}): protocol entries ${directions.join(' ')}`)
  }
  for (const key of people.completed) {
    const { state } = await client.surely<{ state: string }>('GET', `/user-tasks/${key}`)
    if (state !== 'COMPLETED' && state !== 'CANCELED') found.push(`task ${key} was completed and is ${state}`)
  }
  const left = await all<Task>(client, 'user-tasks', { state: 'CREATED' })
  return [...found, ...left.map(({ elementId }) => `${elementId}: a task was left undone`)]
}

function hasEntries({ entries, isCutShort = false }: Kind, found: readonly string[]): boolean {
  const expected: readonly string[] = entries
  if (isCutShort) return found.length <= expected.length && found.every((one) => expected.includes(one))
  return found.toSorted().join(' ') === expected.toSorted().join(' ')
}

async function ended(client: RestClient, people: People, { id, kind, processInstanceKey }: Filed): Promise<string[]> {
  const instances = await people.instancesOf(id)
  if (instances.length !== 1) return [`${id}: ${instances.length} process instances`]
  const { state } = await client.surely<{ state: string }>('GET', `/process-instances/${processInstanceKey}`)
  const filter = { processInstanceKey, name: 'esito', scopeKey: processInstanceKey }
  const { items } = await client.surely<Items<Variable>>('POST', '/variables/search', { filter })
  const esito = items[0] === undefined ? null : (JSON.parse(items[0].value) as string)
  return state === 'COMPLETED' && esito === kind.esito ? [] : [`${id} (${kind.name}): ${state} with ${esito}`]
}
