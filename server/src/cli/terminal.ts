// What a command sees of its process; process.ts hands over the real one, tests a small one.

import type { WebFiles } from '../http/static.ts'
import type { WorkerScript } from '../worker.ts'

/** What was built beside the program, or into it. */
export interface BuiltParts {
  readonly compactionWorker: WorkerScript
  /** In which large updates are looked at. */
  readonly gateWorker: WorkerScript
  /** In which files are converted. */
  readonly convertWorker: WorkerScript
  /** The web app. Default: `web/dist` of this workspace. */
  readonly web?: WebFiles
}

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly pid: number
  /** Name and version of what runs us: `node 20.20.2`. */
  readonly runtime: string
  /** Absent when it runs from its sources: what workers would do is done in this thread. */
  readonly built?: BuiltParts
  /** True when a person reads what `err` writes. */
  readonly isInteractive: boolean
  /** True when a person types what `read` reads. */
  readonly isInputInteractive: boolean
  /** All of standard input, as UTF-8. */
  read(): Promise<string>
  /** Its lines, each as it comes. */
  lines(): AsyncIterable<string>
  /**
   * Runs a command line of the shell, which has the terminal to itself meanwhile.
   * @param argument stands behind it, as one word.
   * @returns its exit code.
   */
  run(command: string, argument: string): Promise<number>
  out(text: string): void
  err(text: string): void
  /** Calls `f` for each request to stop (SIGINT, SIGTERM, SIGHUP). */
  onStop(f: (signal: string) => void): void
  /** Calls `f` for an error that nobody caught; without it the process would end at once. */
  onCrash(f: (cause: unknown) => void): void
}
