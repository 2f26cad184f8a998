// The real server, built and run as a process of its own: started on a free port of loopback, killed, started again on the
// same data and port. `npm run build` must have been run; the vitest setup (test/helpers/build.ts) sees to that.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The command under test; SHEAF_TEST_BIN points to another build of it. */
export const bin = process.env.SHEAF_TEST_BIN ?? fileURLToPath(new URL('../../server/bin/sheaf.mjs', import.meta.url))
const startTimeoutMs = 30_000

export interface ServerProcessOptions {
  /** More arguments of `sheaf serve`; `--open` is always there. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Data directory; a temporary one is made, and removed by `dispose`, when it is absent. */
  readonly data?: string
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export class ServerProcess {
  readonly data: string
  readonly #options: ServerProcessOptions
  readonly #ownsData: boolean
  #child: ChildProcess | undefined
  #port = 0
  #log = ''

  private constructor(data: string, ownsData: boolean, options: ServerProcessOptions) {
    this.data = data
    this.#ownsData = ownsData
    this.#options = options
  }

  static async start(options: ServerProcessOptions = {}): Promise<ServerProcess> {
    const data = options.data ?? (await mkdtemp(join(tmpdir(), 'sheaf-test-')))
    const server = new ServerProcess(data, options.data === undefined, options)
    await server.start()
    return server
  }

  /** `http://127.0.0.1:<port>`; the port stays over restarts. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get port(): number {
    return this.#port
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Everything that all runs so far wrote to standard error. */
  get log(): string {
    return this.#log
  }

  get isRunning(): boolean {
    return this.#child !== undefined
  }

  /** Resolves when the ready line came. @throws Error with the log when it does not. */
  async start(): Promise<void> {
    if (this.#child !== undefined) throw new TypeError('The server runs already.')
    const listen = `127.0.0.1:${this.#port}`
    const args = [
      bin,
      'serve',
      '--open',
      '--json',
      '--listen',
      listen,
      '--data',
      this.data,
      ...(this.#options.args ?? []),
    ]
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...this.#options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    child.once('exit', () => {
      if (this.#child === child) this.#child = undefined
    })
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text
    })
    this.#port = await readyPort(child, () => this.#log)
  }

  /** kill -9: nothing in the process gets to run again. Resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** SIGTERM: the server drains. Resolves with its exit. */
  async stop(): Promise<Exit> {
    return this.#end('SIGTERM')
  }

  /** Ends the server and removes the data directory that it made. */
  async dispose(): Promise<void> {
    await this.kill()
    if (this.#ownsData) await rm(this.data, { recursive: true, force: true })
  }

  async #end(signal: NodeJS.Signals): Promise<Exit> {
    const child = this.#child
    if (child === undefined) return { code: 0, signal: null }
    const exited = once(child, 'exit')
    child.kill(signal)
    const [code, exitSignal] = (await exited) as [number | null, NodeJS.Signals | null]
    return { code, signal: exitSignal }
  }
}

function readyPort(child: ChildProcess, log: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = ''
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`No ready line within ${startTimeoutMs} ms.\n${output}\n${log()}`))
    }, startTimeoutMs)
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const end = output.indexOf('\n')
      if (end < 0) return
      clearTimeout(timer)
      const line = output.slice(0, end)
      try {
        const ready = JSON.parse(line) as { readonly event: string; readonly port: number }
        if (ready.event !== 'listening') throw new Error(`The first event is ${ready.event}.`)
        resolve(ready.port)
      } catch (cause) {
        reject(new Error(`Not a ready line: ${line}`, { cause }))
      }
    })
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      reject(new Error(`The server ended before it was ready (${signal ?? code}).\n${log()}`))
    })
  })
}
