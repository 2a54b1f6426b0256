/**
 * An OpenID provider with the town's sample people, so that a fresh machine works without network. There is no password: it is
 * refused on any address but this machine's (index.ts). Owns: accounts and their claims. Does not own: the page of people (people.ts).
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
// The package's index warns of every Node that is no LTS version.
import { type Context, Provider } from 'oidc-provider/lib/provider.js'
import { SPID_ATTRIBUTES, type Town, type Person as TownPerson } from '../../../processes/town.ts'
import { shortMemory } from './short-memory.ts'

export const PROVIDER_PATH = '/oidc'
export const PEOPLE_PATH = '/accedi/persone'

export interface ProviderClient {
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
}

/** Keys live as long as the process: what was under way at a restart begins again. */
export function embeddedProvider(issuer: string, town: Town, client: ProviderClient): Provider {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }
  const provider: Provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [client.redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'client_secret_post',
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [key] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    adapter: shortMemory(),
    claims: {
      profile: ['preferred_username', 'given_name', 'family_name', 'fiscalNumber', ...SPID_ATTRIBUTES],
      email: ['email'],
    },
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
    },
    interactions: { url: (_context: Context, { uid }: { readonly uid: string }) => `${PEOPLE_PATH}/${uid}` },
    findAccount: (_context: Context, id: string) => accountOf(town, id),
    /** Our own client needs nobody's consent. */
    async loadExistingGrant({ oidc }: Context) {
      const grant = new provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId })
      grant.addOIDCScope('openid profile email')
      await grant.save()
      return grant
    },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 60, Interaction: 600, Session: 600 },
  })
  return provider
}

function accountOf(town: Town, id: string) {
  const person = town.persone.find((candidate) => candidate.id === id)
  return person && { accountId: id, claims: () => claimsOf(person) }
}

const claimsOf = ({ id, nome, cognome, codiceFiscale, email, spid }: TownPerson) => ({
  ...spid,
  sub: id,
  preferred_username: id,
  given_name: nome,
  family_name: cognome,
  email,
  ...(codiceFiscale !== undefined && { fiscalNumber: `TINIT-${codiceFiscale}` }),
})
