/** The registry of commands: one that is not handled does not compile. */
import type { Commands, CommandType } from '../../protocol/records.ts'
import { isHeld } from '../behaviors/holding.ts'
import type { Follow, Processing } from '../processing.ts'
import { activate as activateAdHoc } from './ad-hoc-sub-process.ts'
import {
  addChunk,
  cancel as cancelBatch,
  create as createBatch,
  fail as failBatch,
  finishInitialization,
  resume as resumeBatch,
  suspend as suspendBatch,
} from './batch-operation.ts'
import { execute as executeBatch } from './batch-operation-execution.ts'
import { evaluate as evaluateStarts, trigger as triggerCondition } from './conditional.ts'
import { evaluate } from './decision-evaluation.ts'
import { create as deploy } from './deployment.ts'
import { resolve } from './incident.ts'
import {
  activateBatch,
  complete as completeJob,
  fail,
  giveBack,
  recurAfterBackoff,
  resumeJob,
  throwError,
  timeOut,
  updateRetries,
  updateTimeout,
} from './job.ts'
import {
  closeSubscription,
  confirmClosing,
  confirmOpening,
  correlate,
  expire,
  openSubscription,
  publish,
  reject,
  take,
  taken,
} from './message.ts'
import { startLate, takeEvent } from './process-event.ts'
import {
  activateElement,
  cancel,
  completeElement,
  completeExecutionListener,
  continueTerminating,
  terminateElement,
} from './process-instance.ts'
import { activate as activateChildren, terminate as terminateChildren } from './process-instance-batch.ts'
import { create as createInstance } from './process-instance-creation.ts'
import { migrate, migrateSubscription } from './process-instance-migration.ts'
import { modify } from './process-instance-modification.ts'
import { deleteResource } from './resource-deletion.ts'
import { broadcast } from './signal.ts'
import { release, resume, resumeInstance, suspend, suspendInstance } from './suspension.ts'
import { triggerTimer } from './timer.ts'
import { assign, claim, complete as completeTask, update as updateTask } from './user-task.ts'
import { update as updateVariables } from './variable-document.ts'

type Run<V extends CommandType> = (p: Processing, command: Extract<Follow, { valueType: V }>) => void
const commands: { readonly [V in CommandType]: Readonly<Record<Commands[V], Run<V>>> } = {
  PROCESS_INSTANCE: {
    CANCEL: cancel,
    SUSPEND: suspendInstance,
    RESUME: resumeInstance,
    ACTIVATE_ELEMENT: activateElement,
    COMPLETE_ELEMENT: completeElement,
    TERMINATE_ELEMENT: terminateElement,
    COMPLETE_EXECUTION_LISTENER: completeExecutionListener,
    CONTINUE_TERMINATING_ELEMENT: continueTerminating,
  },
  PROCESS_INSTANCE_BATCH: { ACTIVATE: activateChildren, TERMINATE: terminateChildren },
  PROCESS_EVENT: { TRIGGER: takeEvent, START: startLate },
  SUSPENSION: { SUSPEND: suspend, RESUME: resume, RELEASE: release },
  PROCESS_INSTANCE_CREATION: { CREATE: createInstance, CREATE_WITH_AWAITING_RESULT: createInstance },
  PROCESS_INSTANCE_MODIFICATION: { MODIFY: modify },
  PROCESS_INSTANCE_MIGRATION: { MIGRATE: migrate },
  VARIABLE_DOCUMENT: { UPDATE: updateVariables },
  JOB: {
    COMPLETE: completeJob,
    FAIL: fail,
    THROW_ERROR: throwError,
    UPDATE_RETRIES: updateRetries,
    UPDATE_TIMEOUT: updateTimeout,
    TIME_OUT: timeOut,
    RECUR_AFTER_BACKOFF: recurAfterBackoff,
    YIELD: giveBack,
    RESUME: resumeJob,
  },
  JOB_BATCH: { ACTIVATE: activateBatch },
  INCIDENT: { RESOLVE: resolve },
  TIMER: { TRIGGER: triggerTimer },
  MESSAGE: { PUBLISH: publish, EXPIRE: expire },
  MESSAGE_CORRELATION: { CORRELATE: correlate },
  MESSAGE_SUBSCRIPTION: {
    CREATE: openSubscription,
    CORRELATE: taken,
    REJECT: reject,
    DELETE: closeSubscription,
    MIGRATE: migrateSubscription,
  },
  PROCESS_MESSAGE_SUBSCRIPTION: { CREATE: confirmOpening, CORRELATE: take, DELETE: confirmClosing },
  SIGNAL: { BROADCAST: broadcast },
  CONDITIONAL_SUBSCRIPTION: { TRIGGER: triggerCondition },
  CONDITIONAL_EVALUATION: { EVALUATE: evaluateStarts },
  AD_HOC_SUB_PROCESS_INSTRUCTION: { ACTIVATE: activateAdHoc },
  USER_TASK: { ASSIGN: assign, CLAIM: claim, UPDATE: updateTask, COMPLETE: completeTask },
  DECISION_EVALUATION: { EVALUATE: evaluate },
  DEPLOYMENT: { CREATE: deploy },
  RESOURCE_DELETION: { DELETE: deleteResource },
  BATCH_OPERATION_CREATION: { CREATE: createBatch },
  BATCH_OPERATION_CHUNK: { CREATE: addChunk },
  BATCH_OPERATION_INITIALIZATION: { FINISH_INITIALIZATION: finishInitialization },
  BATCH_OPERATION_EXECUTION: { EXECUTE: executeBatch },
  BATCH_OPERATION_PARTITION_LIFECYCLE: { FAIL: failBatch },
  BATCH_OPERATION_LIFECYCLE_MANAGEMENT: { SUSPEND: suspendBatch, RESUME: resumeBatch, CANCEL: cancelBatch },
}

export function run(p: Processing, command: Follow): void {
  if (isHeld(p, command)) return
  const byIntent = commands[command.valueType] as Readonly<Record<string, (p: Processing, command: Follow) => void>>
  byIntent[command.intent]!(p, command)
}
