/** The one question every port asks of every request before it does anything: may this caller come in? */
import { GatewayError } from '../protocol/gateway.ts'
import type { ApiUsers } from './api-users.ts'
import { type Doors, turnedAway } from './doors.ts'

export interface Caller {
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly authorization: string | undefined
}
/** The user's name, null where no users are set. Rejects: PERMISSION_DENIED, UNAUTHENTICATED. */
export type Admission = (caller: Caller) => Promise<string | null>

export function admission(doors: Doors, users: ApiUsers | null): Admission {
  return async (caller) => {
    const reason = turnedAway(doors, caller)
    if (reason !== null) throw new GatewayError('PERMISSION_DENIED', reason)
    return users === null ? null : users.authenticate(caller.authorization)
  }
}
