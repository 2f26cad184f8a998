// How passwords are kept, and how often they may be tried.

import { describe, expect, test } from 'vitest'
import { Passwords } from '../../../server/src/auth/passwords.ts'
import { Throttle } from '../../../server/src/auth/throttle.ts'
import { ManualClock } from '../../helpers/clock.ts'

const cheap = { cost: 4, blockSize: 8, parallelization: 1 }

describe('passwords', () => {
  test('A3: are kept as scrypt hashes with their own salt and parameters, and verified by those', async () => {
    const passwords = new Passwords({ parameters: cheap })
    const [first, second] = [await passwords.hash('correct horse'), await passwords.hash('correct horse')]
    expect(first).toMatch(/^scrypt\$4\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
    expect(first).not.toBe(second)
    const later = new Passwords({ parameters: { ...cheap, cost: 5 } })
    expect(await later.verify('correct horse', first)).toBe(true)
    expect(await later.verify('correct horsf', first)).toBe(false)
    expect(await later.verify('correct horse', undefined)).toBe(false)
    expect(await later.verify('', 'scrypt$4$8$1$$')).toBe(false)
  })

  test('A3: new ones cost 32 MiB and three rounds', async () => {
    expect(await new Passwords().hash('correct horse')).toMatch(/^scrypt\$15\$8\$3\$/)
  })

  test('are the same however a keyboard composes their letters', async () => {
    const passwords = new Passwords({ parameters: cheap })
    expect(await passwords.verify('caf\u0065\u0301', await passwords.hash('caf\u00e9'))).toBe(true)
  })

  test('A4: few are hashed at once, and beyond those that wait the next one is refused', async () => {
    const passwords = new Passwords({ parameters: { ...cheap, cost: 12 }, maxAtOnce: 1, maxWaiting: 2 })
    const three = [1, 2, 3].map(() => passwords.hash('correct horse'))
    await expect(passwords.hash('correct horse')).rejects.toMatchObject({ code: 'overloaded' })
    expect(await Promise.all(three)).toHaveLength(3)
    expect(await passwords.hash('correct horse')).toContain('scrypt$')
  })
})

describe('attempts', () => {
  test('A4: ten a minute for each key, and more when the minute is over', () => {
    const clock = new ManualClock()
    const throttle = new Throttle({ clock })
    for (let i = 0; i < 10; i++) throttle.take([`address ${i}`, 'account ann'])
    expect(() => throttle.take(['address 11', 'account ann'])).toThrow('60 seconds')
    // The one that was refused is not counted against the address.
    for (let i = 0; i < 10; i++) throttle.take(['address 11', `account ${i}`])
    expect(() => throttle.take(['address 11', 'account bob'])).toThrow('Too many attempts')
    clock.advance(60_000)
    throttle.take(['address 11', 'account ann'])
  })
})
