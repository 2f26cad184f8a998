// What goes out to one socket, and how much of it may wait. Bytes wait in the socket itself, never here: above the soft
// bound the room stops forwarding ("behind"), and when the socket has drained it gets one difference instead of what was
// left out. No update is dropped while the socket stays open. Large shared frames (snapshots, pastes) do not count, because
// all sockets hold the same bytes.

import { chunkBytes, type Limits } from '@sheaf/protocol'
import type { Clock } from '../clock.ts'
import type { Channel } from './ports.ts'

/** A forwarded frame of at least this size is not counted as bytes of the socket's own. */
const largeFrameBytes = 64 * 1024

/** How long a socket may be behind; while a large frame goes out, how long it may take for each {@link chunkBytes}. */
const behindMs = 30_000

/** A run of the byte stream that does not count; positions from the first byte that was ever sent. */
interface Uncounted {
  readonly from: number
  readonly to: number
}

export class Outbound {
  readonly #channel: Channel
  readonly #limits: Limits
  readonly #clock: Clock
  #sentBytes = 0
  #uncounted: Uncounted[] = []
  #lastSentMs: number
  /** When this socket was last seen to keep up; moves on while large frames go out. */
  #aliveMs = 0
  #aliveBufferedBytes = 0
  #behind = false

  constructor(channel: Channel, limits: Limits, clock: Clock) {
    this.#channel = channel
    this.#limits = limits
    this.#clock = clock
    this.#lastSentMs = clock.monotonicMs()
  }

  /** Sends a frame of this socket's own. */
  send(frame: Uint8Array): void {
    this.#write(frame, false)
  }

  /** Sends a frame that many sockets share. */
  sendShared(frame: Uint8Array): void {
    this.#write(frame, frame.byteLength >= largeFrameBytes)
  }

  /** Sends the frames of one answer to step 1, or of one difference: whatever their size, they do not count. */
  sendState(frames: readonly Uint8Array[]): void {
    for (const frame of frames) this.#write(frame, true)
  }

  /** True while nothing may be forwarded, because too much is waiting. Looked at after every forwarded frame. */
  get isFull(): boolean {
    return this.#channel.bufferedBytes > this.#limits.softSendBytes
  }

  /** True once the socket has taken enough for a difference to be worth sending. */
  get isDrained(): boolean {
    return this.#channel.bufferedBytes <= this.#limits.softSendBytes / 4
  }

  get isBehind(): boolean {
    return this.#behind
  }

  /** Nothing is forwarded from now on. */
  fallBehind(): void {
    this.#behind = true
    this.#aliveMs = this.#clock.monotonicMs()
    this.#aliveBufferedBytes = this.#channel.bufferedBytes
  }

  catchUp(): void {
    this.#behind = false
  }

  /** True when the socket must be closed with `slow-consumer`. */
  get isHopeless(): boolean {
    if (this.#ownBytes() > this.#limits.hardSendBytes) return true
    if (!this.#behind) return false
    const buffered = this.#channel.bufferedBytes
    if (this.#uncounted.length > 0 && this.#aliveBufferedBytes - buffered >= chunkBytes) {
      this.#aliveMs = this.#clock.monotonicMs()
      this.#aliveBufferedBytes = buffered
    }
    return this.#clock.monotonicMs() - this.#aliveMs >= behindMs
  }

  /** Milliseconds since the last frame. */
  get silentMs(): number {
    return this.#clock.monotonicMs() - this.#lastSentMs
  }

  #write(frame: Uint8Array, uncounted: boolean): void {
    const from = this.#sentBytes
    this.#sentBytes += frame.byteLength
    this.#lastSentMs = this.#clock.monotonicMs()
    if (uncounted) this.#uncounted.push({ from, to: this.#sentBytes })
    this.#channel.send(frame)
  }

  /** Bytes that wait for this socket alone. */
  #ownBytes(): number {
    const buffered = this.#channel.bufferedBytes
    if (this.#uncounted.length === 0) return buffered
    const gone = this.#sentBytes - buffered
    this.#uncounted = this.#uncounted.filter(run => run.to > gone)
    return this.#uncounted.reduce((own, run) => own - (run.to - Math.max(run.from, gone)), buffered)
  }
}
