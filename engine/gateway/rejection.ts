/**
 * How a refusal reads on each wire, in one place: the engine's rejection → the gateway's status → gRPC code and HTTP problem.
 * gRPC's codes bear the names of `GatewayStatus`, so only HTTP needs a table.
 */
import { GatewayError, type GatewayStatus } from '../protocol/gateway.ts'
import type { Rejection, RejectionType } from '../protocol/records.ts'

const statusOfRejection: Readonly<Record<RejectionType, GatewayStatus>> = {
  INVALID_ARGUMENT: 'INVALID_ARGUMENT',
  NOT_FOUND: 'NOT_FOUND',
  ALREADY_EXISTS: 'ALREADY_EXISTS',
  INVALID_STATE: 'FAILED_PRECONDITION',
  PROCESSING_ERROR: 'INTERNAL',
  EXCEEDED_BATCH_RECORD_SIZE: 'UNKNOWN',
}

/** HTTP status and problem title of each gateway status. */
export const httpOf: Readonly<Record<GatewayStatus, readonly [status: number, title: string]>> = {
  INVALID_ARGUMENT: [400, 'INVALID_ARGUMENT'],
  NOT_FOUND: [404, 'NOT_FOUND'],
  ALREADY_EXISTS: [409, 'ALREADY_EXISTS'],
  FAILED_PRECONDITION: [409, 'INVALID_STATE'],
  PERMISSION_DENIED: [403, 'FORBIDDEN'],
  UNAUTHENTICATED: [401, 'UNAUTHORIZED'],
  RESOURCE_EXHAUSTED: [503, 'RESOURCE_EXHAUSTED'],
  DEADLINE_EXCEEDED: [504, 'DEADLINE_EXCEEDED'],
  UNAVAILABLE: [503, 'UNAVAILABLE'],
  UNIMPLEMENTED: [501, 'UNIMPLEMENTED'],
  INTERNAL: [500, 'INTERNAL'],
  CANCELLED: [500, 'CANCELLED'],
  UNKNOWN: [500, 'INTERNAL'],
}

/** The refusal of a client's command, in the sentence that Zeebe's clients show and some parse. */
export function refused(intent: string, { type, reason }: Rejection): GatewayError {
  return new GatewayError(statusOfRejection[type], `Command '${intent}' rejected with code '${type}': ${reason}`)
}

export const invalid = (reason: string): GatewayError => new GatewayError('INVALID_ARGUMENT', reason)

export const unimplemented = (what: string): GatewayError =>
  new GatewayError('UNIMPLEMENTED', `Expected to serve ${what}, but this engine does not offer it yet`)

/** What a client may learn of a failure, and what the log keeps: of a bug neither text nor stack, only its class and place. */
export function failureOf(error: unknown): { readonly answer: GatewayError; readonly logged: string | null } {
  if (error instanceof GatewayError) return { answer: error, logged: null }
  const answer = new GatewayError('INTERNAL', 'Expected to handle the request, but the engine failed unexpectedly')
  if (!(error instanceof Error)) return { answer, logged: typeof error }
  const place = /([\w.-]+\/[\w.-]+:\d+):\d+/.exec(error.stack?.slice(error.message.length) ?? '')?.[1]
  return { answer, logged: `${error.name}${place ? ` at ${place}` : ''}` }
}
