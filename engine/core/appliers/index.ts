/** The only writers of state. Once released an applier is frozen; a change is a new version (E11). */
import type { Event, EventType, Instant } from '../../protocol/records.ts'
import type { State } from '../state/state.ts'
import { type Applier, type Appliers, unchanged } from './applier.ts'
import {
  batchOperationChunkAppliers,
  batchOperationCreationAppliers,
  batchOperationExecutionAppliers,
  batchOperationInitializationAppliers,
  batchOperationLifecycleAppliers,
  batchOperationPartitionAppliers,
} from './batch-operation.ts'
import { compensationSubscriptionAppliers } from './compensation.ts'
import { conditionalSubscriptionAppliers } from './conditional.ts'
import { decisionAppliers, decisionRequirementsAppliers, formAppliers, processAppliers } from './deployment.ts'
import { incidentAppliers } from './incident.ts'
import { jobAppliers, jobBatchAppliers } from './job.ts'
import {
  messageAppliers,
  messageStartAppliers,
  messageSubscriptionAppliers,
  processMessageSubscriptionAppliers,
} from './message.ts'
import {
  adHocInstructionAppliers,
  multiInstanceAppliers,
  processEventAppliers,
  processInstanceAppliers,
  processInstanceBatchAppliers,
  processInstanceModificationAppliers,
} from './process-instance.ts'
import { signalSubscriptionAppliers } from './signal.ts'
import { suspensionAppliers } from './suspension.ts'
import { timerAppliers } from './timer.ts'
import { userTaskAppliers } from './user-task.ts'
import { variableAppliers } from './variable.ts'

const appliers: { readonly [V in EventType]: Appliers<V> } = {
  PROCESS_INSTANCE: processInstanceAppliers,
  PROCESS_INSTANCE_CREATION: { CREATED: unchanged },
  PROCESS_INSTANCE_RESULT: { COMPLETED: unchanged },
  PROCESS_INSTANCE_MODIFICATION: processInstanceModificationAppliers,
  PROCESS_INSTANCE_MIGRATION: { MIGRATED: unchanged },
  PROCESS_EVENT: processEventAppliers,
  VARIABLE: variableAppliers,
  VARIABLE_DOCUMENT: { UPDATING: unchanged, UPDATED: unchanged, UPDATE_DENIED: unchanged },
  JOB: jobAppliers,
  JOB_BATCH: jobBatchAppliers,
  INCIDENT: incidentAppliers,
  TIMER: timerAppliers,
  MESSAGE: messageAppliers,
  MESSAGE_SUBSCRIPTION: messageSubscriptionAppliers,
  PROCESS_MESSAGE_SUBSCRIPTION: processMessageSubscriptionAppliers,
  MESSAGE_START_EVENT_SUBSCRIPTION: messageStartAppliers,
  MESSAGE_CORRELATION: { CORRELATING: unchanged, CORRELATED: unchanged, NOT_CORRELATED: unchanged },
  SIGNAL: { BROADCASTED: unchanged },
  SIGNAL_SUBSCRIPTION: signalSubscriptionAppliers,
  CONDITIONAL_SUBSCRIPTION: conditionalSubscriptionAppliers,
  CONDITIONAL_EVALUATION: { EVALUATED: unchanged },
  ESCALATION: { ESCALATED: unchanged, NOT_ESCALATED: unchanged },
  COMPENSATION_SUBSCRIPTION: compensationSubscriptionAppliers,
  USER_TASK: userTaskAppliers,
  DECISION_EVALUATION: { EVALUATED: unchanged, FAILED: unchanged },
  DEPLOYMENT: { CREATED: unchanged },
  PROCESS: processAppliers,
  DECISION: decisionAppliers,
  DECISION_REQUIREMENTS: decisionRequirementsAppliers,
  FORM: formAppliers,
  RESOURCE_DELETION: { DELETING: unchanged, DELETED: unchanged },
  RUNTIME_INSTRUCTION: { INTERRUPTED: unchanged },
  MULTI_INSTANCE: multiInstanceAppliers,
  AD_HOC_SUB_PROCESS_INSTRUCTION: adHocInstructionAppliers,
  PROCESS_INSTANCE_BATCH: processInstanceBatchAppliers,
  BATCH_OPERATION_CREATION: batchOperationCreationAppliers,
  BATCH_OPERATION_CHUNK: batchOperationChunkAppliers,
  BATCH_OPERATION_INITIALIZATION: batchOperationInitializationAppliers,
  BATCH_OPERATION_EXECUTION: batchOperationExecutionAppliers,
  BATCH_OPERATION_PARTITION_LIFECYCLE: batchOperationPartitionAppliers,
  BATCH_OPERATION_LIFECYCLE_MANAGEMENT: batchOperationLifecycleAppliers,
  SUSPENSION: suspensionAppliers,
}

/** Changes the state as the event says; processing and replay both come through here. */
export function apply(state: State, event: Event, at: Instant): void {
  const byIntent = appliers[event.valueType] as Readonly<Record<string, Applier<EventType>>>
  byIntent[event.intent]!(state, event.key, event.value, at)
}
