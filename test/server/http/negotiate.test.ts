// Which format a reader gets (RFC 9110 section 12.5.1).

import { expect, test } from 'vitest'
import { negotiate } from '../../../server/src/http/negotiate.ts'

const available = ['application/json', 'text/plain', 'application/octet-stream'] as const

test.each([
  [undefined, 'application/json'],
  ['', 'application/json'],
  ['*/*', 'application/json'],
  ['text/plain', 'text/plain'],
  ['TEXT/PLAIN; charset=utf-8', 'text/plain'],
  ['text/*', 'text/plain'],
  ['text/html, text/plain;q=0.5', 'text/plain'],
  ['application/json;q=0.2, text/plain;q=0.9', 'text/plain'],
  ['application/json;q=0, */*', 'text/plain'],
  ['application/*;q=0, application/octet-stream', 'application/octet-stream'],
  ['text/html, application/xhtml+xml, */*;q=0.8', 'application/json'],
  ['text/html', undefined],
  ['*/*;q=0', undefined],
  ['nonsense', undefined],
  ['text/plain;q=2', undefined],
])('Accept: %s gets %s', (accept, expected) => {
  expect(negotiate(accept, available)).toBe(expected)
})
