/**
 * The resources of a deployment, parsed before its command reaches the core: parsing is asynchronous, the core is not.
 * A function of the bytes, and of the deployed models that decision models import. Every resource is read, so that all faults are
 * said at once.
 */
import { createHash } from 'node:crypto'
import { basename } from 'node:path/posix'
import type { Prepared, PreparedResource } from '../core/prepared.ts'
import { compileDecisions, IMPORTS_MAX, readDecisionHeader } from '../feel/index.ts'
import { brokenBindings } from '../model/deployment-bindings.ts'
import type { DeploymentResource } from '../protocol/records.ts'
import { isText } from '../protocol/text.ts'
import { type FindText, importedTexts } from './imported-models.ts'
import type { Compiling } from './models.ts'

const FRAME = 'Expected to deploy new resources, but encountered the following errors:'
const FORM_DEPTH_MAX = 100

type Read<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly message: string }
type Parsed = Read<{ readonly resource: PreparedResource }>

export interface Preparing extends Compiling {
  /** A deployed decision model. */
  readonly deployed: FindText
  /** Hears of decisions that are deployed and will fail: the protocol has no word for them. */
  readonly log: (message: string) => void
}

/** `message` is the text of the rejection, naming each faulty resource, element and reason. */
export async function prepare(resources: readonly DeploymentResource[], options: Preparing): Promise<Prepared> {
  if (resources.length === 0) return { ok: false, message: 'Expected to deploy at least one resource, but none given' }
  const { ordered, texts } = importsFirst(resources)
  const deployed: FindText = async (namespace) => texts.get(namespace) ?? options.deployed(namespace)
  const parsed: Parsed[] = []
  for (const resource of ordered) parsed.push(await parseResource(resource, { ...options, deployed }))
  const good = parsed.flatMap((one) => (one.ok ? [one.resource] : []))
  const faults = [...parsed.flatMap((one) => (one.ok ? [] : [one.message])), ...idsTwice(good)]
  if (faults.length > 0) return refused(faults)
  const broken = promisesBroken(good)
  return broken.length > 0 ? refused(broken) : { ok: true, resources: good }
}
const refused = (faults: readonly string[]): Prepared => ({ ok: false, message: [FRAME, ...faults].join('\n') })

/** Each id of a deployment belongs to one resource. In Zeebe's words. */
function idsTwice(resources: readonly PreparedResource[]): readonly string[] {
  const owners = new Map<string, string>()
  const faults: string[] = []
  for (const one of resources)
    for (const [kind, id] of idsOf(one)) {
      const owner = owners.get(`${kind} ${id}`)
      if (owner === undefined) owners.set(`${kind} ${id}`, one.resourceName)
      else faults.push(idTwice(kind, id, owner, one.resourceName))
    }
  return faults
}
type KindOfId = 'process' | 'form' | 'decision requirements' | 'decision'
function idsOf(resource: PreparedResource): readonly (readonly [KindOfId, string])[] {
  switch (resource.kind) {
    case 'bpmn':
      return resource.processes.map(({ id }) => ['process', id])
    case 'form':
      return [['form', resource.formId]]
    case 'dmn':
      return [
        ['decision requirements', resource.model.id],
        // Models of other tools that import one another tell their decisions apart by namespace (TCK 0089).
        ...(resource.model.dialect === 'camunda' ? resource.model.decisions : []).map(
          ({ id }) => ['decision', id] as const,
        ),
      ]
  }
}
const idTwice = (kind: KindOfId, id: string, one: string, other: string): string =>
  kind === 'process'
    ? `Duplicated process id in resources '${one}' and '${other}'`
    : `Expected the ${kind} ids to be unique within a deployment but found a duplicated id '${id}' in the resources '${one}' and '${other}'.`

function promisesBroken(resources: readonly PreparedResource[]): readonly string[] {
  const deployed = {
    processes: new Set(resources.flatMap((one) => (one.kind === 'bpmn' ? one.processes.map(({ id }) => id) : []))),
    decisions: new Set(resources.flatMap((one) => (one.kind === 'dmn' ? one.model.decisions.map(({ id }) => id) : []))),
    forms: new Set(resources.flatMap((one) => (one.kind === 'form' ? [one.formId] : []))),
  }
  return resources.flatMap((one) => {
    const broken = one.kind === 'bpmn' ? brokenBindings(one.resourceName, one.processes, deployed) : null
    return broken === null ? [] : [broken]
  })
}

interface Source {
  readonly resource: DeploymentResource
  readonly imports: readonly string[]
}

/** A decision model stands after those of the same request that it imports: it is bound to what has a lower key. */
function importsFirst(resources: readonly DeploymentResource[]) {
  const texts = new Map<string, string>()
  const models = new Map<string, Source>()
  const sources = resources.map((resource): Source => {
    const text = extensionOf(resource.resourceName) === 'dmn' ? utf8(Buffer.from(resource.resource, 'base64')) : null
    const header = text === null ? null : readDecisionHeader(text)
    const source = { resource, imports: header?.imports ?? [] }
    if (text !== null && header !== null) {
      texts.set(header.namespace, text)
      models.set(header.namespace, source)
    }
    return source
  })
  const ordered = new Set<DeploymentResource>()
  const open = new Set<DeploymentResource>()
  const visit = ({ resource, imports }: Source): void => {
    const depth = open.size - ordered.size
    if (open.has(resource) || depth > IMPORTS_MAX) return
    open.add(resource)
    for (const namespace of imports) {
      const model = models.get(namespace)
      if (model !== undefined) visit(model)
    }
    ordered.add(resource)
  }
  sources.forEach(visit)
  return { ordered: [...ordered], texts }
}

async function parseResource({ resourceName, resource }: DeploymentResource, options: Preparing): Promise<Parsed> {
  const bytes = Buffer.from(resource, 'base64')
  const text = utf8(bytes)
  if (text === null) return fault(resourceName, 'Expected the text to be UTF-8, but it is not')
  const base = { resourceName, text, checksum: createHash('md5').update(bytes).digest('base64') }
  switch (extensionOf(resourceName)) {
    case 'bpmn':
    case 'xml': {
      const compiled = await options.compile(resourceName, text)
      return compiled.ok ? { ok: true, resource: { ...base, kind: 'bpmn', processes: compiled.processes } } : compiled
    }
    case 'dmn': {
      const imports = await importedTexts(text, options.deployed)
      const compiled = compileDecisions(text, { dialect: options.dialect, imports })
      if (!compiled.ok) return fault(resourceName, compiled.message)
      if (compiled.faults.length > 0)
        options.log(`'${resourceName}' has decisions that will fail:\n${compiled.faults.join('\n')}`)
      return { ok: true, resource: { ...base, kind: 'dmn', model: compiled.model } }
    }
    case 'form': {
      const form = readForm(text)
      return form.ok ? { ok: true, resource: { ...base, kind: 'form', ...form } } : fault(resourceName, form.message)
    }
    case null:
      return fault(resourceName, 'unknown resource type. Iter deploys .bpmn, .dmn and .form')
  }
}
const fault = (resourceName: string, message: string) =>
  ({ ok: false, message: `'${resourceName}': ${message}` }) as const

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

type Extension = 'bpmn' | 'xml' | 'dmn' | 'form'
function extensionOf(resourceName: string): Extension | null {
  const found = /\.(bpmn|xml|dmn|form)$/i.exec(basename(resourceName))
  return found ? (found[1]!.toLowerCase() as Extension) : null
}

function readForm(text: string): Read<{ readonly formId: string; readonly versionTag: string }> {
  const schema = objectIn(text)
  if (schema === null) return { ok: false, message: 'Expected the form to be a JSON object, but it is not' }
  const { id, versionTag } = schema
  if (typeof id !== 'string') return { ok: false, message: 'Expected the form id to be present, but none given' }
  if (id.trim() === '') return { ok: false, message: 'Expected the form id to be filled, but it is blank' }
  if (![id, versionTag].every((text) => typeof text !== 'string' || isText(text)))
    return {
      ok: false,
      message: 'Expected id and versionTag to be text, but one contains NUL or half a surrogate pair',
    }
  return { ok: true, formId: id, versionTag: typeof versionTag === 'string' ? versionTag : '' }
}
function objectIn(text: string): Readonly<Record<string, unknown>> | null {
  if (depthOf(text) > FORM_DEPTH_MAX) return null
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
/** How deep the brackets nest; those within texts count too, which only makes it stricter. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1
    deepest = Math.max(deepest, depth)
  }
  return deepest
}
