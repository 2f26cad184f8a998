// Promise P13, decided from the head of a request alone.

import { describe, expect, test } from 'vitest'
import { isLoopbackAddress, isLoopbackHost, isSameOrigin, type RequestHead } from '../../../server/src/http/guard.ts'

function head(changes: Partial<RequestHead>): RequestHead {
  return {
    method: 'POST',
    host: '127.0.0.1:4747',
    origin: undefined,
    fetchSite: undefined,
    upgrade: false,
    isSecure: false,
    ...changes,
  }
}

describe('P13: the Host header', () => {
  test.each(['localhost', 'localhost:4747', 'LocalHost:1', '127.0.0.1', '127.0.0.1:80', '[::1]', '[::1]:4747'])(
    'answers to %s',
    host => {
      expect(isLoopbackHost(host)).toBe(true)
    },
  )

  test.each([
    undefined,
    '',
    'evil.example',
    'evil.example:4747',
    'localhost.evil.example',
    'evil.example#localhost',
    'user@localhost',
    '127.0.0.1.evil.example',
    '127.0.0.2',
    '[::2]',
    '[::1].evil.example',
    'localhost:4747:1',
    'localhost:port',
    'localhost ',
    '0.0.0.0',
  ])('does not answer to %s', host => {
    expect(isLoopbackHost(host)).toBe(false)
  })
})

describe('P13: the Origin header', () => {
  test('a program that is no browser may change things', () => {
    expect(isSameOrigin(head({}))).toBe(true)
    expect(isSameOrigin(head({ method: 'GET', upgrade: true }))).toBe(true)
  })

  test('a page of this server may change things', () => {
    const own = head({ origin: 'http://127.0.0.1:4747', fetchSite: 'same-origin' })
    expect(isSameOrigin(own)).toBe(true)
    expect(isSameOrigin({ ...own, method: 'GET', upgrade: true })).toBe(true)
    expect(isSameOrigin({ ...own, origin: 'HTTP://127.0.0.1:4747' })).toBe(true)
  })

  test.each([
    'http://evil.example',
    'http://127.0.0.1:8080',
    'http://localhost:4747',
    'http://127.0.0.1:4747.evil.example',
    'http://evil.example/127.0.0.1:4747',
    'http://user@127.0.0.1:4747',
    'null',
    '',
    'file://',
    'chrome-extension://127.0.0.1:4747',
  ])('a page of %s may not', origin => {
    expect(isSameOrigin(head({ origin }))).toBe(false)
    expect(isSameOrigin(head({ method: 'GET', upgrade: true, origin }))).toBe(false)
  })

  test('what a browser says of itself counts where it sends no Origin', () => {
    expect(isSameOrigin(head({ fetchSite: 'cross-site' }))).toBe(false)
    expect(isSameOrigin(head({ fetchSite: 'same-site' }))).toBe(false)
    expect(isSameOrigin(head({ fetchSite: 'none' }))).toBe(true)
  })

  test('reading is left alone, for no other site can see the answer', () => {
    expect(isSameOrigin(head({ method: 'GET', origin: 'http://evil.example', fetchSite: 'cross-site' }))).toBe(true)
  })
})

test('an open server may listen on loopback addresses only', () => {
  expect(['127.0.0.1', '127.8.9.1', '::1', 'localhost'].filter(host => !isLoopbackAddress(host))).toEqual([])
  const others = ['0.0.0.0', '::', '192.168.1.2', '127.evil.example', 'localhost.example', '1.127.0.0.1', '']
  expect(others.filter(isLoopbackAddress)).toEqual([])
})
