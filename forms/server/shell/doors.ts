/**
 * Who may knock at the pages. A foreign page in the same browser must not post to them (its Origin gives it away), and a name
 * rebound to this address must not read them (its Host does). Pure rules; server.ts applies them.
 */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

export const isLoopback = (host: string): boolean =>
  host === '::1' || host === 'localhost' || /^127(?:\.\d{1,3}){3}$/.test(host)

export type Knock =
  | { readonly kind: 'welcome' }
  /** Another name of this machine: cookies belong to one name, so the browser is sent there. */
  | { readonly kind: 'elsewhere'; readonly to: string }
  | { readonly kind: 'refused' }

export interface Caller {
  readonly method: string
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly site: string | undefined
  readonly path: string
}

/** `origin` is that of our pages, as browsers see it. */
export function knock(origin: URL, { method, host, origin: from, site, path }: Caller): Knock {
  const isReading = method === 'GET' || method === 'HEAD'
  if (from !== undefined && from.toLowerCase() !== origin.origin) return { kind: 'refused' }
  if (!isReading && site !== undefined && site !== 'same-origin' && site !== 'none') return { kind: 'refused' }
  if (host?.toLowerCase() === origin.host) return { kind: 'welcome' }
  const isAlias =
    LOOPBACK.includes(origin.hostname) && LOOPBACK.some((name) => host?.toLowerCase() === withPort(name, origin))
  return isAlias && isReading ? { kind: 'elsewhere', to: `${origin.origin}${path}` } : { kind: 'refused' }
}

const withPort = (name: string, { port }: URL): string => (port === '' ? name : `${name}:${port}`)

/** A path of ours to come back to; anything that a browser could take for another host leads home. */
export const ownPath = (text: string | null): string =>
  text !== null && text.length <= 2_000 && /^\/(?![/\\])[^\s\\]*$/.test(text) ? text : '/'
