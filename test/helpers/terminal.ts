// The terminal of a command that runs in the test's own process: what it prints, what it is given to read, and the person at it.

import type { Terminal } from '../../server/src/cli/terminal.ts'

export class TestTerminal implements Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly pid = 4711
  readonly runtime = 'node 0.0.0'
  readonly isInteractive: boolean
  readonly isInputInteractive = false
  /** What is on standard input. */
  input = ''
  output = ''
  errors = ''
  stop: (signal: string) => void = () => undefined
  crash: (cause: unknown) => void = () => undefined
  /** What is done in a program that has the terminal to itself. @returns its exit code. */
  program: (command: string, argument: string) => Promise<number> = async () => 127

  constructor(isInteractive = false, env: Readonly<Record<string, string>> = {}) {
    this.isInteractive = isInteractive
    this.env = env
  }

  async read(): Promise<string> {
    return this.input
  }

  async *lines(): AsyncGenerator<string> {
    yield* this.input.split('\n')
  }

  run(command: string, argument: string): Promise<number> {
    return this.program(command, argument)
  }

  out(text: string): void {
    this.output += text
  }

  err(text: string): void {
    this.errors += text
  }

  onStop(f: (signal: string) => void): void {
    this.stop = f
  }

  onCrash(f: (cause: unknown) => void): void {
    this.crash = f
  }
}
