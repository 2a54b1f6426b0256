-- The engine's tables. Columns are the snake case of the fields in core/state/rows.ts (store/tables.ts names their types).
--
-- Hot tables hold what is open and are small: room for HOT updates, few indexes, vacuum early. What ends moves to <name>_history, which
-- is only appended to and has the indexes that searches need. No index holds a client's text, because one longer than a third of a page
-- would make the whole batch fail: texts are found by their hash, and compared.

-- Where a row lies that is found by several texts.
CREATE FUNCTION engine.place(text, text, text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN hashtextextended($3, hashtextextended($2, hashtextextended($1, 0)));

-- Whose secret seals the log: one row, a digest that tells the secret and does not give it away.
CREATE TABLE engine.installation (
  secret_digest bytea NOT NULL,
  only_one bool PRIMARY KEY DEFAULT true CHECK (only_one)
);

-- The log: one row for each batch, named by the position of its first record, each behind the one before. A new owner's first row is an
-- epoch without records, which takes the next position and so shuts the old owner out.
CREATE TABLE engine.log (
  partition int NOT NULL,
  position bigint NOT NULL,
  -- Positions that the row takes.
  positions int NOT NULL,
  epoch int NOT NULL,
  -- The next unused key after this batch.
  next_key bigint NOT NULL,
  -- Of what belongs to no process instance; NULL once it is erased.
  salt bytea,
  -- log-format.ts; the first byte is the version. NULL for an epoch.
  records bytea,
  PRIMARY KEY (partition, position)
);
-- The records are compressed already.
ALTER TABLE engine.log ALTER records SET STORAGE EXTERNAL;

-- Which batches hold records of a process instance, but for the one in which it ended: that stands in its row of history.
CREATE TABLE engine.log_instance (
  process_instance_key bigint NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (process_instance_key, position)
);

CREATE TABLE engine.element_instance (
  key bigint PRIMARY KEY,
  process_instance_key bigint NOT NULL,
  root_process_instance_key bigint NOT NULL,
  process_definition_key bigint NOT NULL,
  flow_scope_key bigint,
  parent_process_instance_key bigint,
  parent_element_instance_key bigint,
  called_process_instance_key bigint,
  job_key bigint,
  user_task_key bigint,
  started_at bigint NOT NULL,
  ended_at bigint,
  child_count int NOT NULL,
  loop_counter int NOT NULL,
  completed_children int NOT NULL,
  tenant_id text NOT NULL,
  element_id text NOT NULL,
  bpmn_element_type text NOT NULL,
  is_fulfilled bool NOT NULL,
  state text NOT NULL,
  interrupting_element_id text,
  batch text,
  business_id text,
  held int NOT NULL,
  taken_flows json,
  triggers json,
  sequence_flows text[],
  tags text[],
  awaited_variables json,
  terminate_after text[],
  awaits_result text[],
  -- Of a root process instance only: its key for the log is derived from this; NULL once it is erased.
  salt bytea,
  -- Of a process instance in history only: the batch in which it ended.
  log_position bigint
);
CREATE INDEX ON engine.element_instance (flow_scope_key) WHERE flow_scope_key IS NOT NULL;
CREATE INDEX ON engine.element_instance (process_instance_key);
CREATE INDEX ON engine.element_instance (process_definition_key) WHERE bpmn_element_type = 'PROCESS';
-- Of called process instances alone: what calls nothing pays nothing.
CREATE INDEX ON engine.element_instance (parent_process_instance_key)
  WHERE bpmn_element_type = 'PROCESS' AND parent_process_instance_key IS NOT NULL;
-- Lists of process instances are of those that nothing called, newest first. One entry for each instance that is started, none for
-- what it calls and does; nothing that changes is in it, so that rows go on being updated in place.
CREATE INDEX ON engine.element_instance (key, process_definition_key)
  WHERE bpmn_element_type = 'PROCESS' AND parent_process_instance_key IS NULL;
CREATE INDEX ON engine.element_instance (key) WHERE batch IS NOT NULL;
-- What carries no tags pays nothing. Without the pending list, which every search would have to read through.
CREATE INDEX ON engine.element_instance USING gin (tags) WITH (fastupdate = off) WHERE tags IS NOT NULL;
CREATE INDEX ON engine.element_instance (business_id) WHERE business_id IS NOT NULL;
CREATE INDEX ON engine.element_instance (engine.place(tenant_id, element_id, business_id))
  WHERE business_id IS NOT NULL AND parent_element_instance_key IS NULL;

CREATE TABLE engine.variable (
  key bigint PRIMARY KEY,
  scope_key bigint NOT NULL,
  process_instance_key bigint NOT NULL,
  process_definition_key bigint NOT NULL,
  tenant_id text NOT NULL,
  name text NOT NULL,
  -- JSON text, digit for digit. NULL while it is a list that grows in parts.
  value text
);
CREATE INDEX ON engine.variable (scope_key);
CREATE INDEX ON engine.variable (process_instance_key);

-- A part of a long list: the input of a multi-instance body, or the value of a variable.
CREATE TABLE engine.list_part (
  key bigint PRIMARY KEY,
  list_key bigint NOT NULL,
  tenant_id text NOT NULL,
  -- JSON texts.
  items text[]
);
CREATE INDEX ON engine.list_part (list_key);

CREATE TABLE engine.job (
  key bigint PRIMARY KEY,
  element_instance_key bigint NOT NULL,
  process_instance_key bigint NOT NULL,
  process_definition_key bigint NOT NULL,
  deadline bigint,
  recurring_time bigint,
  retry_backoff bigint NOT NULL,
  created_at bigint NOT NULL,
  ended_at bigint,
  retries int NOT NULL,
  failures int NOT NULL,
  tenant_id text NOT NULL,
  state text NOT NULL,
  type text NOT NULL,
  worker text,
  error_message text,
  error_code text,
  is_denied bool NOT NULL,
  denied_reason text,
  job_kind text NOT NULL,
  job_listener_event_type text NOT NULL,
  listener_index int NOT NULL,
  element_id text NOT NULL,
  custom_headers json,
  tags text[]
);
CREATE INDEX ON engine.job (engine.place(tenant_id, type, ''), key) WHERE state = 'ACTIVATABLE';
CREATE INDEX ON engine.job (deadline) WHERE deadline IS NOT NULL;
CREATE INDEX ON engine.job (recurring_time) WHERE recurring_time IS NOT NULL;

-- JSON read once; null for what this database cannot read (a lone surrogate). It must never fail, because a column is made of it.
CREATE FUNCTION engine.parsed(written json) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN pg_input_is_valid(written::text, 'jsonb') THEN written::text::jsonb END
$$;

-- What people call an element. A function with a cost, because the names of a whole diagram are unpacked for it: of a sorted page the
-- planner then does that for the rows that are shown alone.
CREATE FUNCTION engine.element_name(names jsonb, element_id text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
BEGIN RETURN coalesce(names ->> element_id, element_id); END
$$;

-- An instant that was written as text, in epoch milliseconds; null for what is none. It must never fail, because an index is made of
-- it: what begins with no digit (now, infinity) is no instant, and without an offset it is of UTC, whatever the session's zone.
-- Its cost is what it takes beside an operator, so that a queue comes in order from an index instead of being computed and sorted.
CREATE FUNCTION engine.instant(written text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 5000 SET TimeZone = 'UTC' AS $$
  SELECT CASE WHEN written ~ '^[0-9]' AND pg_input_is_valid(regexp_replace(written, '\[.*$', ''), 'timestamptz')
    THEN floor(extract(epoch FROM regexp_replace(written, '\[.*$', '')::timestamptz) * 1000)::bigint END
$$;

CREATE TABLE engine.user_task (
  key bigint PRIMARY KEY,
  element_instance_key bigint NOT NULL,
  process_instance_key bigint NOT NULL,
  process_definition_key bigint NOT NULL,
  form_key bigint,
  creation_timestamp bigint NOT NULL,
  ended_at bigint,
  priority int NOT NULL,
  tenant_id text NOT NULL,
  state text NOT NULL,
  assignee text,
  due_date text,
  follow_up_date text,
  external_form_reference text,
  action text,
  transition json,
  element_id text NOT NULL,
  created_as_element_id text NOT NULL,
  candidate_groups_list text[],
  candidate_users_list text[],
  custom_headers json
);
CREATE INDEX ON engine.user_task (process_instance_key);
-- A queue is read in the order of its due dates, whatever its length.
CREATE INDEX ON engine.user_task (engine.instant(due_date), creation_timestamp, key);
CREATE INDEX ON engine.user_task (engine.instant(due_date) DESC NULLS LAST, creation_timestamp, key);
-- Whoever has claimed tasks finds their own among all that are open. What nobody has costs nothing.
CREATE INDEX ON engine.user_task (hashtextextended(assignee, 0)) WHERE assignee IS NOT NULL;
-- As searches know the state (query/resources/user-tasks.ts): how many have one is known to the planner only by the same expression.
CREATE STATISTICS engine.user_task_state ON (CASE state WHEN 'CLAIMING' THEN 'ASSIGNING' ELSE state END) FROM engine.user_task;

CREATE TABLE engine.incident (
  key bigint PRIMARY KEY,
  element_instance_key bigint,
  process_instance_key bigint NOT NULL,
  root_process_instance_key bigint NOT NULL,
  process_definition_key bigint NOT NULL,
  job_key bigint,
  created_at bigint NOT NULL,
  ended_at bigint,
  tenant_id text NOT NULL,
  state text NOT NULL,
  error_type text NOT NULL,
  error_message text,
  element_id text
);
CREATE INDEX ON engine.incident (element_instance_key);
CREATE INDEX ON engine.incident (process_instance_key);
-- Whether anything stands still in a tree of instances is asked for every row of a list. Incidents are rare, so that it costs little.
CREATE INDEX ON engine.incident (root_process_instance_key);

CREATE TABLE engine.timer (
  key bigint PRIMARY KEY,
  element_instance_key bigint,
  process_instance_key bigint,
  process_definition_key bigint NOT NULL,
  due_date bigint,
  counted_from bigint NOT NULL,
  repetitions bigint NOT NULL,
  tenant_id text NOT NULL,
  target_element_id text NOT NULL
);
CREATE INDEX ON engine.timer ((coalesce(element_instance_key, process_definition_key)));
CREATE INDEX ON engine.timer (due_date) WHERE due_date IS NOT NULL;

CREATE TABLE engine.subscription (
  key bigint PRIMARY KEY,
  element_instance_key bigint NOT NULL,
  process_instance_key bigint NOT NULL,
  process_definition_key bigint NOT NULL,
  message_subscription_key bigint,
  message_key bigint,
  created_at bigint NOT NULL,
  interrupting boolean NOT NULL,
  tenant_id text NOT NULL,
  state text NOT NULL,
  message_name text NOT NULL,
  correlation_key text NOT NULL,
  element_id text NOT NULL,
  bpmn_process_id text NOT NULL
);
CREATE INDEX ON engine.subscription (element_instance_key);
CREATE INDEX ON engine.subscription (engine.place(tenant_id, message_name, correlation_key));

CREATE TABLE engine.message (
  key bigint PRIMARY KEY,
  time_to_live bigint NOT NULL,
  deadline bigint NOT NULL,
  tenant_id text NOT NULL,
  name text NOT NULL,
  correlation_key text NOT NULL,
  message_id text,
  variables text NOT NULL,
  correlated_to text[]
);
CREATE INDEX ON engine.message (engine.place(tenant_id, name, correlation_key));
CREATE INDEX ON engine.message (deadline);

CREATE TABLE engine.message_start (
  key bigint PRIMARY KEY,
  process_definition_key bigint NOT NULL,
  tenant_id text NOT NULL,
  message_name text NOT NULL,
  bpmn_process_id text NOT NULL,
  start_event_id text NOT NULL
);

CREATE TABLE engine.signal_subscription (
  key bigint PRIMARY KEY,
  catch_event_instance_key bigint,
  process_instance_key bigint,
  process_definition_key bigint NOT NULL,
  tenant_id text NOT NULL,
  signal_name text NOT NULL,
  catch_event_id text NOT NULL,
  bpmn_process_id text NOT NULL
);
CREATE INDEX ON engine.signal_subscription ((coalesce(catch_event_instance_key, process_definition_key)));
CREATE INDEX ON engine.signal_subscription (engine.place(tenant_id, signal_name, ''));

CREATE TABLE engine.conditional_subscription (
  key bigint PRIMARY KEY,
  element_instance_key bigint,
  process_instance_key bigint,
  process_definition_key bigint NOT NULL,
  interrupting boolean NOT NULL,
  tenant_id text NOT NULL,
  catch_event_id text NOT NULL,
  condition text NOT NULL,
  variable_names text[],
  variable_events text[]
);
CREATE INDEX ON engine.conditional_subscription ((coalesce(element_instance_key, process_definition_key)));
CREATE INDEX ON engine.conditional_subscription (engine.place(tenant_id, '', '')) WHERE element_instance_key IS NULL;

CREATE TABLE engine.compensation_subscription (
  key bigint PRIMARY KEY,
  process_instance_key bigint NOT NULL,
  process_definition_key bigint NOT NULL,
  compensable_activity_instance_key bigint NOT NULL,
  compensable_activity_scope_key bigint NOT NULL,
  compensation_handler_instance_key bigint,
  throw_event_instance_key bigint,
  tenant_id text NOT NULL,
  compensable_activity_id text NOT NULL,
  compensation_handler_id text,
  throw_event_id text,
  variables text NOT NULL
);
CREATE INDEX ON engine.compensation_subscription (process_instance_key);

CREATE TABLE engine.start_lock (
  key bigint PRIMARY KEY,
  tenant_id text NOT NULL,
  bpmn_process_id text NOT NULL,
  message_name text NOT NULL,
  correlation_key text NOT NULL
);
CREATE INDEX ON engine.start_lock (engine.place(tenant_id, bpmn_process_id, correlation_key));

-- What is suspended. In memory whole; of definitions and instances what is over is kept, because timers count from it.
CREATE TABLE engine.suspension (
  key bigint PRIMARY KEY,
  process_instance_key bigint,
  process_definition_key bigint,
  suspended_at bigint NOT NULL,
  resumed_at bigint,
  admits_new_instances bool NOT NULL,
  tenant_id text NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  bpmn_process_id text,
  element_id text,
  job_type text
);
CREATE INDEX ON engine.suspension (process_instance_key) WHERE process_instance_key IS NOT NULL;

-- What waits for the end of a suspension: the command that was to run next.
CREATE TABLE engine.held_command (
  key bigint PRIMARY KEY,
  suspension_key bigint NOT NULL,
  process_instance_key bigint,
  root_process_instance_key bigint,
  tenant_id text NOT NULL,
  command json
);
CREATE INDEX ON engine.held_command (suspension_key);
CREATE INDEX ON engine.held_command (root_process_instance_key) WHERE root_process_instance_key IS NOT NULL;

CREATE TABLE engine.process_definition (
  key bigint PRIMARY KEY,
  process_definition_key bigint NOT NULL,
  deployment_key bigint NOT NULL,
  created_at bigint NOT NULL,
  version int NOT NULL,
  duplicate boolean NOT NULL,
  deleted boolean NOT NULL,
  tenant_id text NOT NULL,
  bpmn_process_id text NOT NULL,
  version_tag text,
  resource_name text NOT NULL,
  checksum text NOT NULL,
  name text,
  start_form_id text,
  element_names json,
  -- The same, read once: looking a name up in the text of all of them takes ten times as long.
  names jsonb GENERATED ALWAYS AS (engine.parsed(element_names)) STORED
);

CREATE TABLE engine.decision (
  key bigint PRIMARY KEY,
  decision_key bigint NOT NULL,
  decision_requirements_key bigint NOT NULL,
  deployment_key bigint NOT NULL,
  version int NOT NULL,
  duplicate boolean NOT NULL,
  deleted boolean NOT NULL,
  tenant_id text NOT NULL,
  decision_id text NOT NULL,
  decision_name text,
  version_tag text,
  decision_requirements_id text NOT NULL
);

CREATE TABLE engine.decision_requirements (
  key bigint PRIMARY KEY,
  decision_requirements_key bigint NOT NULL,
  decision_requirements_version int NOT NULL,
  duplicate boolean NOT NULL,
  deleted boolean NOT NULL,
  tenant_id text NOT NULL,
  decision_requirements_id text NOT NULL,
  decision_requirements_name text,
  namespace text,
  resource_name text NOT NULL,
  checksum text NOT NULL
);

CREATE TABLE engine.form (
  key bigint PRIMARY KEY,
  form_key bigint NOT NULL,
  deployment_key bigint NOT NULL,
  version int NOT NULL,
  duplicate boolean NOT NULL,
  deleted boolean NOT NULL,
  tenant_id text NOT NULL,
  form_id text NOT NULL,
  version_tag text,
  resource_name text NOT NULL,
  checksum text NOT NULL
);

CREATE TABLE engine.resource (
  key bigint PRIMARY KEY,
  tenant_id text NOT NULL,
  text text NOT NULL
);

-- History alone: one row for each decision of an evaluation, taken from DECISION_EVALUATION records.
CREATE TABLE engine.decision_instance (
  key bigint NOT NULL,
  evaluation_index int NOT NULL,
  decision_version int NOT NULL,
  evaluated_at bigint NOT NULL,
  decision_key bigint NOT NULL,
  decision_requirements_key bigint NOT NULL,
  element_instance_key bigint,
  process_instance_key bigint,
  process_definition_key bigint,
  tenant_id text NOT NULL,
  state text NOT NULL,
  evaluation_failure text,
  decision_id text NOT NULL,
  decision_name text,
  decision_type text NOT NULL,
  decision_output text NOT NULL,
  evaluated_inputs text NOT NULL,
  matched_rules text NOT NULL,
  element_id text,
  PRIMARY KEY (key, evaluation_index)
);
CREATE INDEX ON engine.decision_instance (process_instance_key) WHERE process_instance_key IS NOT NULL;
CREATE INDEX ON engine.decision_instance (decision_key);

CREATE TABLE engine.batch_operation (
  key bigint PRIMARY KEY,
  read_up_to bigint,
  first_chunk_key bigint,
  last_chunk_key bigint,
  started_at bigint,
  ended_at bigint,
  chunk_offset int NOT NULL,
  total_count int NOT NULL,
  completed_count int NOT NULL,
  failed_count int NOT NULL,
  is_initialized bool NOT NULL,
  tenant_id text NOT NULL,
  state text NOT NULL,
  batch_operation_type text NOT NULL,
  entity_filter text NOT NULL,
  migration_plan json,
  move_instructions json,
  errors json
);

-- Items that are still to be done. In history: those that never were.
CREATE TABLE engine.batch_operation_chunk (
  key bigint PRIMARY KEY,
  batch_operation_key bigint NOT NULL,
  next_chunk_key bigint,
  tenant_id text NOT NULL,
  items json
);
CREATE INDEX ON engine.batch_operation_chunk (batch_operation_key);

-- History alone: items that are done, taken from BATCH_OPERATION_EXECUTION records.
CREATE TABLE engine.batch_operation_item (
  key bigint NOT NULL,
  item_key bigint NOT NULL,
  process_instance_key bigint NOT NULL,
  processed_at bigint NOT NULL,
  tenant_id text NOT NULL,
  state text NOT NULL,
  batch_operation_type text NOT NULL,
  error_message text,
  PRIMARY KEY (key, item_key)
);
CREATE INDEX ON engine.batch_operation_item (process_instance_key);
-- Searches of process instances name the batch operation by text.
CREATE INDEX ON engine.batch_operation_item ((key::text));

-- History alone: messages that were taken, from PROCESS_MESSAGE_SUBSCRIPTION and MESSAGE_START_EVENT_SUBSCRIPTION records.
CREATE TABLE engine.correlated_subscription (
  key bigint NOT NULL,
  message_key bigint NOT NULL,
  correlated_at bigint NOT NULL,
  element_instance_key bigint,
  process_instance_key bigint NOT NULL,
  process_definition_key bigint,
  tenant_id text NOT NULL,
  message_name text NOT NULL,
  correlation_key text,
  element_id text NOT NULL,
  bpmn_process_id text NOT NULL,
  PRIMARY KEY (key, message_key)
);
CREATE INDEX ON engine.correlated_subscription (process_instance_key);
CREATE INDEX ON engine.correlated_subscription (engine.place(tenant_id, message_name, correlation_key));

-- Rows that are touched again soon: room on the page, and dead versions away before the table grows.
DO $$
DECLARE hot text;
BEGIN
  FOREACH hot IN ARRAY ARRAY['element_instance', 'variable', 'list_part', 'job', 'user_task', 'incident', 'timer', 'subscription', 'signal_subscription', 'conditional_subscription', 'compensation_subscription', 'message', 'start_lock', 'batch_operation', 'batch_operation_chunk', 'held_command'] LOOP
    EXECUTE format('ALTER TABLE engine.%I SET (fillfactor = 80, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_scale_factor = 0.05,
      autovacuum_vacuum_insert_threshold = -1)', hot);
  END LOOP;
END $$;

CREATE TABLE engine.element_instance_history (LIKE engine.element_instance, PRIMARY KEY (key));
CREATE INDEX ON engine.element_instance_history (business_id) WHERE business_id IS NOT NULL;
CREATE INDEX ON engine.element_instance_history (process_instance_key);
CREATE INDEX ON engine.element_instance_history USING gin (tags) WITH (fastupdate = off) WHERE tags IS NOT NULL;
CREATE INDEX ON engine.element_instance_history (process_definition_key) WHERE bpmn_element_type = 'PROCESS';
-- What ended lately, whatever a town has ever done: one entry for each instance that ends, always behind the others.
CREATE INDEX ON engine.element_instance_history (ended_at) WHERE bpmn_element_type = 'PROCESS';
CREATE INDEX ON engine.element_instance_history (parent_process_instance_key)
  WHERE bpmn_element_type = 'PROCESS' AND parent_process_instance_key IS NOT NULL;
CREATE INDEX ON engine.element_instance_history (key, process_definition_key)
  WHERE bpmn_element_type = 'PROCESS' AND parent_process_instance_key IS NULL;
-- Few are stopped: they are not to be looked for among all that have ended.
CREATE INDEX ON engine.element_instance_history (key)
  WHERE bpmn_element_type = 'PROCESS' AND parent_process_instance_key IS NULL AND state = 'TERMINATED';
CREATE TABLE engine.variable_history (LIKE engine.variable, PRIMARY KEY (key));
CREATE INDEX ON engine.variable_history (process_instance_key);
CREATE TABLE engine.job_history (LIKE engine.job, PRIMARY KEY (key));
CREATE INDEX ON engine.job_history (process_instance_key);
CREATE TABLE engine.user_task_history (LIKE engine.user_task, PRIMARY KEY (key));
CREATE INDEX ON engine.user_task_history (process_instance_key);
CREATE TABLE engine.incident_history (LIKE engine.incident, PRIMARY KEY (key));
CREATE INDEX ON engine.incident_history (process_instance_key);

CREATE TABLE engine.batch_operation_history (LIKE engine.batch_operation, PRIMARY KEY (key));
CREATE TABLE engine.batch_operation_chunk_history (LIKE engine.batch_operation_chunk, PRIMARY KEY (key));
CREATE INDEX ON engine.batch_operation_chunk_history (batch_operation_key);

CREATE VIEW engine.element_instance_all AS SELECT * FROM engine.element_instance UNION ALL SELECT * FROM engine.element_instance_history;
CREATE VIEW engine.variable_all AS
  SELECT key, scope_key, process_instance_key, process_definition_key, tenant_id, name, coalesce(value, '[' || coalesce(
    (SELECT string_agg(array_to_string(part.items, ','), ',' ORDER BY part.key) FROM engine.list_part part WHERE part.list_key = variable.key),
    '') || ']') AS value
  FROM engine.variable UNION ALL SELECT * FROM engine.variable_history;
CREATE VIEW engine.job_all AS SELECT * FROM engine.job UNION ALL SELECT * FROM engine.job_history;
CREATE VIEW engine.user_task_all AS SELECT * FROM engine.user_task UNION ALL SELECT * FROM engine.user_task_history;
CREATE VIEW engine.incident_all AS SELECT * FROM engine.incident UNION ALL SELECT * FROM engine.incident_history;
CREATE VIEW engine.batch_operation_all AS SELECT * FROM engine.batch_operation UNION ALL SELECT * FROM engine.batch_operation_history;
-- Items of one that has ended are no longer to be done, even while its chunks are on their way to history.
CREATE VIEW engine.batch_operation_item_all AS
  SELECT key, item_key, process_instance_key, batch_operation_type, state, processed_at, error_message FROM engine.batch_operation_item
  UNION ALL
  SELECT b.key, (item ->> 'itemKey')::bigint, (item ->> 'processInstanceKey')::bigint, b.batch_operation_type,
    CASE WHEN b.ended_at IS NULL THEN 'ACTIVE' ELSE 'CANCELED' END, NULL, NULL
  FROM engine.batch_operation b JOIN engine.batch_operation_chunk c ON c.batch_operation_key = b.key,
    json_array_elements(c.items) WITH ORDINALITY AS one (item, place)
  WHERE c.key IS DISTINCT FROM b.first_chunk_key OR place > b.chunk_offset
  UNION ALL
  SELECT b.key, (item ->> 'itemKey')::bigint, (item ->> 'processInstanceKey')::bigint, b.batch_operation_type, 'CANCELED', NULL, NULL
  FROM engine.batch_operation_chunk_history c JOIN engine.batch_operation_all b ON b.key = c.batch_operation_key,
    json_array_elements(c.items) AS item;
