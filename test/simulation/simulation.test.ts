// Promises P1 and P4 on simulated runs, and the simulator itself: that it finds what it is there to find, and repeats.

import { describe, expect, test } from 'vitest'
import { seededRandom } from '../helpers/random.ts'
import { isLongRun } from '../helpers/requirements.ts'
import { plantedBugs } from './bugs.ts'
import { FaultDisk, sectorBytes } from './fault-disk.ts'
import { simulate } from './simulation.ts'

const seeds = isLongRun ? 300 : 15
const minuteMs = 60_000

describe('simulated runs', () => {
  test(`P1, P4: over ${seeds} seeds replicas converge, nothing acknowledged is lost, and every document opens whole`, {
    timeout: 5 * minuteMs,
  }, async () => {
    const total = { acknowledged: 0, powerLosses: 0, images: 0 }
    for (let seed = 1; seed <= seeds; seed++) {
      const report = await simulate(seed).catch(cause => {
        throw new Error(
          `Seed ${seed}: ${cause.message} Repeat it with: npx tsx test/simulation/run.ts --seed ${seed}`,
          { cause },
        )
      })
      for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += report[name]
    }
    expect(total.acknowledged).toBeGreaterThan(seeds * 50)
    expect(total.powerLosses).toBeGreaterThan(seeds)
    expect(total.images).toBeGreaterThan(total.powerLosses * 2)
  })

  test('a seed decides everything that happens', async () => {
    for (const seed of [3, 4]) expect(await simulate(seed)).toEqual(await simulate(seed))
  })

  test.each(Object.keys(plantedBugs))('the simulator finds a planted bug: %s', { timeout: 2 * minuteMs }, async bug => {
    let found: unknown
    for (let seed = 1; seed <= 1_000 && found === undefined; seed++) {
      await simulate(seed, { bug }).catch(cause => {
        found = cause
      })
    }
    expect(found).toBeInstanceOf(Error)
  })
})

describe('the fault disk', () => {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()
  const options = (seed = 1) => ({ random: seededRandom(seed), wait: async () => undefined })
  const everyImage = async (disk: FaultDisk, look: (image: FaultDisk) => Promise<string>) => {
    const seen = new Set<string>()
    for (let index = 0; index < disk.imageCount; index++) seen.add(await look(disk.image(options(), index)))
    return [...seen].sort()
  }

  test('keeps what was synced, and any sectors of what was not', async () => {
    const disk = new FaultDisk(options())
    await disk.makeDirectory('/d')
    await disk.write('/d/f', Buffer.from('synced'))
    await disk.append('/d/f', new Uint8Array(sectorBytes).fill(65))
    const images = await everyImage(disk, async image => {
      const bytes = await image.read('/d/f')
      expect(text(bytes.subarray(0, 6))).toBe('synced')
      return [bytes[6], bytes[sectorBytes]].map(byte => (byte === 65 ? 'new' : 'old')).join(' ')
    })
    expect(images).toEqual(['new new', 'new old', 'old new', 'old old'])
  })

  test('keeps changes of names in their order, and none that was synced is undone', async () => {
    const disk = new FaultDisk(options())
    await disk.makeDirectory('/d')
    await disk.write('/d/a', Buffer.from('a'))
    await disk.write('/d/b', Buffer.from('b'))
    await disk.rename('/d/b', '/d/a')
    await disk.remove('/d/a')
    const look = async (image: FaultDisk) =>
      (await Promise.all((await image.list('/d')).map(async name => name + text(await image.read(`/d/${name}`)))))
        .sort()
        .join(' ')
    expect(await everyImage(disk, look)).toEqual(['', 'aa bb', 'ab'])
    await disk.syncDirectory('/d')
    expect(await everyImage(disk, look)).toEqual([''])
  })

  test('a sync that failed leaves it open what is there, and a later one does not make it so', async () => {
    const states = new Set<string>()
    for (let seed = 1; seed < 20; seed++) {
      const disk = new FaultDisk(options(seed))
      await disk.makeDirectory('/d')
      await disk.write('/d/f', Buffer.from('before'))
      await disk.append('/d/f', Buffer.from(' after'))
      disk.fault = { code: 'EIO', at: 'sync' }
      await expect(disk.sync('/d/f')).rejects.toMatchObject({ code: 'EIO' })
      disk.fault = undefined
      await disk.sync('/d/f')
      expect(text(await disk.read('/d/f'))).toBe('before after')
      states.add(text(await disk.image(options(seed)).read('/d/f')).replaceAll('\0', '.'))
    }
    expect([...states].sort()).toEqual(['before after', 'before......'])
  })
})
