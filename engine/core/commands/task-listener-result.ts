/** What a task listener may answer. */
import type { JobResult, Json } from '../../protocol/records.ts'
import { isDeniable } from '../behaviors/task-transitions.ts'
import { refuse } from '../processing.ts'
import type { Job, UserTask } from '../state/rows.ts'

/** Rejects INVALID_ARGUMENT: variables, a denial of creation or cancelling, a denial with corrections, another assignee than the model's. */
export function checkTaskResult(job: Job, task: UserTask, variables: Json, result: Partial<JobResult>): void {
  const { denied = false, correctedAttributes = [] } = result
  const which = `(job key '${job.key}', type '${job.type}', processInstanceKey '${job.processInstanceKey}')`
  if (variables !== '{}')
    refuseResult(
      `Task Listener job completion with variables payload provided is not yet supported ${which}. Support will be enabled with the resolution of issue #23702.`,
    )
  if (denied && !isDeniable(task.state))
    refuseResult(
      `Denying result is not supported for '${job.jobListenerEventType}' task listener jobs ${which}. Only the following listener event types support denying: [ASSIGNING, COMPLETING, UPDATING].`,
    )
  if (denied && correctedAttributes.length > 0)
    refuseResult(
      `Expected to complete task listener job with corrections, but the job result is denied ${which}. The corrections would be reverted by the denial. Either complete the job with corrections without setting denied, or complete the job with a denied result but no corrections.`,
    )
  const isModelled = (task.transition.initialAssignee ?? '') !== ''
  if (task.state === 'CREATING' && isModelled && correctedAttributes.includes('assignee'))
    refuseResult(
      `Expected to complete task listener job, but correcting the assignee on 'CREATING' event is not supported when the user task has an assignee defined in the model ${which}. Use the 'CREATING' event to set an assignee only if it was not defined. Use the 'ASSIGNING' event to correct an assignee that is already defined.`,
    )
}
/** As in Zeebe, these texts end with a line break. */
const refuseResult = (reason: string): never => refuse('INVALID_ARGUMENT', `${reason}\n`)
