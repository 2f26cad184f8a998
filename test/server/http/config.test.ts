// What `sheaf serve` can be told, and what it refuses.

import { describe, expect, test } from 'vitest'
import { dataOf, parseServe, UsageError } from '../../../server/src/config.ts'

function refusal(args: readonly string[], env: Record<string, string> = {}): string {
  try {
    parseServe(args, env)
  } catch (cause) {
    if (cause instanceof UsageError) return cause.message
    throw cause
  }
  throw new Error('It was not refused.')
}

describe('sheaf serve', () => {
  test('takes its defaults', () => {
    expect(parseServe(['--open'], {})).toEqual({
      listen: { host: '127.0.0.1', port: 4747 },
      nextPort: false,
      data: './sheaf-data',
      open: true,
      json: false,
      trustedProxies: [],
      limits: true,
      logLevel: 'info',
      drainMs: 10_000,
    })
  })

  test('takes flags in both forms', () => {
    const config = parseServe(
      ['--open', '--listen=[::1]:0', '--data', 'there', '--limits', 'off', '--drain-seconds=2.5', '--json'],
      {},
    )
    expect(config).toMatchObject({ listen: { host: '::1', port: 0 }, data: 'there', limits: false, drainMs: 2_500 })
    expect(config.json).toBe(true)
  })

  test('takes a bare port as one of loopback', () => {
    expect(parseServe(['--open', '--listen', '8080'], {}).listen).toEqual({ host: '127.0.0.1', port: 8080 })
  })

  test('takes the environment, and flags before it', () => {
    const env = { SHEAF_OPEN: 'true', SHEAF_LOG_LEVEL: 'debug', SHEAF_DATA: 'env' }
    expect(parseServe(['--data', 'flag'], env)).toMatchObject({ open: true, logLevel: 'debug', data: 'flag' })
  })

  test('lifts its limits on loopback only', () => {
    expect(parseServe(['--open', '--limits', 'off'], {}).limits).toBe(false)
    for (const host of ['0.0.0.0', '192.168.1.7', '[::]']) {
      expect(refusal(['--open', '--limits', 'off', '--listen', `${host}:4747`])).toContain('--limits off')
      expect(refusal(['--listen', `${host}:4747`], { SHEAF_LIMITS: 'off' })).toContain('--limits off')
    }
  })

  test('says which flag was probably meant', () => {
    expect(refusal(['--open', '--lisen', '127.0.0.1:1'])).toContain('Did you mean --listen?')
    expect(refusal(['--log-levle=debug'])).toContain('Did you mean --log-level?')
    expect(refusal(['--frobnicate'])).not.toContain('Did you mean')
  })

  test('takes a mail server', () => {
    const given = ['--smtp-url', 'smtps://sheaf@mail.example', '--mail-from', 'Sheaf <sheaf@docs.example>']
    expect(parseServe(given, { SHEAF_SMTP_PASSWORD_FILE: 'secret' }).mail).toEqual({
      url: new URL('smtps://sheaf@mail.example'),
      from: 'Sheaf <sheaf@docs.example>',
      passwordFile: 'secret',
    })
    expect(refusal(given.slice(2))).toContain('--smtp-url')
    expect(refusal(given.slice(0, 2))).toContain('--mail-from')
    expect(refusal(['--smtp-url', 'smtp://sheaf:secret@mail.example', ...given.slice(2)])).toContain('password-file')
    expect(refusal(['--smtp-url', 'mail.example', ...given.slice(2)])).toContain('smtps://')
  })

  test('takes an OpenID provider', () => {
    const given = ['--oidc-issuer', 'https://id.example/team', '--oidc-client-id', 'sheaf', '--oidc-sign-up']
    expect(parseServe(given, { SHEAF_OIDC_SECRET_FILE: 'secret' }).oidc).toEqual({
      issuer: new URL('https://id.example/team'),
      clientId: 'sheaf',
      secretFile: 'secret',
      name: 'id.example',
      signUp: true,
      matchMail: false,
    })
    expect(refusal(given.slice(2))).toContain('--oidc-issuer')
    expect(refusal(given.slice(0, 2))).toContain('--oidc-client-id')
    expect(refusal(['--oidc-issuer', 'http://id.example', '--oidc-client-id', 'sheaf'])).toContain('https')
    expect(refusal(['--oidc-match-mail'])).toContain('Which provider?')
  })

  test.each([
    [['--open', 'now'], 'means nothing here'],
    [['--open', '--listen'], 'needs a value'],
    [['--data', '--open'], 'needs a value'],
    [['--open', '--listen', 'localhost:99999'], 'HOST:PORT'],
    [['--open', '--listen', 'nonsense'], 'HOST:PORT'],
    [['--open', '--limits', 'maybe'], 'on, off'],
    [['--open', '--log-level', 'loud'], 'debug, info'],
    [['--open', '--drain-seconds', '-1'], 'number of seconds'],
    [['--open=perhaps'], 'there or not'],
  ])('refuses %j', (args, sentence) => {
    expect(refusal(args)).toContain(sentence)
  })

  test.each(['0.0.0.0:4747', '192.168.1.2:4747', '[::]:4747', 'docs.example:4747'])(
    'refuses to be open on %s, and says what to do',
    address => {
      const sentence = refusal(['--open', '--listen', address])
      expect(sentence).toContain('everybody who reaches it')
      expect(sentence).toContain('--listen 127.0.0.1:4747')
    },
  )

  test('A8: where others can reach it, it wants to be told under which address, and answers to no other name', () => {
    expect(refusal(['--listen', '0.0.0.0:4747'])).toContain('--url https://docs.example')
    const config = parseServe(['--listen', '0.0.0.0:4747', '--url', 'https://docs.example'], {})
    expect(config).toMatchObject({ open: false, publicUrl: new URL('https://docs.example') })
    expect(parseServe([], {})).toMatchObject({ open: false, listen: { host: '127.0.0.1' } })
  })

  test.each(['docs.example', 'https://docs.example/sheaf', 'ftp://docs.example', 'https://me@docs.example'])(
    'refuses the address %s',
    url => expect(refusal(['--url', url])).toContain('without a path'),
  )

  test('takes a certificate with its key, and proxies by address', () => {
    const args = ['--tls-cert', 'a.pem', '--tls-key', 'a.key', '--trust-proxy', '127.0.0.1, 10.0.0.0/8']
    expect(parseServe(args, {})).toMatchObject({
      tls: { cert: 'a.pem', key: 'a.key' },
      trustedProxies: ['127.0.0.1', '10.0.0.0/8'],
    })
    expect(refusal(['--tls-cert', 'a.pem'])).toContain('belong together')
    expect(refusal([...args, '--url', 'http://docs.example'])).toContain('--url is https://docs.example')
    expect(refusal(['--trust-proxy', 'caddy'])).toContain('“caddy” is no address and no network')
  })
})

test.each([
  [['serve'], {}, './sheaf-data'],
  [['serve'], { SHEAF_DATA: '/data' }, '/data'],
  [['verify', '--data', '/srv'], { SHEAF_DATA: '/data' }, '/srv'],
  [['backup', 'FILE', '--data=/srv'], {}, '/srv'],
  [['serve', '--data'], {}, './sheaf-data'],
])('%j with %j is about the data in %s', (args, env, data) => {
  expect(dataOf(args, env)).toBe(data)
})
