// The browser's own WebSocket, driven through everything that docs/protocol.md allows a server or a network to do: the page says
// what look and wording promise, and it comes back where it should and only there. `npm test` takes some of the codes, the long run each.

import { type ErrorCode, errorKinds, isPermanentClose } from '@sheaf/protocol'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { launchChromium, noChromium } from '../helpers/chromium.ts'
import { createDocument, readDocument } from '../helpers/documents.ts'
import { FrontDoor } from '../helpers/front-door.ts'
import { describeUnless, isLongRun } from '../helpers/requirements.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { Person } from './editor-page.ts'

/** What the page says for good, by close code. */
const endings: Partial<Record<ErrorCode, string | RegExp>> = {
  unauthorized: 'Sign in to keep writing.',
  forbidden: 'Your access to this document was taken away.',
  'not-found': 'There is nothing here, or it isn’t shared with you.',
  'document-deleted': 'This document is in the trash.',
  epoch: 'This document was taken back to an earlier state on the server.',
  'upgrade-required': 'This document needs a newer Sheaf.',
  'too-large': 'This document is full.',
  malformed: 'Can’t save',
  'invalid-update': 'Can’t save',
}

const transient: readonly ErrorCode[] = [
  'going-away',
  'restarting',
  'internal',
  'overloaded',
  'auth-unavailable',
  'storage-failed',
  'slow-consumer',
  'rate-limited',
]

function someOf<Item>(all: readonly Item[]): readonly Item[] {
  return isLongRun ? all : all.filter((_, index) => index % 4 === 0)
}

describeUnless(noChromium, 'the browser’s own WebSocket', () => {
  let server: ServerProcess
  let door: FrontDoor
  let beside: FrontDoor
  let people: Record<'ordinary' | 'ownClock' | 'stuckSocket', Person>
  let ada: Person

  beforeAll(async () => {
    server = await ServerProcess.start()
    door = await FrontDoor.start(() => server.url)
    beside = await FrontDoor.start(() => server.url)
    const browser = await launchChromium()
    people = {
      ordinary: await Person.arrive({ name: 'Ada', browser }),
      ownClock: await Person.arrive({ name: 'Ada', browser }),
      stuckSocket: await Person.arrive({ name: 'Ada', browser, initScript: stuckSocket }),
    }
    await people.ownClock.context.clock.install()
    return async () => {
      await browser.close()
      await Promise.all([door.close(), beside.close()])
      await server.dispose()
    }
  })

  afterEach(async () => {
    await ada.closeTab()
    door.reset()
    beside.reset()
  })

  /** Opens a tab on a new document through the door. */
  async function opened(documentId: string, who: keyof typeof people = 'ordinary'): Promise<void> {
    await createDocument(server.url, documentId, { title: 'Wire', text: 'Hello. ' })
    ada = people[who]
    await ada.open(door.url, documentId)
    await ada.sees('Hello.')
    await ada.clickBody()
  }

  /**
   * Lets a minute pass on the clock of the page, which is longer than the longest wait between two attempts, and then lets everything
   * happen that such a wait begins: as long as it takes another page, on the same clock, to come back after an outage.
   */
  async function aMinutePasses(witnessId: string): Promise<void> {
    const witness = await ada.context.newPage()
    await createDocument(server.url, witnessId, { text: 'Here.' })
    await witness.goto(`${beside.url}/d/${witnessId}`)
    await witness.getByText('Here.').waitFor()
    beside.closeNew(1013, 'overloaded')
    beside.closeAll(1013, 'overloaded')
    await witness.locator('[data-status="Offline"]').waitFor()
    const { length } = beside.attempts
    await ada.page.clock.fastForward(60_000)
    await beside.attempted(length + 1)
    await witness.close()
  }

  test('opens ws: with the port, the document’s path, and the query; offers sheaf.v1', async () => {
    await opened('target')
    expect(door.attempts).toHaveLength(1)
    const [first] = door.attempts
    expect(first).toMatchObject({ target: '/ws/target', protocols: ['sheaf.v1'], origin: door.url })
    door.closeAll(1012, 'restarting')
    await door.attempted(2)
    // The second time the page knows the document's timeline, and says so before anything is synced.
    expect(door.attempts[1]!.target).toMatch(/^\/ws\/target\?epoch=[A-Za-z0-9]{8}$/)
  })

  test.each(someOf(transient))('comes back after %s, and what was typed meanwhile is sent', async code => {
    const documentId = `transient-${code}`
    await opened(documentId)
    door.closeNew(errorKinds[code].close, code)
    door.closeAll(errorKinds[code].close, code)
    await ada.type('typed')
    await ada.says(/^Offline — 5 changes kept on this device$/)
    const attempts = door.attempts.length
    await door.attempted(attempts + 1)
    door.pass()
    await ada.says(/^Saved$/)
    expect((await readDocument(server.url, documentId)).getText('body').toString()).toBe('Hello. typed')
  })

  test('a document that is damaged on the server: the page says so, and asks again', async () => {
    await opened('damaged')
    door.closeNew(4503, 'damaged')
    door.closeAll(4503, 'damaged')
    await ada.says(/^Can’t save$/)
    await ada.reads('This document can’t be opened right now.')
    const { length } = door.attempts
    await door.attempted(length + 1)
    door.pass()
    await ada.type('x')
    await ada.says(/^Saved$/)
  })

  test.each(someOf(Object.keys(endings) as ErrorCode[]))('stays away after %s, and says why', async code => {
    const { close } = errorKinds[code]
    expect(isPermanentClose(close)).toBe(true)
    await opened(`permanent-${code}`, 'ownClock')
    door.closeNew(close, code)
    door.closeAll(close, code)
    await ada.reads(endings[code]!)
    const { length } = door.attempts
    await aMinutePasses(`witness-${code}`)
    expect(door.attempts.length).toBe(length)
  })

  test('a change that is refused: the page takes no more, gives a copy, and opens the document anew', async () => {
    await opened('refused')
    door.closeNew(4422, 'invalid-update')
    door.closeAll(1012, 'restarting')
    await ada.type('Unwanted')
    await ada.says(/^Can’t save$/)
    door.pass()
    const download = ada.page.waitForEvent('download')
    await ada.page.getByRole('button', { name: 'Open anew' }).click()
    expect((await download).suggestedFilename()).toMatch(/[.]txt$/)
    await expect.poll(() => ada.text()).toBe('Hello. ')
    await ada.clickBody()
    await ada.type('Again.')
    await ada.says(/^Saved$/)
    expect((await readDocument(server.url, 'refused')).getText('body').toString()).toBe('Hello. Again.')
  })

  test('a text frame’s close code, 1003, is no reason to stay away', async () => {
    await opened('text-frame')
    door.closeAll(1003, 'text-frame')
    await door.attempted(2)
    await ada.type('x')
    await ada.says(/^Saved$/)
  })

  test('a connection that ends without a close frame is an outage, not a denial', async () => {
    await opened('cut')
    door.dropAll()
    await door.attempted(2)
    await ada.type('x')
    await ada.says(/^Saved$/)
  })

  test.each(someOf([401, 503, 403, 404, 500]))(
    'an upgrade refused with %i is tried again: a browser cannot see why',
    async status => {
      const documentId = `refused-${status}`
      await opened(documentId)
      door.refuseUpgrades(status)
      door.closeAll(1012, 'restarting')
      await ada.type('typed')
      await ada.says(/^Offline — 5 changes kept on this device$/)
      await door.attempted(3)
      door.pass()
      await ada.says(/^Saved$/)
      expect((await readDocument(server.url, documentId)).getText('body').toString()).toBe('Hello. typed')
    },
  )

  test('retry= in the reason of a restart decides when the page comes back', async () => {
    await opened('retry')
    const closedMs = performance.now()
    door.closeAll(1012, 'restarting retry=2')
    await door.attempted(2)
    const waitedMs = door.attempts[1]!.atMs - closedMs
    expect(waitedMs).toBeGreaterThan(1_900)
    expect(waitedMs).toBeLessThan(4_000)
  })

  test('a bufferedAmount that does not drain: the page does not pile up bytes, does not say Saved, and comes back', async () => {
    await opened('stuck', 'stuckSocket')
    await ada.type('first')
    await ada.says(/^Saved$/)
    await ada.page.evaluate(() => {
      ;(globalThis as unknown as StuckGlobal).stuck.isStuck = true
    })
    await ada.type('second')
    await ada.says(/^Saving…$/)
    const sent = await ada.page.evaluate(() => (globalThis as unknown as StuckGlobal).stuck.sentWhileStuck)
    expect(sent).toBeLessThanOrEqual(1)
    // Given up after a while, as a socket that takes no bytes; a new one is opened, which drains.
    await ada.page.evaluate(() => {
      ;(globalThis as unknown as StuckGlobal).stuck.isStuck = false
    })
    await ada.says(/^Saved$/)
    expect((await readDocument(server.url, 'stuck')).getText('body').toString()).toBe('Hello. firstsecond')
  })
})

interface StuckGlobal {
  readonly stuck: { isStuck: boolean; sentWhileStuck: number }
}

/** Wraps the page's WebSocket: while it is stuck, what is sent stays in `bufferedAmount`, and leaves when it is not. */
const stuckSocket = `
  globalThis.stuck = { isStuck: false, sentWhileStuck: 0 }
  const { prototype } = WebSocket
  const send = prototype.send
  const buffered = Object.getOwnPropertyDescriptor(prototype, 'bufferedAmount').get
  const held = new WeakMap()
  const release = socket => {
    const waiting = held.get(socket) ?? []
    held.set(socket, [])
    for (const data of waiting) if (socket.readyState === 1) send.call(socket, data)
  }
  prototype.send = function (data) {
    if (!stuck.isStuck) { release(this); return send.call(this, data) }
    stuck.sentWhileStuck++
    held.set(this, [...(held.get(this) ?? []), data.slice()])
  }
  Object.defineProperty(prototype, 'bufferedAmount', {
    get() {
      if (stuck.isStuck) return 1e7
      release(this)
      return buffered.call(this)
    },
  })
`
