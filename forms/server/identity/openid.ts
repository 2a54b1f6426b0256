/**
 * The conversation with an OpenID provider, the embedded one or the town's own (Keycloak, with SPID and CIE behind it):
 * authorization code with PKCE, state and nonce. Does not own: sessions, which claims make a person (person.ts).
 */
import * as openid from 'openid-client'
import type { Claims } from './person.ts'

export interface ProviderAccess {
  readonly issuer: string
  readonly clientId: string
  /** Null: a public client, known by its address alone. */
  readonly clientSecret: string | null
  readonly redirectUri: string
  /** Ask who it is each time, even when the provider remembers. */
  readonly asksAlways: boolean
}

/** What must be remembered between leaving for the provider and coming back. */
export interface Departure {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

export interface OpenId {
  depart(): Promise<{ readonly address: string; readonly departure: Departure }>
  /** The claims of whoever came back. Rejects when the answer is not the one to this departure. */
  arrive(address: URL, departure: Departure): Promise<Claims>
  /** Where signing out goes on; null when the provider names no such page. */
  farewell(returnTo: string): Promise<string | null>
}

/** The provider is asked for its metadata when first needed, and again after a failure: it may start later than we do. */
export function openIdAt(access: ProviderAccess): OpenId {
  let found: Promise<openid.Configuration> | null = null
  const provider = () => {
    found ??= discover(access).catch((error: unknown) => {
      found = null
      throw error
    })
    return found
  }
  return {
    depart: async () => depart(await provider(), access),
    async arrive(address, { state, nonce, verifier }) {
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true }
      const claims = (await openid.authorizationCodeGrant(await provider(), address, checks)).claims()
      if (claims === undefined) throw new Error('Expected the provider to answer with an ID token, but it did not.')
      return claims
    },
    async farewell(returnTo) {
      const configuration = await provider()
      if (configuration.serverMetadata().end_session_endpoint === undefined) return null
      return openid.buildEndSessionUrl(configuration, { post_logout_redirect_uri: returnTo }).href
    },
  }
}

async function depart(configuration: openid.Configuration, { redirectUri, asksAlways }: ProviderAccess) {
  const departure = {
    state: openid.randomState(),
    nonce: openid.randomNonce(),
    verifier: openid.randomPKCECodeVerifier(),
  }
  const address = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: 'openid profile email',
    state: departure.state,
    nonce: departure.nonce,
    code_challenge: await openid.calculatePKCECodeChallenge(departure.verifier),
    code_challenge_method: 'S256',
    ...(asksAlways && { prompt: 'login' }),
  })
  return { address: address.href, departure }
}

function discover({ issuer, clientId, clientSecret }: ProviderAccess): Promise<openid.Configuration> {
  const address = new URL(issuer)
  const execute = address.protocol === 'http:' ? [openid.allowInsecureRequests] : []
  const authentication = clientSecret === null ? openid.None() : openid.ClientSecretPost(clientSecret)
  return openid.discovery(address, clientId, undefined, authentication, { execute })
}
