/** A deployment that a slow cluster takes in time, portion by portion. */
import { setTimeout as pause } from 'node:timers/promises'
import { type DeployRequest, type Gateway, GatewayError } from '../../engine/protocol/gateway.ts'

export type Resources = DeployRequest['resources']

export interface Patience {
  /** How long each portion is tried, from its first try on. */
  readonly patienceMs?: number
  /** Asked before each try; what it throws ends the deployment. */
  readonly goesOn?: () => void
}

/** All that is delivered at once (1.2 MB) took a busy Zeebe longer than the 15 s its gateway waits, and every repeat began anew. */
const PORTION_BYTES = 200_000
const PATIENCE_MS = 60_000
const AGAIN_MS = 200

/**
 * Deploys the resources in their order, some at a time. A portion that the cluster had no time for is tried again, with or without its
 * having been taken: what stands already changes nothing.
 * Rejects with the gateway's status and the names of the portion's resources; the portions before it stand.
 * Not supported: a reference bound to its deployment (`bindingType="deployment"`) across two portions.
 */
export async function deployInPortions(
  gateway: Pick<Gateway, 'deployResources'>,
  resources: Resources,
  patience: Patience = {},
): Promise<void> {
  for (const portion of portionsOf(resources)) await deploy(gateway, portion, patience)
}

async function deploy(
  gateway: Pick<Gateway, 'deployResources'>,
  resources: Resources,
  { patienceMs = PATIENCE_MS, goesOn }: Patience,
): Promise<void> {
  for (const deadline = performance.now() + patienceMs; ; ) {
    goesOn?.()
    try {
      await gateway.deployResources({ resources })
      return
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      if (!NOT_YET.has(error.status) || performance.now() >= deadline) throw notDeployed(resources, error)
      await pause(AGAIN_MS)
    }
  }
}

/** What a gateway says while its cluster starts, or has much to do. */
const NOT_YET: ReadonlySet<GatewayError['status']> = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'CANCELLED',
  'RESOURCE_EXHAUSTED',
])

function notDeployed(resources: Resources, { status, message }: GatewayError): GatewayError {
  const names = resources.map(({ name }) => name).join(', ')
  return new GatewayError(status, `Expected to deploy ${names}, but the gateway answered ${status}: ${message}`)
}

/** Of so many bytes, unless one resource alone has more. */
function portionsOf(resources: Resources): readonly Resources[] {
  const portions: Resources[number][][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const resource of resources) {
    bytes += resource.content.length
    if (bytes > PORTION_BYTES) {
      portions.push([])
      bytes = resource.content.length
    }
    portions.at(-1)?.push(resource)
  }
  return portions
}
