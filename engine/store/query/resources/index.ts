import type { SearchResource } from '../../../protocol/query.ts'
import type { Resource } from '../resource.ts'
import { batchOperationItems, batchOperations } from './batch-operations.ts'
import { decisionDefinitions, decisionInstances, decisionRequirements } from './decisions.ts'
import { elementInstances } from './element-instances.ts'
import { incidents } from './incidents.ts'
import { jobs } from './jobs.ts'
import { correlatedSubscriptions, messageSubscriptions } from './message-subscriptions.ts'
import { processDefinitions } from './process-definitions.ts'
import { processInstances } from './process-instances.ts'
import { suspensions } from './suspensions.ts'
import { userTasks } from './user-tasks.ts'
import { variables } from './variables.ts'

export const resources: Readonly<Record<SearchResource, Resource>> = {
  'process-definitions': processDefinitions,
  'process-instances': processInstances,
  'element-instances': elementInstances,
  jobs,
  'user-tasks': userTasks,
  variables,
  incidents,
  'decision-definitions': decisionDefinitions,
  'decision-requirements': decisionRequirements,
  'decision-instances': decisionInstances,
  'message-subscriptions': messageSubscriptions,
  'correlated-message-subscriptions': correlatedSubscriptions,
  'batch-operations': batchOperations,
  'batch-operation-items': batchOperationItems,
  suspensions,
}
