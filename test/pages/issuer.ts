/** An OpenID provider of somebody else's, for tests: whoever comes is whom the test says, with the claims it says. */
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Context, Provider } from 'oidc-provider/lib/provider.js'
import { shortMemory } from '../../forms/server/identity/short-memory.ts'

const CLIENT = { clientId: 'iter', clientSecret: 'a secret between the two' } as const

export async function openIssuer(redirectUri: () => string) {
  let claims: Readonly<Record<string, unknown>> = {}
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let provider: Provider | null = null
  server.on('request', (request, response) => {
    provider ??= providerAt(issuer, redirectUri(), () => claims)
    if (!request.url?.startsWith('/choose/')) return provider.callback()(request, response)
    provider
      .interactionFinished(request, response, { login: { accountId: String(claims.sub) } })
      .catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  return {
    identity: { issuer, ...CLIENT },
    /** Whoever signs in from now on. */
    be: (whom: Readonly<Record<string, unknown>>) => {
      claims = whom
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

function providerAt(issuer: string, redirectUri: string, claims: () => Readonly<Record<string, unknown>>): Provider {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const provider: Provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [`${new URL(redirectUri).origin}/`],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig' }] },
    cookies: { keys: ['for tests'] },
    adapter: shortMemory(),
    claims: { profile: ['preferred_username', 'given_name', 'family_name', 'fiscalNumber', 'fiscal_number'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context: Context, { uid }: { readonly uid: string }) => `/choose/${uid}` },
    findAccount: (_context: Context, accountId: string) => ({ accountId, claims: () => claims() }),
    async loadExistingGrant({ oidc }: Context) {
      const grant = new provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId })
      grant.addOIDCScope('openid profile')
      await grant.save()
      return grant
    },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
  })
  return provider
}
