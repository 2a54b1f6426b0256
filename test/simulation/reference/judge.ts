/**
 * Holds the log of an engine against the interpreter. What the world did (jobs, messages, persons, time) is taken from the log as it
 * is; what the engine made of it must be what the interpreter says, step by step, and when the engine rests nothing may be left undone
 * and all that it waits for must be what the interpreter waits for.
 */
import type { Plans } from '../plan.ts'
import { cancelInside, decided, fulfil, wantInside } from './ad-hoc.ts'
import { hears, trigger } from './catching.ts'
import { Graph } from './graph.ts'
import type { Instance, Step, Variables } from './instance.ts'
import { Interpreter } from './interpreter.ts'
import type { JobAnswer, LogRecord, LogValue } from './log.ts'
import { Messages } from './messages.ts'
import { throwError } from './throwing.ts'
import { person, taskListenerDone } from './user-tasks.ts'
import { violated } from './violation.ts'

/** What the engine waits for, a line each, as `Judge.waiting` has it. */
export type Waiting = readonly string[]

const entriesOf = (text: string | undefined): Variables => JSON.parse(text ?? '{}') as Variables
/** Known to the engine alone: what an ad-hoc sub-process consists of. */
const DESCRIPTION = 'adHocSubProcessElements'

const STEPS: readonly string[] = ['ACTIVATED', 'COMPLETING', 'COMPLETED', 'TERMINATING', 'TERMINATED'] satisfies Step[]

const noRetries: Readonly<Record<string, string>> = {
  BPMN_ELEMENT: 'JOB_NO_RETRIES',
  EXECUTION_LISTENER: 'EXECUTION_LISTENER_NO_RETRIES',
  TASK_LISTENER: 'TASK_LISTENER_NO_RETRIES',
  AD_HOC_SUB_PROCESS: 'AD_HOC_SUB_PROCESS_NO_RETRIES',
}

/** Commands whose effect is known here. */
const KNOWN = new Set([
  ...['DEPLOYMENT', 'RESOURCE_DELETION', 'PROCESS_INSTANCE_CREATION', 'PROCESS_INSTANCE_BATCH'],
  ...['JOB', 'JOB_BATCH', 'INCIDENT', 'TIMER', 'MESSAGE', 'SIGNAL', 'USER_TASK', 'VARIABLE_DOCUMENT'],
  'AD_HOC_SUB_PROCESS_INSTRUCTION',
])

export class Judge {
  readonly #interpreter: Interpreter
  readonly #messages: Messages
  /** Variables as the log tells them, by scope. */
  readonly #told = new Map<number, Map<string, unknown>>()
  readonly #signalStarts: { readonly signal: string; readonly id: string; readonly start: string }[]
  #asked: LogRecord | null = null
  #isDeployed = false
  #resigned: string | null = null
  #read = 0

  constructor(plans: Plans) {
    const graph = new Graph(plans)
    this.#interpreter = new Interpreter(graph)
    this.#messages = new Messages(this.#interpreter)
    this.#signalStarts = [...graph.processes.values()].flatMap(({ id, body }) => {
      const start = body!.start!
      const { event } = start.planned
      return event?.type === 'signal' ? [{ signal: event.name, id, start: start.id }] : []
    })
  }

  /** Records from position `read` on. */
  get read(): number {
    return this.#read
  }
  observe(record: LogRecord, at: number): void {
    this.#read++
    this.#interpreter.now = at
    const { recordType, valueType, intent, value } = record
    if (recordType !== 'EVENT') {
      this.#asked = recordType === 'COMMAND' ? record : null
      return
    }
    this.#accept()
    if (this.#resigned !== null) return
    if (valueType === 'PROCESS_INSTANCE' && intent === 'ELEMENT_ACTIVATING') this.#grant(value.elementId)
    this.#happened(record)
  }
  /** What the engine was told to do that is not known here; from then on nothing is judged. */
  get resigned(): string | null {
    return this.#resigned
  }
  /** A command was not refused. */
  #accept(): void {
    if (this.#asked === null) return
    const { valueType, intent, key, value } = this.#asked
    const isCancel = valueType === 'PROCESS_INSTANCE' && intent === 'CANCEL'
    if (isCancel) this.#interpreter.instances.get(key)?.mustTerminate()
    const { key: messageKey = '', choice = 0 } = valueType === 'VARIABLE_DOCUMENT' ? entriesOf(value.variables) : {}
    const isKnown = (KNOWN.has(valueType) || isCancel) && typeof messageKey === 'string' && typeof choice === 'number'
    if (!isKnown || (valueType === 'DEPLOYMENT' && this.#isDeployed)) this.#resigned = `${valueType} ${intent}`
    if (valueType === 'DEPLOYMENT') this.#isDeployed = true
    const isLater = valueType === 'PROCESS_INSTANCE_CREATION' || valueType === 'AD_HOC_SUB_PROCESS_INSTRUCTION'
    if (!isLater) this.#asked = null
  }
  /** The first element that a command leads to, of commands of which no event says beforehand what they wish. */
  #grant(elementId: string): void {
    const { valueType, value } = this.#asked ?? {}
    if (value === undefined) return
    if (valueType === 'PROCESS_INSTANCE_CREATION') {
      const { bpmnProcessId: id, variables } = value
      this.#interpreter.processes.push({ id, variables: entriesOf(variables), caller: null, event: null })
    } else if (valueType === 'AD_HOC_SUB_PROCESS_INSTRUCTION') {
      const adHoc = this.#interpreter.instance(value.adHocSubProcessInstanceKey)
      if (elementId.split('#')[0] !== adHoc.node.id) return
      if (value.cancelRemainingInstances) cancelInside(adHoc)
      for (const { elementId: element, variables } of value.activateElements)
        wantInside(adHoc, element, entriesOf(variables))
    }
    this.#asked = null
  }

  #happened(record: LogRecord): void {
    switch (record.valueType) {
      case 'PROCESS_INSTANCE':
        this.#lived(record)
        return
      case 'VARIABLE':
        this.#varied(record)
        return
      case 'VARIABLE_DOCUMENT':
        if (record.intent === 'UPDATED') this.#set(record.value)
        return
      case 'JOB':
        this.#worked(record)
        return
      case 'INCIDENT':
        this.#stopped(record)
        return
      case 'USER_TASK':
        this.#did(record)
        return
      case 'TIMER':
        if (record.intent === 'TRIGGERED') this.#rang(record.value)
        return
      case 'CONDITIONAL_SUBSCRIPTION':
        if (record.intent === 'TRIGGERED') this.#held(record.value)
        return
      case 'SIGNAL':
        this.#heard(record.value.signalName, entriesOf(record.value.variables))
        return
      case 'MESSAGE':
      case 'PROCESS_MESSAGE_SUBSCRIPTION':
        this.#messages.observe(record)
        return
    }
  }

  #lived({ intent, key, value }: LogRecord): void {
    const { elementId, flowScopeKey, parentElementInstanceKey } = value
    if (intent === 'SEQUENCE_FLOW_TAKEN') this.#interpreter.take(elementId, flowScopeKey)
    else if (intent === 'ELEMENT_ACTIVATING')
      this.#interpreter.begin(key, elementId, flowScopeKey, parentElementInstanceKey ?? -1)
    else {
      const step = intent.replace('ELEMENT_', '')
      if (!STEPS.includes(step)) violated(`${elementId} ${intent} is not known here`)
      const instance = this.#interpreter.step(key, step as Step)
      if (step === 'COMPLETED' || step === 'TERMINATED') this.#compareVariables(instance)
    }
  }

  #varied({ value }: LogRecord): void {
    const locals = this.#told.get(value.scopeKey) ?? new Map<string, unknown>()
    this.#told.set(value.scopeKey, locals)
    if (value.nulls !== undefined) locals.set(value.name, new Array(value.nulls.length).fill(null))
    else if (value.item !== undefined) {
      const { index, value: item } = value.item
      locals.set(value.name, (locals.get(value.name) as unknown[]).with(index, JSON.parse(item)))
    } else locals.set(value.name, JSON.parse(value.value))
  }
  #set({ scopeKey, updateSemantics, variables }: LogValue): void {
    const scope = this.#interpreter.instance(scopeKey)
    if (updateSemantics === 'LOCAL') scope.setLocal(entriesOf(variables))
    else scope.merge(entriesOf(variables))
  }
  #compareVariables({ key, node, locals }: Instance): void {
    const told = this.#told.get(key) ?? new Map()
    const sorted = (of: Iterable<[string, unknown]>) =>
      JSON.stringify([...of].filter(([name]) => name !== DESCRIPTION).sort(([one], [other]) => (one < other ? -1 : 1)))
    if (sorted(told) !== sorted(locals))
      violated(`${node.id} has the variables ${sorted(told)}, but was to have ${sorted(locals)}`)
  }

  #worked({ intent, value }: LogRecord): void {
    if (!['COMPLETED', 'FAILED', 'ERROR_THROWN'].includes(intent)) return
    const instance = this.#interpreter.instance(value.elementInstanceKey)
    if (instance.job !== value.jobKind)
      violated(`a job ${value.jobKind} of ${instance.node.id} is ${intent}, but it has ${instance.job ?? 'none'}`)
    const variables = entriesOf(value.variables)
    if (intent === 'FAILED') {
      instance.setLocal(variables)
      if (value.retries <= 0) instance.incident = noRetries[instance.job!]!
    } else if (intent === 'ERROR_THROWN') throwError(instance)
    else if (instance.job === 'TASK_LISTENER') taskListenerDone(instance, value.result?.denied === true)
    else if (instance.job === 'AD_HOC_SUB_PROCESS') this.#decided(instance, variables, value.result ?? {})
    else this.#interpreter.jobDone(instance, variables)
  }
  #decided(adHoc: Instance, variables: Variables, result: Partial<JobAnswer>): void {
    const { activateElements = [], completionConditionFulfilled, cancelRemainingInstances } = result
    const begin = activateElements.map(({ elementId, variables: own }) => ({ element: elementId, own: entriesOf(own) }))
    decided(adHoc, variables, begin)
    if (!completionConditionFulfilled) return
    adHoc.isFulfilled = true
    fulfil(adHoc, cancelRemainingInstances === true)
  }
  #stopped({ intent, value }: LogRecord): void {
    const instance = this.#interpreter.instance(value.elementInstanceKey)
    if (intent === 'CREATED') {
      if (instance.incident !== value.errorType)
        violated(`${instance.node.id} has an incident ${value.errorType}: ${value.errorMessage}`)
    } else if (instance.incident !== null) {
      instance.incident = null
      if (value.jobKey <= 0) this.#interpreter.retry(instance)
    }
  }
  #did({ intent, value }: LogRecord): void {
    if (intent !== 'ASSIGNING' && intent !== 'COMPLETING') return
    const instance = this.#interpreter.instance(value.elementInstanceKey)
    person(instance, intent, entriesOf(value.variables))
  }
  #rang({ elementInstanceKey, targetElementId }: LogValue): void {
    const instance = this.#interpreter.instance(elementInstanceKey)
    const wait = instance.waits.get(targetElementId)
    if (wait === undefined || !('due' in wait.what)) violated(`a timer of ${targetElementId} rings, but none is set`)
    if (wait.what.due > this.#interpreter.now) violated(`the timer of ${targetElementId} rings too early`)
    if (!hears(instance, wait.target)) violated(`a timer of ${targetElementId} rings, but nobody hears it`)
    instance.waits.delete(targetElementId)
    trigger(instance, wait.target, {})
  }
  #held({ elementInstanceKey, catchEventId, interrupting }: LogValue): void {
    const instance = this.#interpreter.instance(elementInstanceKey)
    const wait = instance.waits.get(catchEventId)
    if (wait === undefined || !('condition' in wait.what)) violated(`nobody waits for the condition of ${catchEventId}`)
    if (wait.what.held === 0) violated(`the condition of ${catchEventId} does not hold`)
    if (!hears(instance, wait.target)) violated(`the condition of ${catchEventId} holds, but nobody hears of it`)
    wait.what.held--
    if (interrupting) instance.waits.delete(catchEventId)
    trigger(instance, wait.target, {})
  }
  #heard(signal: string, variables: Variables): void {
    const { signals, instances, processes } = this.#interpreter
    const at = signals.indexOf(signal)
    if (at >= 0) signals.splice(at, 1)
    const heard = [...instances.values()].flatMap((instance) =>
      [...instance.waits.values()].flatMap(({ what, target }) =>
        'signal' in what && what.signal === signal ? [{ instance, target }] : [],
      ),
    )
    for (const { instance, target } of heard) if (hears(instance, target)) trigger(instance, target, variables)
    for (const { signal: name, id, start } of this.#signalStarts)
      if (name === signal) processes.push({ id, variables: {}, caller: null, event: { id: start, variables } })
  }

  /** The engine rests: nothing may be left to do, and it must wait for the same. */
  rest(waiting: Waiting): void {
    if (this.#resigned !== null) return
    const unrest = this.#interpreter.unrest() ?? this.#messages.unrest()
    if (unrest !== null) violated(`the engine rests, but ${unrest}`)
    for (const instance of this.#interpreter.instances.values()) this.#compareVariables(instance)
    for (const instance of this.#interpreter.instances.values())
      for (const { target, what } of instance.waits.values())
        if ('condition' in what && what.held > 0 && hears(instance, target))
          violated(`the condition of ${target.id} holds, but nothing comes of it`)
    const [is, was] = [new Set(waiting), new Set(this.#waiting())]
    for (const line of is) if (!was.has(line)) violated(`the engine waits for ${line}, which nothing waits for`)
    for (const line of was) if (!is.has(line)) violated(`the engine does not wait for ${line}`)
  }
  #waiting(): Waiting {
    return [...this.#interpreter.instances.values()].flatMap((instance) => {
      const { key, job, incident, task } = instance
      const lines = [`instance ${instance.node.id} ${key}`]
      if (job !== null) lines.push(`job ${job} ${key}`)
      if (incident !== null) lines.push(`incident ${incident} ${key}`)
      if (task !== null) lines.push(`task ${task} ${key}`)
      for (const { target, what } of instance.waits.values())
        if ('due' in what) lines.push(`timer ${target.id} ${what.due} ${key}`)
        else if ('signal' in what) lines.push(`signal ${what.signal} ${target.id} ${key}`)
        else if ('condition' in what) lines.push(`condition ${what.condition} ${target.id} ${key}`)
        else lines.push(`message ${what.message} ${what.key} ${target.id} ${key}`)
      return lines
    })
  }
}
