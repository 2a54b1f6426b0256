/** One activation of an element: where it is in its life, what it holds and what it waits for. */
import type { Node } from './graph.ts'

/** The next thing that must happen to it, by itself and at once. */
export type Step = 'ACTIVATED' | 'COMPLETING' | 'COMPLETED' | 'TERMINATING' | 'TERMINATED'
export type Variables = Readonly<Record<string, unknown>>

/** What must begin in a scope though no flow leads there. */
export interface Wanted {
  readonly id: string
  /** What came with the event that began it. */
  readonly variables?: Variables
  readonly undoes?: Undoing
}
/** Something completed that can be undone. */
export interface Undoing {
  readonly node: Node
  readonly instance: Instance
  readonly scope: Instance
  readonly handler: Node | null
  /** What an event sub-process that undoes it finds: the variables that it had. */
  readonly recalled: Variables | null
  thrower: Instance | null
}
/** An event that it waits for. */
export interface Wait {
  readonly target: Node
  readonly what:
    | { readonly message: string; readonly key: unknown }
    | { readonly signal: string }
    | { readonly due: number }
    /** `held`: how often a change has left it true, or its opening found it so, and nothing has come of it yet. */
    | { readonly condition: string; held: number }
}
export type JobKind = 'BPMN_ELEMENT' | 'EXECUTION_LISTENER' | 'TASK_LISTENER' | 'AD_HOC_SUB_PROCESS'
export type TaskState = 'CREATING' | 'CREATED' | 'ASSIGNING' | 'COMPLETING' | 'CANCELING'

/**
 * `body`: of a multi-instance activity, around its children. `inner`: of an ad-hoc sub-process, around one activated element.
 */
export type Role = 'process' | 'body' | 'inner' | 'element'

export class Instance {
  readonly key: number
  readonly node: Node
  readonly role: Role
  readonly scope: Instance | null
  /** The call activity, of a called process. */
  readonly caller: Instance | null
  phase: 'activating' | 'active' | 'completing' | 'terminating' | 'gone' = 'activating'
  next: Step | null = null
  readonly locals = new Map<string, unknown>()

  /** Its work. */
  job: JobKind | null = null
  incident: string | null = null
  task: TaskState | null = null
  /** What its work or its event left, until it completes; of an event-based gateway also which event. */
  result: Variables | null = null
  chosen: Node | null = null
  readonly waits = new Map<string, Wait>()
  /** The boundary event that has interrupted it. */
  leaving: Wanted | null = null
  /** One that came when it was to complete already. */
  late: Wanted | null = null

  /** As a scope: what is in it, what is on its way, what must begin. */
  readonly children = new Set<Instance>()
  readonly tokens = new Map<string, number>()
  flows: string[] = []
  wanted: Wanted[] = []
  /** The event sub-process that has interrupted it, until it begins and afterwards. */
  interruption: { readonly node: Node; readonly variables: Variables; isPending: boolean } | null = null
  /** The event that has cancelled the transaction: what was in it ends, what had completed is undone. */
  cancelled: Node | null = null
  called: Instance | null = null
  /** Of a child of a loop: which it is, from 1; its variable `loopCounter` may be written over. */
  place = 0
  /** Children begun and completed. */
  readonly loop = { begun: 0, completed: 0 }
  undoes: Undoing | null = null
  isFulfilled = false
  /** Told to end, but free to complete before it hears of it. */
  isCancelled = false

  constructor(key: number, node: Node, role: Role, around: { scope: Instance | null; caller?: Instance | null }) {
    this.key = key
    this.node = node
    this.role = role
    this.scope = around.scope
    this.caller = around.caller ?? null
    around.scope?.children.add(this)
  }

  /** The scopes around it, the nearest first. */
  get around(): readonly Instance[] {
    return this.scope === null ? [] : [this.scope, ...this.scope.around]
  }
  get isInCancelled(): boolean {
    return this.around.some(({ cancelled }) => cancelled !== null)
  }
  get isInTransaction(): boolean {
    return this.around.some(({ node }) => node.planned.isTransaction)
  }
  get type(): string {
    return this.node.planned.type
  }
  get root(): Instance {
    return this.scope?.root ?? this
  }
  /** Nothing in it is active, on its way or about to begin. */
  get isQuiet(): boolean {
    return this.children.size === 0 && this.tokens.size === 0 && this.flows.length === 0 && this.wanted.length === 0
  }
  /** Boundary events belong to the body of a loop. */
  get boundaries(): readonly Node[] {
    const isInLoop = this.scope?.role === 'body'
    return isInLoop || this.role === 'process' || this.role === 'inner' ? [] : this.node.boundaries
  }

  token(flow: string, count: number): void {
    const now = (this.tokens.get(flow) ?? 0) + count
    if (now > 0) this.tokens.set(flow, now)
    else this.tokens.delete(flow)
  }
  /** Nothing that was to come in it will come. */
  clear(): void {
    this.tokens.clear()
    this.flows = []
    this.wanted = []
  }
  mustComplete(): void {
    if (this.phase === 'active' && this.next !== 'TERMINATING') this.next = 'COMPLETING'
  }
  /** A terminating one has ended when nothing is left in it. */
  mayEnd(): void {
    if (this.children.size === 0 && this.called === null) this.next = 'TERMINATED'
  }
  mustTerminate(): void {
    if (this.phase !== 'terminating') this.next = 'TERMINATING'
  }

  #put(name: string, value: unknown): void {
    const isChange = !this.locals.has(name) || !same(this.locals.get(name), value)
    this.locals.set(name, value)
    if (isChange) this.#told(name)
  }
  /** Whoever waits for the variable, here or in what is in here. */
  #told(name: string): void {
    for (const { what } of this.waits.values())
      if ('condition' in what && what.condition === name && this.holds(name)) what.held++
    for (const child of this.children) child.#told(name)
  }
  /** The condition on the variable. */
  holds(name: string): boolean {
    return (this.lookup(name) as number) > 0
  }
  /** The innermost variable of that name. */
  lookup(name: string): unknown {
    return this.locals.has(name) ? this.locals.get(name) : this.scope?.lookup(name)
  }
  visible(): Variables {
    return { ...this.scope?.visible(), ...Object.fromEntries(this.locals) }
  }
  setLocal(variables: Variables): void {
    for (const [name, value] of Object.entries(variables)) this.#put(name, value)
  }
  /**
   * Each entry goes to the innermost variable of its name that it changes; one that is equal to what it finds goes on upward. What
   * finds none is created at the process instance.
   */
  merge(variables: Variables): void {
    if (this.scope === null) {
      this.setLocal(variables)
      return
    }
    const rest = Object.entries(variables).filter(([name, value]) => {
      if (!this.locals.has(name) || same(this.locals.get(name), value)) return true
      this.#put(name, value)
      return false
    })
    this.scope.merge(Object.fromEntries(rest))
  }
}

export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
