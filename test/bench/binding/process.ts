// The process of a subject: it waits for requests and answers each. This file is both sides: what starts the process, and what runs in it.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { repositoryRoot } from '../../helpers/sources.ts'
import type { Size } from './measure.ts'
import type { Act, Sample } from './session.ts'

export const subjectNames = ['Sheaf', 'ProseMirror', 'y-prosemirror', 'y-tiptap'] as const
export type SubjectName = (typeof subjectNames)[number]

export type Request =
  | { readonly do: 'warm up'; readonly times: number }
  | { readonly do: 'open'; readonly size: Size }
  | { readonly do: 'act'; readonly act: Act; readonly times: number }
  | { readonly do: 'close' }
  | { readonly do: 'weigh'; readonly size: Size }

export interface Answers {
  'warm up': Record<never, never>
  /** What the Y.Doc alone takes in megabytes, several times; empty where there is none. */
  open: { readonly heapMB: readonly number[] }
  act: { readonly samples: readonly Sample[] }
  /** It is an error where the two people do not show the same by then. */
  close: Record<never, never>
  weigh: Weight
}

/** What one document takes: its encoded state (V1) in bytes; its Y.Doc alone, and open in an editor, in megabytes of heap. */
export interface Weight {
  readonly stateBytes: number
  readonly ydocMB: number
  readonly editorMB: number
}

export class BenchProcess {
  readonly name: SubjectName
  readonly #child: ChildProcess

  private constructor(name: SubjectName, child: ChildProcess) {
    this.name = name
    this.#child = child
  }

  static async start(name: SubjectName): Promise<BenchProcess> {
    const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), [name], {
      cwd: repositoryRoot,
      execArgv: ['--expose-gc', '--import', 'tsx', '--max-old-space-size=4096'],
    })
    await once(child, 'message')
    return new BenchProcess(name, child)
  }

  /** @throws Error where the process could not do it; it is gone then. */
  async ask<R extends Request>(request: R): Promise<Answers[R['do']]> {
    const waiting = new AbortController()
    const answered = once(this.#child, 'message', waiting)
    const ended = once(this.#child, 'exit', waiting)
    this.#child.send(request)
    const [answer] = await Promise.race([answered, ended.then(() => [null])])
    waiting.abort()
    await Promise.allSettled([answered, ended])
    if (answer === null) throw new Error(`The process of ${this.name} ended at “${request.do}”`)
    return answer as Answers[R['do']]
  }

  stop(): void {
    this.#child.kill()
  }
}
