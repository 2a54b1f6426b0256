/**
 * Who may knock: pure rules on addresses, Host and Origin. A web page in the operator's browser must reach no port of ours,
 * neither by a plain form POST (its Origin gives it away) nor by DNS rebinding (its Host does).
 * Owns: the rules. Does not own: passwords (api-users.ts), applying the rules (grpc.ts, rest/, management.ts).
 */
export interface Doors {
  /** Names under which clients reach us, without port, lower case. */
  readonly hosts: ReadonlySet<string>
  /** Origins of our own pages. */
  readonly origins: ReadonlySet<string>
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1']

export function doors(host: string, options: { names?: readonly string[]; origins?: readonly string[] } = {}): Doors {
  const names = [...LOOPBACK_NAMES, host, ...(options.names ?? [])]
  return {
    hosts: new Set(names.map((name) => name.toLowerCase())),
    origins: new Set((options.origins ?? []).map((origin) => origin.toLowerCase())),
  }
}

/** `host[:port]` or `[v6][:port]` → the host in lower case; null when it is neither. */
export function hostOf(authority: string): string | null {
  const found = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9._-]{1,253}?)\.?)(?::\d{1,5})?$/i.exec(authority)
  return found ? (found[1] ?? found[2]!).toLowerCase() : null
}

/** Why the request is turned away; null lets it pass. No Origin means no browser page: that is how clients come. */
export function turnedAway(
  { hosts, origins }: Doors,
  request: { readonly host: string | undefined; readonly origin: string | undefined },
): string | null {
  const host = request.host === undefined ? null : hostOf(request.host)
  if (host === null || !hosts.has(host)) {
    return 'Expected the request to name a host of this server, but it names another. Add the name to ITER_HOST_NAMES if it is ours.'
  }
  if (request.origin === undefined || origins.has(request.origin.toLowerCase())) return null
  return 'Expected the request to come from a page of this server, but it comes from another origin'
}

export const isLoopback = (host: string): boolean =>
  host.toLowerCase() === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)

/** Without API users only this machine may reach us. */
export function requireGuarded(host: string, hasUsers: boolean): void {
  if (hasUsers || isLoopback(host)) return
  throw new Error(
    `Expected to listen on a loopback address because no API users are set, but ITER_HOST is ${host}. Set ITER_API_USERS or ITER_HOST=127.0.0.1.`,
  )
}
