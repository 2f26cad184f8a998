// What operators are given to run Sheaf with: read by the tools that are meant for it, as far as there are any here, and held to what
// docs/deploying.md says of it.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { validate } from 'dockerfile-utils'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parseServe } from '../../server/src/config.ts'
import { isThere } from '../helpers/certificates.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { repositoryRoot } from '../helpers/sources.ts'

const noSystemd = isThere('systemd-analyze', ['--version']) ? undefined : 'no systemd-analyze: install systemd'

const read = (path: string) => readFileSync(join(repositoryRoot, path), 'utf8')

/** `NAME=value` pairs of a line. */
const settingsOf = (line: string) =>
  Object.fromEntries(line.split(' ').map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))

describe('the Dockerfile', () => {
  const text = read('Dockerfile')
  const last = text.slice(text.lastIndexOf('\nFROM '))

  test('is one', () => {
    expect(validate(text)).toEqual([])
  })

  test('runs as nobody in particular, keeps data in a volume, tells its health and drains', () => {
    expect(last).toMatch(/^USER (?!0)\d+/m)
    expect(last).toMatch(/^VOLUME \/data$/m)
    expect(last).toMatch(/^HEALTHCHECK .*"healthcheck"\]$/m)
    expect(last).toMatch(/^STOPSIGNAL SIGTERM$/m)
    // A shell between would keep the signal to itself.
    expect(last).toMatch(/^ENTRYPOINT \["/m)
  })

  test('starts with its own settings once it is told where people reach it, and says so before', () => {
    const env = settingsOf(/^ENV (.*)$/m.exec(last)![1]!)
    expect(() => parseServe([], env)).toThrow('--url https://docs.example')
    expect(parseServe([], { ...env, SHEAF_URL: 'https://docs.example' })).toMatchObject({
      data: '/data',
      listen: { host: '0.0.0.0', port: 4747 },
    })
  })

  test('is given every part of the workspace that the file is made from', () => {
    const kept = read('.dockerignore')
      .split('\n')
      .filter(line => line.startsWith('!'))
      .map(line => line.slice(1))
    expect(kept.filter(path => !existsSync(join(repositoryRoot, path)))).toEqual([])
    const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] }
    expect(kept).toEqual(expect.arrayContaining(workspaces.map(path => path.replace('/*', ''))))
    expect(
      readdirSync(repositoryRoot)
        .filter(name => /^(package.*\.json|\.npmrc)$/.test(name))
        .sort(),
    ).toEqual(kept.filter(name => /^(package.*\.json|\.npmrc)$/.test(name)).sort())
  })
})

describe('the compose file', () => {
  test('gives the server settings that it knows, and a port to this machine only', () => {
    const text = read('compose.yaml')
    const env = Object.fromEntries(
      [...text.matchAll(/^ +(SHEAF_\w+): (.*)$/gm)].map(([, name, value]) => [name!, value!]),
    )
    expect(env.SHEAF_URL).toMatch(/^\$\{SHEAF_URL:\?/)
    expect(parseServe([], { ...env, SHEAF_URL: 'https://docs.example' }).trustedProxies).toEqual(['172.16.0.0/12'])
    expect(text).toContain('- "127.0.0.1:4747:4747"')
    expect(text).toMatch(/^ +read_only: true$/m)
  })
})

describe('the unit for systemd', () => {
  const text = read('deploy/sheaf.service')

  test('starts the server with settings that it knows', () => {
    const env = settingsOf(/^Environment=(.*)$/m.exec(text)![1]!)
    expect(parseServe([], env)).toMatchObject({ data: '/var/lib/sheaf', listen: { host: '127.0.0.1', port: 4747 } })
  })
})

describeUnless(noSystemd, 'systemd', () => {
  /** The unit with a program that is here. */
  const unit = async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sheaf-unit-'))
    onTestFinished(() => rm(directory, { recursive: true, force: true }))
    const path = join(directory, 'sheaf.service')
    await writeFile(path, read('deploy/sheaf.service').replace('/usr/local/bin/sheaf', process.execPath))
    return path
  }

  test('understands every line of the unit', async () => {
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', await unit()], { encoding: 'utf8' })
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' })
  })

  test('finds that the unit leaves little open: an exposure below 2 of 10', async () => {
    const report = execFileSync('systemd-analyze', ['security', '--offline=true', '--no-pager', await unit()], {
      encoding: 'utf8',
    })
    expect(Number(/exposure level for sheaf\.service: ([\d.]+)/.exec(report)?.[1])).toBeLessThan(2)
  })
})
