/** A record of the log, as exporters show it; of the values the fields that are read here. Each value type has its own of them. */
export interface LogRecord {
  readonly recordType: string
  readonly valueType: string
  readonly intent: string
  readonly key: number
  readonly value: LogValue
}
export interface LogValue {
  readonly elementId: string
  readonly flowScopeKey: number
  readonly elementInstanceKey: number
  readonly parentElementInstanceKey?: number
  readonly bpmnProcessId: string
  /** JSON text. */
  readonly variables?: string
  readonly scopeKey: number
  readonly name: string
  readonly value: string
  readonly nulls?: { readonly length: number }
  readonly item?: { readonly index: number; readonly value: string }
  readonly updateSemantics: string
  readonly jobKind: string
  readonly retries: number
  readonly result?: Partial<JobAnswer> & { readonly denied?: boolean }
  readonly jobKey: number
  readonly errorType: string
  readonly errorMessage: string
  readonly targetElementId: string
  readonly signalName: string
  readonly catchEventId: string
  readonly interrupting: boolean
  readonly correlationKey: string
  readonly timeToLive: number
  readonly messageKey: number
  readonly adHocSubProcessInstanceKey: number
  readonly activateElements: readonly AskedElement[]
  readonly cancelRemainingInstances: boolean
}
/** What a worker says of an ad-hoc sub-process. */
export interface JobAnswer {
  readonly activateElements: readonly AskedElement[]
  readonly completionConditionFulfilled: boolean
  readonly cancelRemainingInstances: boolean
}
export interface AskedElement {
  readonly elementId: string
  readonly variables?: string
}
