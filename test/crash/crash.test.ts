// Promise P1 in its short form: what was called durable is there after kill -9, every time.

import { describe, expect, test } from 'vitest'
import { isLongRun } from '../helpers/requirements.ts'
import { crashLoop } from './loop.ts'
import { Oracle } from './oracle.ts'

const kills = isLongRun ? 300 : 8

describe('the crash loop', () => {
  test(`P1: ${kills} times kill -9 under load of eight clients lose nothing that was acknowledged`, async () => {
    const report = await crashLoop({ kills, seed: 20_240_229 })
    expect(report).toMatchObject({ kills, lost: 0, examples: [], converged: true })
    expect(report.acknowledged).toBeGreaterThan(kills * 20)
  })

  test('its oracle sees what is lost, and what comes back from the dead', () => {
    const oracle = new Oracle()
    for (const token of ['<1.0>', '<1.1>', '<1.2>']) oracle.typed(token)
    oracle.acknowledge('<1.0>', 'typed')
    oracle.acknowledge('<1.1>', 'typed')
    oracle.deleted('<1.1>')
    expect(oracle.judge(['<1.0>', '<1.1>'])).toEqual({ lost: [], revived: [] })
    oracle.acknowledge('<1.1>', 'deleted')
    expect(oracle.acknowledged).toBe(3)
    expect(oracle.judge(['<1.2>', '<1.1>'])).toEqual({ lost: ['<1.0>'], revived: ['<1.1>'] })
  })
})
