/**
 * Deploying resources: versions, duplicates, and what new versions listen to.
 *
 * Owns the numbering. A resource is a duplicate when its latest version has the same content under the same resource name; a
 * request of duplicates alone changes nothing, any other gives every resource in it a new version. A number is never used again.
 */
import type { ExecutableProcess } from '../../model/executable.ts'
import type {
  CommandOf,
  DecisionMetadata,
  DecisionRequirementsMetadata,
  DeploymentValue,
  FormMetadata,
  Key,
  ProcessMetadata,
  ProcessValue,
} from '../../protocol/records.ts'
import { bind } from '../behaviors/calls.ts'
import { listen, startTimers, stopListening, stopTimers } from '../behaviors/start-events.ts'
import type { PreparedResource } from '../prepared.ts'
import { type Processing, refuse } from '../processing.ts'
import type { DecisionRequirements, ProcessDefinition } from '../state/rows.ts'

type Bpmn = Extract<PreparedResource, { kind: 'bpmn' }>
type Dmn = Extract<PreparedResource, { kind: 'dmn' }>
type Form = Extract<PreparedResource, { kind: 'form' }>
type Deployed = {
  -readonly [F in
    | 'processesMetadata'
    | 'decisionsMetadata'
    | 'decisionRequirementsMetadata'
    | 'formMetadata']: DeploymentValue[F][number][]
}

/**
 * Emits PROCESS, DECISION_REQUIREMENTS, DECISION and FORM CREATED for what is new, the start timers of new process versions in place of
 * those of the version before, DEPLOYMENT CREATED, and in the same way the start subscriptions.
 * Rejects: INVALID_ARGUMENT with every fault of every resource; nothing of the request is deployed then.
 */
export function create(p: Processing, command: CommandOf<'DEPLOYMENT'>): void {
  const tenantId = command.value.tenantId ?? '<default>'
  const prepared = p.prepared
  if (prepared === null) throw new Error('A deployment reaches the core with its resources parsed')
  if (!prepared.ok) refuse('INVALID_ARGUMENT', prepared.message)
  const deployment = new Deployment(p, tenantId, prepared.resources)
  deployment.run()
}

class Deployment {
  readonly #p: Processing
  readonly #tenantId: string
  readonly #resources: readonly PreparedResource[]
  readonly #key: Key
  readonly #duplicatesOnly: boolean
  readonly #done: Deployed = {
    processesMetadata: [],
    decisionsMetadata: [],
    decisionRequirementsMetadata: [],
    formMetadata: [],
  }

  constructor(p: Processing, tenantId: string, resources: readonly PreparedResource[]) {
    this.#p = p
    this.#tenantId = tenantId
    this.#resources = resources
    this.#key = p.newKey()
    this.#duplicatesOnly = resources.every((resource) => this.#isDuplicate(resource))
  }

  run(): void {
    const fresh: [before: Key | null, now: Key][] = []
    for (const resource of this.#resources) {
      if (resource.kind === 'bpmn') fresh.push(...this.#deployProcesses(resource))
      if (resource.kind === 'form') this.#deployForm(resource)
      if (resource.kind === 'dmn') this.#deployDecisions(resource)
    }
    for (const [before, now] of fresh) {
      if (before !== null) stopTimers(this.#p, before)
      startTimers(this.#p, this.#p.state.get('processDefinition', now)!)
    }
    this.#p.emit('DEPLOYMENT', 'CREATED', this.#key, {
      ...this.#done,
      deploymentKey: this.#key,
      tenantId: this.#tenantId,
    })
    for (const [before, now] of fresh) {
      if (before !== null) stopListening(this.#p, before)
      listen(this.#p, this.#p.state.get('processDefinition', now)!)
    }
  }

  #isDuplicate(resource: PreparedResource): boolean {
    const same = (row: { checksum: string; resourceName: string } | undefined) =>
      row !== undefined && row.checksum === resource.checksum && row.resourceName === resource.resourceName
    switch (resource.kind) {
      case 'bpmn':
        return resource.processes.every((process) => same(this.#latestProcess(process.id)))
      case 'dmn':
        return same(this.#latestRequirements(resource.model.id))
      case 'form':
        return same(this.#latestForm(resource.formId))
    }
  }
  #latestProcess(id: string) {
    return bind(this.#p.state.find('processesWithId', this.#tenantId, id).values(), { type: 'latest' }, -1)
  }
  #latestRequirements(id: string) {
    let latest: DecisionRequirements | undefined
    for (const row of this.#p.state.find('requirementsWithId', this.#tenantId, id).values()) {
      if (!row.deleted && row.decisionRequirementsVersion > (latest?.decisionRequirementsVersion ?? 0)) latest = row
    }
    return latest
  }
  #latestForm(id: string) {
    return bind(this.#p.state.find('formsWithId', this.#tenantId, id).values(), { type: 'latest' }, -1)
  }

  #deployProcesses(resource: Bpmn): [Key | null, Key][] {
    const fresh: [Key | null, Key][] = []
    for (const process of resource.processes) {
      const latest = this.#latestProcess(process.id)
      const common = {
        resourceName: resource.resourceName,
        checksum: resource.checksum,
        deploymentKey: this.#key,
        tenantId: this.#tenantId,
      }
      if (latest !== undefined && this.#duplicatesOnly) {
        this.#done.processesMetadata.push(duplicateProcess(latest))
        continue
      }
      const key = this.#p.newKey()
      const metadata: ProcessMetadata = {
        ...common,
        bpmnProcessId: process.id,
        version: this.#next('processesWithId', process.id),
        versionTag: process.versionTag ?? '',
        processDefinitionKey: key,
        duplicate: false,
      }
      this.#p.models.addProcess(key, process)
      this.#p.emit('PROCESS', 'CREATED', key, { ...metadata, resource: resource.text, ...namesIn(process) })
      this.#done.processesMetadata.push(metadata)
      fresh.push([latest?.key ?? null, key])
    }
    return fresh
  }

  #deployForm(resource: Form): void {
    const latest = this.#latestForm(resource.formId)
    if (latest !== undefined && this.#duplicatesOnly) {
      this.#done.formMetadata.push(duplicate(latest))
      return
    }
    const key = this.#p.newKey()
    const { formId, versionTag, resourceName, checksum } = resource
    const metadata: FormMetadata = {
      formId,
      versionTag,
      resourceName,
      checksum,
      version: this.#next('formsWithId', formId),
      formKey: key,
      duplicate: false,
      deploymentKey: this.#key,
      tenantId: this.#tenantId,
    }
    this.#p.emit('FORM', 'CREATED', key, { ...metadata, resource: resource.text })
    this.#done.formMetadata.push(metadata)
  }

  #deployDecisions(resource: Dmn): void {
    const latest = this.#latestRequirements(resource.model.id)
    if (latest !== undefined && this.#duplicatesOnly) {
      this.#done.decisionRequirementsMetadata.push(duplicate(latest))
      const decisions = this.#p.state.find('decisionsOf', latest.key).values()
      for (const row of decisions) this.#done.decisionsMetadata.push(duplicate(row))
      return
    }
    const key = this.#p.newKey()
    const { model, resourceName, checksum } = resource
    const versions = [...this.#p.state.find('requirementsWithId', this.#tenantId, model.id).values()].map(
      (row) => row.decisionRequirementsVersion,
    )
    const metadata: DecisionRequirementsMetadata = {
      decisionRequirementsId: model.id,
      decisionRequirementsName: model.name,
      decisionRequirementsVersion: Math.max(0, ...versions) + 1,
      decisionRequirementsKey: key,
      namespace: model.namespace,
      resourceName,
      checksum,
      duplicate: false,
      tenantId: this.#tenantId,
    }
    this.#p.models.addDecisions(key, model)
    this.#p.emit('DECISION_REQUIREMENTS', 'CREATED', key, { ...metadata, resource: resource.text })
    this.#done.decisionRequirementsMetadata.push(metadata)
    for (const decision of model.decisions) this.#deployDecision(decision, metadata)
  }

  #deployDecision(decision: Dmn['model']['decisions'][number], requirements: DecisionRequirementsMetadata): void {
    const key = this.#p.newKey()
    const { decisionRequirementsId, decisionRequirementsKey } = requirements
    const metadata: DecisionMetadata = {
      decisionId: decision.id,
      decisionName: decision.name,
      version: this.#next('decisionsWithId', decision.id),
      versionTag: decision.versionTag ?? '',
      decisionKey: key,
      decisionRequirementsId,
      decisionRequirementsKey,
      duplicate: false,
      deploymentKey: this.#key,
      tenantId: this.#tenantId,
    }
    this.#p.emit('DECISION', 'CREATED', key, metadata)
    this.#done.decisionsMetadata.push(metadata)
  }

  /** Deleted versions keep their rows, so that their numbers count. */
  #next(lookup: 'processesWithId' | 'formsWithId' | 'decisionsWithId', id: string): number {
    let highest = 0
    for (const row of this.#p.state.find(lookup, this.#tenantId, id).values()) highest = Math.max(highest, row.version)
    return highest + 1
  }
}

function namesIn({ name, process, elements }: ExecutableProcess): Partial<ProcessValue> {
  const named = [...elements.values()].flatMap((element) => (element.name ? [[element.id, element.name] as const] : []))
  return {
    name: name ?? '',
    elementNames: Object.fromEntries(named),
    startFormId: process.startEvent?.formId ?? '',
  }
}

/** What a record says of a version that is there already: the row without what the engine keeps beside. */
const duplicate = <R extends { key: Key; deleted: boolean }>({ key: _key, deleted: _deleted, ...metadata }: R) => ({
  ...metadata,
  duplicate: true,
})
const duplicateProcess = ({
  name: _name,
  elementNames: _names,
  startFormId: _form,
  createdAt: _at,
  ...row
}: ProcessDefinition) => duplicate(row)
