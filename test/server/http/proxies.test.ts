// Whom a header about somebody else is believed.

import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { Proxies } from '../../../server/src/http/proxies.ts'
import { plainRequest, startServer } from '../../helpers/running-server.ts'

const trusting = new Proxies(['127.0.0.1', '10.0.0.0/8', 'fd00::/8'])

function senderOf(remoteAddress: string, headers: IncomingHttpHeaders = {}) {
  return trusting.senderOf({ socket: { remoteAddress } as Socket, headers })
}

describe('who a request comes from', () => {
  test('is who has connected, whatever it says, where no proxy is trusted', () => {
    const headers = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https' }
    const sender = { address: '198.51.100.1', isForwarded: true, isSecure: false }
    expect(senderOf('198.51.100.1', headers)).toEqual(sender)
    expect(senderOf('::ffff:198.51.100.1', headers)).toEqual(sender)
  })

  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:4711', '203.0.113.7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['2001:db8::7', '2001:db8::7'],
    // Each trusted proxy tells who is before it; the first that is none of them may have written the rest itself.
    ['203.0.113.7, 10.1.2.3', '203.0.113.7'],
    ['127.0.0.1, 203.0.113.7, 10.1.2.3, fd00::1', '203.0.113.7'],
    ['1.1.1.1, 203.0.113.7', '203.0.113.7'],
    ['unknown, 10.1.2.3', '10.1.2.3'],
    ['<script>', '127.0.0.1'],
    ['', '127.0.0.1'],
  ])('behind a trusted proxy that says %s is %s', (said, address) => {
    expect(senderOf('127.0.0.1', { 'x-forwarded-for': said }).address).toBe(address)
  })

  test('came by TLS when the nearest proxy says so', () => {
    expect(senderOf('10.9.9.9', { 'x-forwarded-proto': 'https' }).isSecure).toBe(true)
    expect(senderOf('10.9.9.9', { 'x-forwarded-proto': 'https, http' }).isSecure).toBe(false)
  })

  test.each(['docs.example', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '::1/129'])('%s is nobody to trust', text => {
    expect(() => new Proxies([text])).toThrow(RangeError)
  })
})

test('what was passed on is never taken for this machine itself', async () => {
  const server = await startServer({ openMode: false, publicUrl: new URL('https://docs.example') })
  const metrics = async (headers: Record<string, string>) =>
    (await plainRequest(`${server.url}/metrics`, { headers })).status
  expect(await metrics({})).toBe(200)
  expect(await metrics({ 'x-forwarded-for': '127.0.0.1' })).toBe(401)
  // A proxy on this machine that says nothing of whom it asks for.
  expect(await metrics({ host: 'docs.example' })).toBe(401)
})
