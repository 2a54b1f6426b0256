import { byState, date, entryOf, int, key, object, optional, type Resource, text, texts } from '../resource.ts'
import { type Sql, sql } from '../sql.ts'
import { businessId, byBusinessId } from './business-id.ts'
import { definitionId, elementName, processName, withDefinition } from './elements.ts'

/** Dates of a task are text, as the model or a client wrote it, perhaps with a zone's name; one that is no date is none. */
const instant = (written: Sql): Sql => sql`engine.instant(${written})`

export const userTasks: Resource = {
  id: 'userTaskKey',
  rows: byState('state', {
    open: {
      rows: sql`engine.user_task`,
      states: ['CREATING', 'CREATED', 'ASSIGNING', 'UPDATING', 'COMPLETING', 'CANCELING'],
    },
    ended: { rows: sql`engine.user_task_history`, states: ['COMPLETED', 'CANCELED'] },
    all: sql`engine.user_task_all`,
  }),
  from: (rows) => sql`${rows} t ${withDefinition(sql`t`)}`,
  shown: {
    userTaskKey: key(sql`t.key`),
    name: text(elementName(sql`t.element_id`)),
    /** Searches know no CLAIMING. */
    state: text(sql`CASE t.state WHEN 'CLAIMING' THEN 'ASSIGNING' ELSE t.state END`),
    assignee: { ...optional(text(sql`t.assignee`)), hashed: true },
    candidateGroups: texts(sql`coalesce(t.candidate_groups_list, '{}')`),
    candidateUsers: texts(sql`coalesce(t.candidate_users_list, '{}')`),
    creationDate: date(sql`t.creation_timestamp`),
    completionDate: optional(date(sql`t.ended_at`)),
    dueDate: optional(date(instant(sql`t.due_date`))),
    followUpDate: optional(date(instant(sql`t.follow_up_date`))),
    priority: int(sql`t.priority`),
    formKey: optional(key(sql`t.form_key`)),
    externalFormReference: optional(text(sql`t.external_form_reference`)),
    customHeaders: object(sql`coalesce(t.custom_headers, '{}')`),
    elementId: text(sql`t.element_id`),
    elementInstanceKey: key(sql`t.element_instance_key`),
    processInstanceKey: key(sql`t.process_instance_key`),
    processDefinitionKey: key(sql`t.process_definition_key`),
    processDefinitionId: definitionId,
    processDefinitionVersion: int(sql`d.version`),
    processName: text(processName),
    tenantId: text(sql`t.tenant_id`),
    businessId: businessId(sql`t`),
  },
  filters: {
    candidateGroup: entryOf(sql`t.candidate_groups_list`),
    candidateUser: entryOf(sql`t.candidate_users_list`),
    businessId: byBusinessId(sql`t`),
  },
  variables: {
    instance: sql`v.scope_key = t.process_instance_key`,
    local: sql`v.scope_key = t.element_instance_key`,
  },
}
