// A server under measurement: a process of its own, kept on the first core where the system can do that, while the load runs on
// the others. What it costs is read from /proc, so it is the same clock for every server whatever language it is in.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const hasTaskset = cpus().length > 1 && spawnSync('taskset', ['--version']).status === 0
const startTimeoutMs = 30_000
const stopTimeoutMs = 30_000
const collector = fileURLToPath(new URL('collect.cjs', import.meta.url))
const collectMs = 1_500

/** Keeps this process, which makes the load, off the core of the server. Call it before anything is measured. */
export function pinLoad(): void {
  if (hasTaskset) spawnSync('taskset', ['-a', '-c', '-p', `1-${cpus().length - 1}`, String(process.pid)])
}

export interface ProcessOptions {
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Finds the port in what the process has written to standard output. */
  readonly portOf: (output: string) => number | undefined
}

export class MeasuredProcess {
  readonly port: number
  readonly #child: ChildProcess
  readonly #said: { errors: string }

  private constructor(child: ChildProcess, port: number, said: { errors: string }) {
    this.#child = child
    this.port = port
    this.#said = said
  }

  /** @throws Error with what the process said when it does not get ready. */
  static async start(options: ProcessOptions): Promise<MeasuredProcess> {
    const pinned = hasTaskset ? ['taskset', '-c', '0', ...options.command] : [...options.command]
    const child = spawn(pinned[0]!, pinned.slice(1), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: `--expose-gc --require ${collector}`, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    })
    const said = { errors: '' }
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said.errors = (said.errors + text).slice(-4_000)
    })
    const port = await new Promise<number>((resolve, reject) => {
      let output = ''
      const fail = (why: string) => {
        child.kill('SIGKILL')
        reject(new Error(`${options.command.join(' ')}: ${why}\n${output}\n${said.errors}`))
      }
      const timer = setTimeout(() => fail('no port within 30 s'), startTimeoutMs)
      child.once('exit', () => fail('ended before it was ready'))
      child.stdout!.setEncoding('utf8').on('data', (text: string) => {
        output += text
        const found = options.portOf(output)
        if (found === undefined) return
        clearTimeout(timer)
        child.removeAllListeners('exit')
        // What it says from now on is of no interest, and must not fill the pipe.
        child.stdout!.removeAllListeners('data').resume()
        resolve(found)
      })
    })
    return new MeasuredProcess(child, port, said)
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** The end of what it wrote to standard error. */
  get errors(): string {
    return this.#said.errors
  }

  /** Microseconds of CPU since the start, in user and kernel mode, of all threads that are still there. */
  cpuUs(): number {
    let ns = 0
    for (const thread of readdirSync(`/proc/${this.pid}/task`)) {
      ns += Number(readFileSync(`/proc/${this.pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0])
    }
    return ns / 1_000
  }

  /** Bytes of memory that are its own at this moment. */
  residentBytes(): number {
    const kiB = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1]
    return Number(kiB) * 1024
  }

  /** The same after its garbage was collected. */
  async collectedBytes(): Promise<number> {
    this.#child.kill('SIGUSR2')
    await delay(collectMs)
    return this.residentBytes()
  }

  /** SIGTERM: an orderly stop. Whoever does not end is killed. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), stopTimeoutMs)
    await exited
    clearTimeout(timer)
  }
}
