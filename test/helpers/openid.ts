// A real OpenID provider in the test's own process (the package oidc-provider), which asks nobody for a password: whoever comes is the person
// that the test has named. Ends with the test.

import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { onTestFinished } from 'vitest'

export interface Known {
  readonly subject: string
  readonly name?: string
  readonly mail?: string
  readonly isVerified?: boolean
  readonly userName?: string
}

export interface TestProvider {
  readonly issuer: URL
  /** Who sits at the browser. Undefined: somebody who presses Cancel. */
  person: Known | undefined
  /** Closes it, as an outage does. */
  stop(): Promise<void>
}

export const clientId = 'sheaf'
export const clientSecret = 'what the provider gave to Sheaf'

/** @param redirectUrls where the provider sends people back to. */
export async function startProvider(redirectUrls: () => readonly string[]): Promise<TestProvider> {
  let answer: RequestListener = (_, response) => response.writeHead(503).end()
  const server = createServer((request, response) => answer(request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const issuer = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const known = new Map<string, Known>()
  const place: TestProvider = {
    issuer,
    person: undefined,
    stop: () => stop(server),
  }
  onTestFinished(() => stop(server))
  let provider: Provider | undefined
  answer = async (request, response) => {
    // Where people are sent back to is known only when the server that sends them listens.
    provider ??= makeProvider(issuer, redirectUrls(), known)
    if (!request.url?.startsWith('/interaction/')) return provider.callback()(request, response)
    const { person } = place
    if (person === undefined) {
      await provider.interactionFinished(request, response, { error: 'access_denied' })
      return
    }
    known.set(person.subject, person)
    const { params, grantId } = await provider.interactionDetails(request, response)
    const grant =
      grantId === undefined
        ? new provider.Grant({ accountId: person.subject, clientId: String(params.client_id) })
        : ((await provider.Grant.find(grantId)) as InstanceType<Provider['Grant']>)
    grant.addOIDCScope('openid profile email')
    await provider.interactionFinished(request, response, {
      login: { accountId: person.subject },
      consent: { grantId: await grant.save() },
    })
  }
  return place
}

function makeProvider(issuer: URL, redirectUrls: readonly string[], known: ReadonlyMap<string, Known>): Provider {
  return new Provider(issuer.origin, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [...redirectUrls] }],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['a key of a test'] },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    pkce: { required: () => true },
    findAccount: (_, accountId) => ({
      accountId,
      claims: () => {
        const { name, mail, isVerified, userName } = known.get(accountId) ?? { subject: accountId }
        return {
          sub: accountId,
          ...(name !== undefined && { name }),
          ...(userName !== undefined && { preferred_username: userName }),
          ...(mail !== undefined && { email: mail, email_verified: isVerified ?? false }),
        }
      },
    }),
  })
}

async function stop(server: Server): Promise<void> {
  if (!server.listening) return
  server.closeAllConnections()
  await new Promise<unknown>(resolve => server.close(resolve))
}
