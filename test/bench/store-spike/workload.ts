import { constants, zstdCompressSync } from 'node:zlib'

/** One-task instances as rows: what a batch of creations and completions leaves for the store. */
export interface ElementRow {
  readonly key: number
  readonly tenantId: string
  readonly processInstanceKey: number
  readonly processDefinitionKey: number
  readonly elementId: string
  readonly elementType: string
  readonly state: string
  readonly flowScopeKey: number | null
  readonly childCount: number | null
  readonly jobKey: number | null
  readonly startedAt: number
  readonly endedAt: number | null
  readonly detail: string | null
}
export interface JobRow {
  readonly key: number
  readonly tenantId: string
  readonly state: string
  readonly type: string
  readonly retries: number
  readonly worker: string
  readonly deadline: number | null
  readonly elementId: string
  readonly elementInstanceKey: number
  readonly processInstanceKey: number
  readonly processDefinitionKey: number
  readonly createdAt: number
  readonly endedAt: number | null
  readonly detail: string | null
}
export interface VariableRow {
  readonly key: number
  readonly tenantId: string
  readonly scopeKey: number
  readonly processInstanceKey: number
  readonly processDefinitionKey: number
  readonly name: string
  readonly value: string
}
export interface Born<Row> {
  readonly born: Row[]
  readonly ended: Row[]
  /** Born and ended within the batch. */
  readonly passed: Row[]
}
export interface Batch {
  readonly position: number
  readonly log: Buffer
  readonly instances: readonly number[]
  readonly element: Born<ElementRow>
  readonly job: Born<JobRow>
  readonly variable: Born<VariableRow>
}

const definition = 2_251_799_813_685_249
const now = 1_795_530_883_000
let nextKey = 2_251_799_813_700_000

export interface Instance {
  readonly root: ElementRow
  readonly task: ElementRow
  readonly job: JobRow
  readonly variables: readonly VariableRow[]
}

function element(processInstanceKey: number, elementId: string, elementType: string): ElementRow {
  return {
    key: nextKey++,
    tenantId: '<default>',
    processInstanceKey,
    processDefinitionKey: definition,
    elementId,
    elementType,
    state: 'ACTIVATED',
    flowScopeKey: processInstanceKey,
    childCount: null,
    jobKey: null,
    startedAt: now,
    endedAt: null,
    detail: null,
  }
}
const end = <Row extends { readonly state: string; readonly endedAt: number | null }>(row: Row): Row => ({
  ...row,
  state: 'COMPLETED',
  endedAt: now + 5,
})

export interface LogOptions {
  readonly level: number
}
/** Some 36 records of an instance, 20 at creation and 16 at completion, as tuples before compression. */
function logText(key: number, count: number): string {
  let text = `[${key}`
  for (let i = 0; i < count; i++) text += `,[${i},${i % 9},${nextKey + i},"task_${i % 4}",${now + i}]`
  return `${text}]`
}

/** Makes batches; the caller says how many instances begin and which end. */
export function batch(
  position: number,
  creations: number,
  endings: readonly Instance[],
  variables: number,
  level: number,
) {
  const out = {
    position,
    element: { born: [] as ElementRow[], ended: [] as ElementRow[], passed: [] as ElementRow[] },
    job: { born: [] as JobRow[], ended: [] as JobRow[], passed: [] as JobRow[] },
    variable: { born: [] as VariableRow[], ended: [] as VariableRow[], passed: [] as VariableRow[] },
  }
  let text = ''
  const instances: number[] = []
  const created: Instance[] = []
  for (let i = 0; i < creations; i++) {
    const key = nextKey
    instances.push(key)
    text += logText(key, 20)
    const root = {
      ...element(key, 'one_task', 'PROCESS'),
      flowScopeKey: null,
      childCount: 1,
      detail: '{"sequenceFlows":["f1"]}',
    }
    const start = end(element(key, 'start', 'START_EVENT'))
    const task = { ...element(key, 'task', 'SERVICE_TASK'), jobKey: nextKey }
    const job: JobRow = {
      key: nextKey++,
      tenantId: '<default>',
      state: 'ACTIVATED',
      type: 'bench-lq3x-task',
      retries: 3,
      worker: 'bench',
      deadline: now + 60_000,
      elementId: 'task',
      elementInstanceKey: task.key,
      processInstanceKey: key,
      processDefinitionKey: definition,
      createdAt: now,
      endedAt: null,
      detail: null,
    }
    const own: VariableRow[] = []
    for (let v = 0; v < variables; v++) {
      own.push({
        key: nextKey++,
        tenantId: '<default>',
        scopeKey: key,
        processInstanceKey: key,
        processDefinitionKey: definition,
        name: `v${v}`,
        value: '"some value of thirty bytes"',
      })
    }
    out.element.born.push(root, task)
    out.element.passed.push(start)
    out.job.born.push(job)
    out.variable.born.push(...own)
    created.push({ root, task, job, variables: own })
  }
  for (const instance of endings) {
    const { key } = instance.root
    instances.push(key)
    text += logText(key, 16)
    out.element.ended.push(end({ ...instance.root, detail: '{"sequenceFlows":["f1","f2"]}' }), end(instance.task))
    out.element.passed.push(end(element(key, 'end', 'END_EVENT')))
    out.job.ended.push(end(instance.job))
    out.variable.ended.push(...instance.variables)
  }
  const log = zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: level } })
  return { batch: { ...out, log, instances } satisfies Batch, created }
}
