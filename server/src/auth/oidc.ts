// Signing in with the account of an OpenID provider: the authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0
// section 3.1, RFC 7636, RFC 9207). The provider is asked when somebody comes in and never again, so its outage denies nobody who is in.

import { SheafError } from '@sheaf/protocol'
import type { Configuration } from 'openid-client'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'

export interface OidcSettings {
  readonly issuer: URL
  readonly clientId: string
  /** Absent: a public client, which PKCE alone protects. */
  readonly clientSecret?: string
  /** What people call the provider. */
  readonly name: string
  /** Whoever the provider knows may become a member; otherwise it takes an invitation. */
  readonly signUp: boolean
  /** An account whose login is a mail address that the provider has verified is theirs. */
  readonly matchMail: boolean
}

/** What the browser keeps between going to the provider and coming back; no other browser can finish it. */
export interface OidcFlow {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** Whom the provider says that somebody is. Issuer and subject together are theirs for ever; everything else may change. */
export interface ProvidedPerson {
  readonly issuer: string
  readonly subject: string
  readonly name?: string
  readonly userName?: string
  /** Only one that the provider has verified. */
  readonly mail?: string
}

export interface OpenIdProviderOptions {
  readonly settings: OidcSettings
  readonly clock: Clock
  readonly log: Log
}

const scope = 'openid profile email'
/** What the provider says of itself is asked for again after this; its keys whenever there is a new one. */
const describedMs = 60 * 60_000
const timeoutS = 10

export class OpenIdProvider {
  readonly settings: OidcSettings
  readonly #options: OpenIdProviderOptions
  #described: { readonly configuration: Configuration; readonly atMs: number } | undefined

  constructor(options: OpenIdProviderOptions) {
    this.#options = options
    this.settings = options.settings
  }

  /** Where to send the browser. @throws SheafError `auth-unavailable` while the provider cannot be reached. */
  async begin(redirectUrl: URL): Promise<{ url: URL; flow: OidcFlow }> {
    const { buildAuthorizationUrl, calculatePKCECodeChallenge, randomNonce, randomPKCECodeVerifier, randomState } =
      await client()
    const configuration = await this.#describe()
    const flow = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() }
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUrl.href,
      scope,
      state: flow.state,
      nonce: flow.nonce,
      code_challenge: await calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
    })
    return { url, flow }
  }

  /**
   * @param url with which the browser came back: that of {@link begin}, and what the provider has added.
   * @throws SheafError `auth-unavailable` as {@link begin}; `forbidden` where the provider or the person said no; `unauthorized` for an
   * answer that is not to this flow, or that nobody can vouch for.
   */
  async finish(url: URL, { state, nonce, verifier }: OidcFlow): Promise<ProvidedPerson> {
    const { authorizationCodeGrant, AuthorizationResponseError, fetchUserInfo } = await client()
    const configuration = await this.#describe()
    try {
      const tokens = await authorizationCodeGrant(configuration, url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      })
      const claims = tokens.claims()!
      const { userinfo_endpoint: more } = configuration.serverMetadata()
      const isWhole = claims.email !== undefined || more === undefined
      const told = isWhole ? claims : await fetchUserInfo(configuration, tokens.access_token, claims.sub)
      return toPerson(claims.iss, { ...claims, ...told })
    } catch (cause) {
      if (cause instanceof AuthorizationResponseError) {
        this.#options.log.info('The OpenID provider let somebody not in', { error: cause.error })
        throw new SheafError('forbidden', 'The provider has not let you in.', { details: { reason: 'refused' } })
      }
      if (isOutage(cause)) throw this.#unavailable(cause)
      // What came from outside may hold codes and tokens: its code alone is logged.
      this.#options.log.warn('An answer of the OpenID provider was not accepted', { reason: codeOf(cause) })
      throw new SheafError('unauthorized', 'The answer of the provider is not to this sign-in.')
    }
  }

  async #describe(): Promise<Configuration> {
    const { clock, settings } = this.#options
    const nowMs = clock.monotonicMs()
    if (this.#described !== undefined && nowMs - this.#described.atMs < describedMs)
      return this.#described.configuration
    try {
      const configuration = await discover(settings)
      this.#described = { configuration, atMs: nowMs }
      return configuration
    } catch (cause) {
      if (this.#described !== undefined) return this.#described.configuration
      throw this.#unavailable(cause)
    }
  }

  #unavailable(cause: unknown): SheafError {
    const { log, settings } = this.#options
    log.warn('The OpenID provider cannot be reached', { issuer: settings.issuer.origin, reason: codeOf(cause) })
    return new SheafError('auth-unavailable', `${settings.name} cannot be reached right now.`)
  }
}

/** It is loaded only where there is a provider. */
function client() {
  return import('openid-client')
}

async function discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<Configuration> {
  const { allowInsecureRequests, ClientSecretBasic, ClientSecretPost, Configuration, discovery, None } = await client()
  const isPlain = issuer.protocol === 'http:'
  const found = await discovery(issuer, clientId, undefined, None(), {
    timeout: timeoutS,
    ...(isPlain && { execute: [allowInsecureRequests] }),
  })
  if (clientSecret === undefined) return found
  const metadata = found.serverMetadata()
  // OpenID Connect Discovery 1.0 section 3: the one that holds where nothing is said.
  const ways = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  const way = ways.includes('client_secret_basic') ? ClientSecretBasic(clientSecret) : ClientSecretPost(clientSecret)
  const configuration = new Configuration(metadata, clientId, { client_secret: clientSecret }, way)
  configuration.timeout = timeoutS
  if (isPlain) allowInsecureRequests(configuration)
  return configuration
}

function toPerson(issuer: string, claims: Readonly<Record<string, unknown>>): ProvidedPerson {
  const { sub, name, preferred_username: userName, email, email_verified: isVerified } = claims
  return {
    issuer,
    subject: String(sub),
    ...(typeof name === 'string' && { name }),
    ...(typeof userName === 'string' && { userName }),
    ...(typeof email === 'string' && isVerified === true && { mail: email }),
  }
}

/** The provider could not be asked, or fails itself: nothing is known of who has come. */
function isOutage(cause: unknown): boolean {
  const { code, status, cause: inner } = cause as { code?: unknown; status?: unknown; cause?: unknown }
  if (code === 'OAUTH_TIMEOUT' || (typeof status === 'number' && status >= 500)) return true
  if (inner instanceof Response) return inner.status >= 500
  return cause instanceof TypeError && inner instanceof Error
}

function codeOf(cause: unknown): string {
  const {
    code,
    error,
    cause: inner,
    name,
  } = cause as { code?: unknown; error?: unknown; cause?: { code?: unknown }; name?: unknown }
  return String(error ?? code ?? inner?.code ?? name)
}
