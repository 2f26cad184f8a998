// A TCP proxy before a server: a network that can be cut, held still and mended while both ends believe in it.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

export class TcpProxy {
  readonly #server: Server
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  #targetPort: number
  #isCut = false
  #isStill = false

  private constructor(server: Server, targetPort: number) {
    this.#server = server
    this.#targetPort = targetPort
    server.on('connection', socket => this.#join(socket))
  }

  static async start(targetPort: number): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new TcpProxy(server, targetPort)
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Where new connections go. */
  set targetPort(port: number) {
    this.#targetPort = port
  }

  get connections(): number {
    return this.#pairs.size
  }

  /** Ends every connection with a reset, and refuses new ones until `mend`. */
  cut(): void {
    this.#isCut = true
    for (const [near, far] of this.#pairs) {
      near.resetAndDestroy()
      far.resetAndDestroy()
    }
  }

  mend(): void {
    this.#isCut = false
  }

  /** Reads from nobody until `flow`: connections stay open, bytes pile up at both ends. */
  holdStill(): void {
    this.#isStill = true
    for (const pair of this.#pairs) for (const socket of pair) socket.pause()
  }

  flow(): void {
    this.#isStill = false
    for (const pair of this.#pairs) for (const socket of pair) socket.resume()
  }

  async close(): Promise<void> {
    this.cut()
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }

  #join(near: Socket): void {
    // A reset is how a cut connection ends; both ends learn it from `close`.
    near.on('error', () => undefined)
    if (this.#isCut) return void near.resetAndDestroy()
    const far = connect({ port: this.#targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    near.setNoDelay(true)
    far.on('error', () => near.resetAndDestroy())
    const pair = [near, far] as const
    this.#pairs.add(pair)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', bytes => {
        if (!to.write(bytes)) from.pause()
      })
      to.on('drain', () => {
        if (!this.#isStill) from.resume()
      })
      from.on('end', () => to.end())
      from.on('close', () => {
        to.destroy()
        this.#pairs.delete(pair)
      })
      if (this.#isStill) from.pause()
    }
  }
}
