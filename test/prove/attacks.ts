// The attacks of promise P10 and P5, each a loop that goes on until it is told to end. One hostile person has many sockets, of
// several addresses, and prepares what they send.

import { encodeAwareness, encodeMessage, type Message } from '@sheaf/protocol'
import WebSocket from 'ws'
import * as Y from 'yjs'
import { any, craft, text } from '../server/gate/craft.ts'
import { HostileFrames } from './hostile-frames.ts'

export interface Attack {
  readonly url: string
  readonly documentId: string
  readonly isOver: () => boolean
  readonly tally: { frames: number; sockets: number }
}

type Attacker = (attack: Attack) => Promise<void>

export const attacks: Readonly<Record<string, Attacker>> = {
  /** Frames that break something, until the socket is closed; then the next socket. */
  'hostile-frames': attack => {
    const material = new HostileFrames(0)
    return together(40, async lane => {
      const frames = material.another(1 + lane)
      while (!attack.isOver()) {
        await onSocket(attack, lane, async socket => {
          for (let i = 0; i < 50 && isOpen(socket) && !attack.isOver(); i++) {
            for (let j = 0; j < 10; j++) send(attack, socket, frames.next())
            await roundTrip(socket)
          }
        })
      }
    })
  },

  /** The largest step 2 there is: two million structs in 14 MB. */
  'two-million-structs': attack => sendStep2s(attack, manyStructs(1_990_000)),

  /** As large, and wrong in its last byte. */
  'wrong-at-the-end': attack => {
    const update = manyStructs(1_990_000)
    // The delete set has a client, and ends there.
    update[update.length - 1] = 1
    return sendStep2s(attack, update)
  },

  /** 20 KB that held a server for 35 seconds. */
  'far-right-origins': async attack => {
    await seedLine(attack)
    await sendStep2s(attack, farRightOrigins(3_000), 8)
  },

  /** Dear, and dearer each time: every item passes all before it. */
  'same-place': attack =>
    together(8, async lane => {
      let client = 1_000_000 * (lane + 1)
      while (!attack.isOver()) {
        await onSocket(attack, lane, async socket => {
          for (let i = 0; i < 100 && isOpen(socket) && !attack.isOver(); i++) {
            const structs = Array.from({ length: 150 }, () => text({ root: 'body' }, 'a'))
            send(attack, socket, encodeMessage({ type: 'update', update: craft([{ client: client++, structs }]) }))
            await pauseMs(5)
          }
        })
      }
    }),

  /** Four bytes that ask for the whole document, which is large. */
  'step-1': async attack => {
    await sendOnce(attack, craft([{ client: 7, structs: [text({ root: 'body' }, 'x'.repeat(4_000_000))] }]))
    await together(20, async lane => {
      const ask = encodeMessage({ type: 'step1', stateVector: Uint8Array.of(0) })
      while (!attack.isOver()) {
        await onSocket(attack, lane, async socket => {
          for (let i = 0; i < 20 && isOpen(socket); i++) {
            send(attack, socket, ask)
            await pauseMs(10)
          }
        })
      }
    })
  },

  /** As many updates as the socket takes. */
  'update-flood': attack =>
    together(10, async lane => {
      while (!attack.isOver()) {
        await onSocket(attack, lane, async socket => {
          const ydoc = new Y.Doc()
          ydoc.on('update', (update: Uint8Array) => send(attack, socket, encodeMessage({ type: 'update', update })))
          while (isOpen(socket) && !attack.isOver()) {
            for (let i = 0; i < 20; i++) ydoc.getMap('meta').set('flood', i)
            await pauseMs(20)
          }
        })
      }
    }),

  /** Presence of 4 KB, hundreds of times a second, and removals of everybody. */
  'presence-flood': attack =>
    together(20, async lane => {
      while (!attack.isOver()) {
        await onSocket(attack, lane, async socket => {
          for (let clock = 1; isOpen(socket) && !attack.isOver(); clock++) {
            const state = JSON.stringify({ user: 'x'.repeat(4_000), clock })
            const entries = [{ clientId: 5_000 + lane, clock, state }]
            for (let i = 0; i < 20; i++) entries.push({ clientId: i, clock: 2 ** 40, state: 'null' })
            send(attack, socket, encodeMessage({ type: 'awareness', update: encodeAwareness(entries) }))
            await pauseMs(3)
          }
        })
      }
    }),

  /** A few bytes that announce millions. */
  'count-bombs': attack => {
    const frames = ['0a', '01ffffff7f', '0001ffffffff07', '01ffffff7f0100'].map(hex => Buffer.from(hex, 'hex'))
    return together(20, async lane => {
      while (!attack.isOver()) {
        await onSocket(attack, lane, async socket => {
          send(attack, socket, encodeMessage({ type: 'update', update: new Uint8Array(frames[lane % frames.length]!) }))
          await closed(socket)
        })
      }
    })
  },

  /** Values nested as deep as bytes allow, and delete ranges that descend. */
  'deep-and-descending': async attack => {
    const descending = craft([], [[1, ...Array.from({ length: 100_000 }, (_, i) => [200_000 - 2 * i, 1] as const)]])
    let deep: unknown = 1
    for (let i = 0; i < 3_000; i++) deep = [deep]
    const nested = craft([{ client: 9, structs: [any({ root: 'meta', key: 'a' }, deep)] }])
    await Promise.all([sendStep2s(attack, descending, 4), sendStep2s(attack, nested, 4)])
  },

  /** Sockets that come and go. */
  churn: attack =>
    together(20, async lane => {
      while (!attack.isOver()) await onSocket(attack, lane, async () => undefined)
    }),

  /** Long messages that never end. */
  'half-chunks': attack =>
    together(40, async lane => {
      const part = new Uint8Array(256 * 1024)
      while (!attack.isOver()) {
        await onSocket(
          attack,
          lane,
          async socket => {
            for (let i = 0; i < 60 && isOpen(socket) && !attack.isOver(); i++) {
              const chunk: Message = { type: 'chunk', offset: i * part.length, total: 17 << 20, bytes: part }
              send(attack, socket, encodeMessage(chunk))
              await pauseMs(20)
            }
            await Promise.race([closed(socket), pauseMs(2_000)])
          },
          ['sheaf.v1'],
        )
      }
    }),
}

function manyStructs(count: number): Uint8Array {
  const structs = Array.from({ length: count }, (_, i) => text(i === 0 ? { root: 'body' } : { right: [7, i - 1] }, 'a'))
  return craft([{ client: 7, structs }])
}

function farRightOrigins(count: number): Uint8Array {
  const structs = Array.from({ length: count }, (_, i) => text({ origin: [500, 0], right: [500, i + 2] }, 'a'))
  return craft([{ client: 9, structs }])
}

function seedLine(attack: Attack): Promise<void> {
  return sendOnce(attack, craft([{ client: 500, structs: [text({ root: 'body' }, 'x'.repeat(10_000))] }]))
}

function sendOnce(attack: Attack, update: Uint8Array): Promise<void> {
  return onSocket(attack, 0, async socket => {
    send(attack, socket, encodeMessage({ type: 'step2', update }))
    await roundTrip(socket)
    await pauseMs(500)
  })
}

/** Sends one step 2 again and again, over some sockets at once, as soon as the one before was judged. */
function sendStep2s(attack: Attack, update: Uint8Array, sockets = 2): Promise<void> {
  const frame = encodeMessage({ type: 'step2', update })
  return together(sockets, async lane => {
    while (!attack.isOver()) {
      await onSocket(attack, lane, async socket => {
        send(attack, socket, frame)
        await Promise.race([closed(socket), roundTrip(socket).then(() => pauseMs(200))])
      })
    }
  })
}

async function together(count: number, run: (lane: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, lane) => run(lane)))
}

/** Opens a socket, of one of eight addresses, and closes it when `use` has ended. A server that refuses it is asked again. */
async function onSocket(
  { url, documentId, tally }: Attack,
  lane: number,
  use: (socket: WebSocket) => Promise<void>,
  protocols: string[] = [],
): Promise<void> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws/${documentId}`, protocols, {
    perMessageDeflate: false,
    localAddress: `127.0.0.${2 + (lane % 8)}`,
  })
  const ended = closed(socket)
  socket.on('error', () => undefined)
  const isOpened = await Promise.race([
    new Promise<boolean>(resolve => socket.once('open', () => resolve(true))),
    ended.then(() => false),
  ])
  if (!isOpened) return pauseMs(20)
  tally.sockets += 1
  await use(socket)
  socket.terminate()
  await ended
}

function send({ tally }: Attack, socket: WebSocket, frame: Uint8Array): void {
  if (!isOpen(socket)) return
  tally.frames += 1
  socket.send(frame)
}

function isOpen(socket: WebSocket): boolean {
  return socket.readyState === WebSocket.OPEN
}

function closed(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return Promise.resolve()
  return new Promise(resolve => socket.once('close', () => resolve()))
}

/** Resolves when the server has read everything, or has closed. */
function roundTrip(socket: WebSocket): Promise<void> {
  if (!isOpen(socket)) return Promise.resolve()
  socket.ping()
  return Promise.race([new Promise<void>(resolve => socket.once('pong', () => resolve())), closed(socket)])
}

function pauseMs(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
