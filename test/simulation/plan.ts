/** What was drawn, as plain data: draw.ts makes a diagram of it, the reference interpreter runs it as it is. */

/** The one code of errors and the one of escalations. */
export const ERROR_CODE = 'E'
export const ESCALATION_CODE = 'X'
/** The variable that keys all messages. */
export const MESSAGE_KEY = 'key'
/** Begins the names of signals that start something beside what already runs. */
export const SIGNAL_BESIDE = 'beside'

/** What comes to a catching event or leaves a throwing one. A thrown message is a job. */
export type PlannedEvent =
  | { readonly type: 'message' | 'signal' | 'link'; readonly name: string }
  /** Holds while the variable of that name is more than 0. */
  | { readonly type: 'conditional'; readonly name: string }
  | { readonly type: 'timer'; readonly minutes: number }
  | { readonly type: 'error' | 'escalation' | 'compensation' | 'cancel' | 'terminate' }

export type Work =
  /** A worker's job. */
  | 'job'
  /** `choice` grows by one. */
  | 'script'
  /** A person's, with listeners or without. */
  | 'person'
  | 'listened person'

export interface PlannedLoop {
  readonly isSequential: boolean
  /** The items are 0, 1, … */
  readonly items: number
  /** The loop is over with the second child that completes. */
  readonly untilTwo: boolean
  /** The variable that collects the items; '' when none does. */
  readonly collection: string
}

export interface PlannedAdHoc {
  /** The elements that begin by themselves, or a worker that says which. */
  readonly begin: readonly string[] | 'as a worker says'
  /** Over when `again` is false. */
  readonly untilOver: boolean
  readonly keepsRest: boolean
}

export interface PlannedElement {
  readonly id: string
  /** As BPMN's XML calls it. */
  readonly type: string
  readonly event?: PlannedEvent
  /** Of boundary events, and of what starts an event sub-process. */
  readonly isInterrupting?: boolean
  readonly attachedTo?: string
  readonly work?: Work
  /** What a receive task waits for. */
  readonly message?: string
  /** Each at most once. */
  readonly listeners?: readonly ('start' | 'end')[]
  readonly loop?: PlannedLoop
  readonly inner?: Plan
  readonly isTriggeredByEvent?: boolean
  /** Of sub-processes. */
  readonly isTransaction?: boolean
  readonly called?: string
  readonly adHoc?: PlannedAdHoc
  readonly isForCompensation?: boolean
  /** The flow of a gateway that needs no condition. */
  readonly otherwise?: string
}

/** `choice` modulo `of`, or `again`. */
export type Condition =
  | { readonly of: number; readonly is: number }
  | { readonly of: number; readonly isBelow: number }
  | 'again'

export interface PlannedFlow {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly when?: Condition
}

/** A process or sub-process, in the order of the file. */
export interface Plan {
  readonly elements: readonly PlannedElement[]
  readonly flows: readonly PlannedFlow[]
  /** From compensation events to their handlers. */
  readonly undoing: readonly { readonly event: string; readonly handler: string }[]
}
/** Processes by id. `main` is the one that clients start. */
export type Plans = Readonly<Record<string, Plan>>

/** All elements of a plan and of what it holds. */
export const elementsOf = (plan: Plan): readonly PlannedElement[] =>
  plan.elements.flatMap((element) => [element, ...(element.inner ? elementsOf(element.inner) : [])])
