// A WebSocket client for making load: no event objects, no copies, no timers, so that hundreds of them fit on one core beside a server
// that is measured. Reads what servers send (RFC 6455, no extensions), answers pings, and hands over each binary payload.

import { connect, type Socket as TcpSocket } from 'node:net'

const mask = Buffer.from([0x37, 0x5a, 0x21, 0x9c])

export class LoadSocket {
  /** Called with a view that holds only until the call returns. */
  onFrame: (payload: Buffer) => void = () => undefined
  onClose: (code: number) => void = () => undefined
  frames = 0
  bytes = 0
  readonly #tcp: TcpSocket
  #rest: Buffer | undefined
  #closeCode = 1006

  private constructor(tcp: TcpSocket) {
    this.#tcp = tcp
  }

  /** @throws Error when the server answers with anything but 101. */
  static open(port: number, path: string, protocol?: string): Promise<LoadSocket> {
    const tcp = connect({ host: '127.0.0.1', port, noDelay: true })
    const socket = new LoadSocket(tcp)
    return new Promise((resolve, reject) => {
      tcp.once('error', reject)
      tcp.once('connect', () => {
        const offer = protocol === undefined ? '' : `Sec-WebSocket-Protocol: ${protocol}\r\n`
        tcp.write(
          `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
            `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${offer}\r\n`,
        )
      })
      let head = Buffer.alloc(0)
      const onHead = (data: Buffer) => {
        head = Buffer.concat([head, data])
        const end = head.indexOf('\r\n\r\n')
        if (end < 0) return
        tcp.off('data', onHead)
        tcp.off('error', reject)
        if (!head.toString('latin1', 0, 12).endsWith('101')) {
          tcp.destroy()
          return reject(new Error(head.toString('latin1', 0, 200)))
        }
        tcp.on('data', received => socket.#receive(received))
        tcp.on('error', () => undefined)
        tcp.on('close', () => socket.onClose(socket.#closeCode))
        resolve(socket)
        // Whoever has asked for the socket gets to listen before the first frame is read.
        if (head.length > end + 4) setImmediate(() => socket.#receive(head.subarray(end + 4)))
      }
      tcp.on('data', onHead)
    })
  }

  /** One binary frame. */
  send(payload: Uint8Array): void {
    this.#tcp.write(masked(2, payload))
  }

  /** Several frames in one write. */
  sendAll(payloads: readonly Uint8Array[]): void {
    this.#tcp.write(Buffer.concat(payloads.map(payload => masked(2, payload))))
  }

  /** Reads nothing more until it is resumed: the peer's bytes fill the buffers of the system and then the peer's own. */
  pause(): void {
    this.#tcp.pause()
  }

  resume(): void {
    this.#tcp.resume()
  }

  destroy(): void {
    this.onClose = () => undefined
    this.#tcp.destroy()
  }

  #receive(data: Buffer): void {
    let buffer = this.#rest === undefined ? data : Buffer.concat([this.#rest, data])
    this.#rest = undefined
    let at = 0
    while (buffer.length - at >= 2) {
      let length = buffer[at + 1]! & 0x7f
      let start = at + 2
      if (length === 126) {
        if (buffer.length - at < 4) break
        length = buffer.readUInt16BE(at + 2)
        start = at + 4
      } else if (length === 127) {
        if (buffer.length - at < 10) break
        length = Number(buffer.readBigUInt64BE(at + 2))
        start = at + 10
      }
      if (buffer.length < start + length) break
      this.#take(buffer[at]!, buffer.subarray(start, start + length))
      at = start + length
    }
    if (at < buffer.length) {
      buffer = buffer.subarray(at)
      this.#rest = buffer
    }
  }

  #take(head: number, payload: Buffer): void {
    const opcode = head & 0x0f
    if (head < 0x80 || opcode === 0) throw new Error('Fragments are not read here.')
    if (opcode === 2) {
      this.frames += 1
      this.bytes += payload.length
      this.onFrame(payload)
    } else if (opcode === 9) this.#tcp.write(masked(10, payload))
    else if (opcode === 8) {
      this.#closeCode = payload.length >= 2 ? payload.readUInt16BE(0) : 1005
      this.#tcp.end(masked(8, payload.subarray(0, 2)))
    }
  }
}

function masked(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload
  const headBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(headBytes + 4 + length)
  frame[0] = 0x80 | opcode
  if (headBytes === 2) frame[1] = 0x80 | length
  else if (headBytes === 4) {
    frame[1] = 0x80 | 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 0x80 | 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  mask.copy(frame, headBytes)
  for (let i = 0, at = headBytes + 4; i < length; i++, at++) frame[at] = payload[i]! ^ mask[i & 3]!
  return frame
}
