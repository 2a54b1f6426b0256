/** The registry: a kind without a processor does not compile. */
import type { ElementKind, ElementOf, ExecutableElement } from '../../model/executable.ts'
import { adHocInnerInstance, adHocSubProcess } from './ad-hoc-sub-process.ts'
import { boundaryEvent } from './boundary-event.ts'
import { businessRuleTask } from './business-rule-task.ts'
import { callActivity } from './call-activity.ts'
import { endEvent } from './end-event.ts'
import { eventBasedGateway } from './event-based-gateway.ts'
import { eventSubProcess } from './event-sub-process.ts'
import { exclusiveGateway } from './exclusive-gateway.ts'
import { inclusiveGateway } from './inclusive-gateway.ts'
import { intermediateCatchEvent } from './intermediate-catch-event.ts'
import { intermediateThrowEvent } from './intermediate-throw-event.ts'
import { jobWorkerTask } from './job-worker-task.ts'
import { multiInstanceBody } from './multi-instance-body.ts'
import { parallelGateway } from './parallel-gateway.ts'
import { process } from './process.ts'
import type { ElementProcessor } from './processor.ts'
import { receiveTask } from './receive-task.ts'
import { scriptTask } from './script-task.ts'
import { startEvent } from './start-event.ts'
import { subProcess } from './sub-process.ts'
import { task } from './task.ts'
import { userTask } from './user-task.ts'

const elements: { readonly [K in ElementKind]: ElementProcessor<ElementOf<K>> } = {
  process,
  'multi-instance-body': multiInstanceBody,
  'ad-hoc-sub-process': adHocSubProcess,
  'ad-hoc-inner-instance': adHocInnerInstance,
  'sub-process': subProcess,
  'event-sub-process': eventSubProcess,
  'start-event': startEvent,
  'end-event': endEvent,
  'intermediate-catch-event': intermediateCatchEvent,
  'intermediate-throw-event': intermediateThrowEvent,
  'boundary-event': boundaryEvent,
  'job-worker-task': jobWorkerTask,
  'user-task': userTask,
  'receive-task': receiveTask,
  'script-task': scriptTask,
  'business-rule-task': businessRuleTask,
  task,
  'call-activity': callActivity,
  'exclusive-gateway': exclusiveGateway,
  'inclusive-gateway': inclusiveGateway,
  'parallel-gateway': parallelGateway,
  'event-based-gateway': eventBasedGateway,
}

export function processorOf(element: ExecutableElement): ElementProcessor<ExecutableElement> {
  return elements[element.kind] as ElementProcessor<ExecutableElement>
}
