/**
 * Who may not move: asked wherever something would. While nothing is suspended each question is one look at an empty table, which is
 * in memory whole; what a suspension concerns has no mark of its own, so that suspending 100,000 instances writes one row.
 */
import type { Instant, Key } from '../../protocol/records.ts'
import type { Processing } from '../processing.ts'
import type { HeldCommand, Job, Suspension } from '../state/rows.ts'

const lasts = ({ state }: Suspension) => state === 'SUSPENDED'
const stopsInstances = ({ kind }: Suspension) =>
  kind === 'PROCESS_INSTANCE' || kind === 'PROCESS_DEFINITION' || kind === 'PROCESS'

/** Of that definition: of the version itself and of all versions. */
function* ofDefinition(p: Processing, processDefinitionKey: Key): Iterable<Suspension> {
  const definition = p.state.get('processDefinition', processDefinitionKey)
  yield* p.state.find('suspensionsOf', processDefinitionKey).values()
  if (definition !== undefined)
    yield* p.state.find('suspensionsOf', definition.tenantId, definition.bpmnProcessId).values()
}

/** What stops or has stopped the instance: its own suspensions, those of its definition, and the same of whoever has called it. */
function* around(p: Processing, processInstanceKey: Key): Iterable<Suspension> {
  for (let key = processInstanceKey; key > 0; ) {
    const instance = p.state.get('elementInstance', key)
    if (instance === undefined) return
    yield* p.state.find('suspensionsOf', key).values()
    for (const row of ofDefinition(p, instance.processDefinitionKey)) if (stopsInstances(row)) yield row
    key = instance.parentProcessInstanceKey
  }
}

/** What stops or has stopped all instances of the definition. */
export const stoppagesOf = (p: Processing, processDefinitionKey: Key): readonly Suspension[] =>
  isUsed(p) ? [...ofDefinition(p, processDefinitionKey)].filter(stopsInstances) : []

function first(rows: Iterable<Suspension>, chosen: (row: Suspension) => boolean): Key | null {
  for (const row of rows) if (chosen(row)) return row.key
  return null
}
const isUsed = (p: Processing) => p.state.count('suspension') > 0

/** The suspension for which the instance stands still; null when it may go on. What was held for it goes on before all else. */
export function stopping(p: Processing, processInstanceKey: Key): Key | null {
  if (!isUsed(p)) return null
  const now = first(around(p, processInstanceKey), lasts)
  if (now !== null || p.isReleasing) return now
  const suspensions = heldIn(p, processInstanceKey).map((held) => p.state.get('suspension', held.suspensionKey)!)
  return first(suspensions, stopsInstances)
}

/** What is held for the instance, oldest first. */
export function heldIn(p: Processing, processInstanceKey: Key): readonly HeldCommand[] {
  const instance = p.state.get('elementInstance', processInstanceKey)
  if (instance === undefined || instance.held === 0) return []
  const inTree = [...p.state.find('heldIn', instance.rootProcessInstanceKey).values()]
  return inTree.filter((held) => held.processInstanceKey === processInstanceKey)
}

/** The suspension before which tokens on their way to the element wait. */
export function stoppingElement(p: Processing, processDefinitionKey: Key, elementId: string): Key | null {
  if (!isUsed(p)) return null
  const rows = p.state.find('suspensionsOf', processDefinitionKey).values()
  return first(rows, (row) => row.kind === 'ELEMENT' && row.elementId === elementId && lasts(row))
}

/** The suspension for which the job is not handed out. */
export function stoppingJob(p: Processing, job: Job): Key | null {
  if (!isUsed(p)) return null
  return (
    stopping(p, job.processInstanceKey) ??
    stoppingElement(p, job.processDefinitionKey, job.elementId) ??
    first(
      p.state.find('suspensionsOf', job.tenantId, '').values(),
      (row) => lasts(row) && isOfType(row.jobType, job.type),
    )
  )
}
const isOfType = (suspended: string, type: string) =>
  suspended.endsWith('*') ? type.startsWith(suspended.slice(0, -1)) : type === suspended

/** The suspension for which the definition begins no instance. */
export function stoppingStart(p: Processing, processDefinitionKey: Key): Key | null {
  if (!isUsed(p)) return null
  const rows = ofDefinition(p, processDefinitionKey)
  return first(rows, (row) => stopsInstances(row) && lasts(row) && !row.admitsNewInstances)
}

/** How long the instance has stood still since then, in ms; what two suspensions share counts once. */
export function stoodStill(p: Processing, processInstanceKey: Key, since: Instant): number {
  if (!isUsed(p)) return 0
  const periods = [...around(p, processInstanceKey)]
    .map(({ suspendedAt, resumedAt }) => ({ from: suspendedAt, to: resumedAt < 0 ? p.now : resumedAt }))
    .sort((one, other) => one.from - other.from)
  let ms = 0
  let counted = since
  for (const { from, to } of periods) {
    ms += Math.max(0, to - Math.max(from, counted))
    counted = Math.max(counted, to)
  }
  return ms
}
