// TLS in the server itself: pages and sockets by it, and a certificate that is renewed while it runs.

import { once } from 'node:events'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { goodPassword, quickPasswords } from '../../helpers/browsers.ts'
import { makeCertificate, noOpenssl } from '../../helpers/certificates.ts'
import { describeUnless } from '../../helpers/requirements.ts'
import { plainRequest, startServer } from '../../helpers/running-server.ts'
import { WireClient } from '../../helpers/wire-client.ts'

const json = { 'content-type': 'application/json' }

async function withCertificate() {
  const directory = await mkdtemp(join(tmpdir(), 'sheaf-tls-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const first = makeCertificate(directory, 'docs.example')
  const tls = { cert: join(directory, 'live.pem'), key: join(directory, 'live.key') }
  await copyFile(first.cert, tls.cert)
  await copyFile(first.key, tls.key)
  return { directory, tls, ca: await readFile(first.cert) }
}

/** Who the server says that it is, to a new connection. */
async function nameOf(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { CN } = socket.getPeerCertificate().subject
  socket.destroy()
  return String(CN)
}

describeUnless(noOpenssl, 'TLS in the server', () => {
  test('A2: pages come by it, sockets too, and the cookie of a session is for it alone', async () => {
    const { tls, ca } = await withCertificate()
    const server = await startServer({ tls, openMode: false, passwords: quickPasswords() })
    expect(server.url).toBe(`https://127.0.0.1:${server.port}`)
    const secret = server.authority.invitations.beginSetUp()
    const mira = { secret, name: 'Mira', login: 'mira', password: goodPassword, site: 'Room' }
    const setUp = {
      method: 'POST',
      headers: { ...json, origin: server.url },
      body: JSON.stringify(mira),
      connect: { ca },
    }
    const made = await plainRequest(`${server.url}/api/v1/setup`, setUp)
    expect(made.status, made.text).toBe(204)
    const [cookie = ''] = made.headers['set-cookie'] as string[]
    expect(cookie).toMatch(/^__Host-sheaf_session=.*; Secure$/)
    const head = { ...json, cookie: cookie.split(';', 1)[0]! }
    const document = { method: 'POST', headers: head, body: '{"title":"Plan"}', connect: { ca } }
    const { id } = JSON.parse((await plainRequest(`${server.url}/api/v1/documents`, document)).text)
    const client = await WireClient.open(server.url, id, { cookie: head.cookie, origin: server.url, connect: { ca } })
    await client.next('step1')
    await client.close()
    // A page that did not come by TLS was maybe written by somebody in the way.
    const plain = { ...document, headers: { ...head, origin: server.url.replace('https', 'http') } }
    expect((await plainRequest(`${server.url}/api/v1/documents`, plain)).status).toBe(403)
  })

  test('a certificate that was renewed is shown to the next who comes, and who is connected stays', async () => {
    const { directory, tls, ca } = await withCertificate()
    const server = await startServer({ tls })
    const client = await WireClient.open(server.url, 'plan', { origin: server.url, connect: { ca } })
    await client.next('step1')
    expect(await nameOf(server.port)).toBe('docs.example')
    const renewed = makeCertificate(directory, 'renewed.example')
    // One file after the other: the pair in between is none, and changes nothing.
    await copyFile(renewed.cert, tls.cert)
    await expect
      .poll(() => server.logLines.map(({ msg }) => msg), { timeout: 10_000 })
      .toContain('The new certificate cannot be used; the last one stays')
    expect(await nameOf(server.port)).toBe('docs.example')
    await copyFile(renewed.key, tls.key)
    await expect.poll(() => nameOf(server.port), { timeout: 10_000 }).toBe('renewed.example')
    await client.roundTrip()
    await client.close()
  })

  test('what is no certificate is said before anything listens', async () => {
    const { tls } = await withCertificate()
    await writeFile(tls.key, 'no key')
    await expect(startServer({ tls })).rejects.toThrow(/live\.pem and .*live\.key are no certificate with its key/)
    await expect(startServer({ tls: { ...tls, key: '/nowhere/key' } })).rejects.toThrow(
      'The file /nowhere/key of --tls-key cannot be read.',
    )
  })
})
