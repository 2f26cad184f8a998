// What a command sees of its process; main.ts hands over the real one, tests a small one.

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly pid: number
  /** Name and version of what runs us: `node 20.20.2`. */
  readonly runtime: string
  /** The built compaction worker beside the running program; absent when it runs from its sources. */
  readonly compactionWorker?: URL
  /** The built worker in which large updates are looked at; without it that is done in this thread. */
  readonly gateWorker?: URL
  /** The built worker that converts files. */
  readonly convertWorker?: URL
  /** True when a person reads what `err` writes. */
  readonly isInteractive: boolean
  out(text: string): void
  err(text: string): void
  /** Calls `f` for each request to stop (SIGINT, SIGTERM, SIGHUP). */
  onStop(f: (signal: string) => void): void
  /** Calls `f` for an error that nobody caught; without it the process would end at once. */
  onCrash(f: (cause: unknown) => void): void
}
