// Real disks that fail below a real server, and what a client shows: syncs that fail or take long (strace lets the system calls of
// the running server fail), and a file system that is full (a small tmpfs). What must hold: nothing is called saved that a
// kill -9 takes away, the status says within two seconds that nothing is being saved, and afterwards every edit arrives.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDocument, type SheafDocument } from '@sheaf/client'
import { createDocument, readDocument } from '../helpers/documents.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { newToken, Oracle, tokensIn } from './oracle.ts'

export interface FailingDiskReport {
  readonly edits: number
  /** Acknowledged while the disk was in trouble or before, and gone after kill -9. */
  readonly falseAcknowledgements: number
  /** From the first edit that the disk did not take to the status that says so; -1 when it never did. */
  readonly shownAfterMs: number
  readonly cause: string
  /** True when every edit was saved in the end, and is there. */
  readonly arrived: boolean
}

export type Outcome = FailingDiskReport | { readonly notMeasured: string }

const typingMs = 20
const troubleMs = 2_500

/** Every sync of the server fails, for a while; then it is killed in the middle of it. */
export function failingSyncs(): Promise<Outcome> {
  return withStrace('error=EIO', true)
}

/** Every sync takes two seconds, for a while. */
export function slowSyncs(): Promise<Outcome> {
  return withStrace('delay_enter=2000000', false)
}

/** No byte is left on the file system, for a while. */
export async function fullDisk(): Promise<Outcome> {
  const mount = await mkdtemp(join(tmpdir(), 'sheaf-full-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', mount], { stdio: 'ignore' })
  } catch {
    await rm(mount, { recursive: true, force: true })
    return { notMeasured: 'a file system cannot be mounted by this user' }
  }
  const filler = join(mount, 'filler')
  try {
    return await inTrouble({
      data: join(mount, 'data'),
      begin: async () => {
        // All that is left, whatever it is.
        for (let bytes = 4 * 1024 * 1024; bytes >= 1; bytes = Math.floor(bytes / 2)) {
          for (;;) {
            try {
              await writeFile(filler, new Uint8Array(bytes), { flag: 'a' })
            } catch {
              break
            }
          }
        }
      },
      end: () => rm(filler, { force: true }),
      killsMeanwhile: false,
    })
  } finally {
    execFileSync('umount', ['-l', mount], { stdio: 'ignore' })
    await rm(mount, { recursive: true, force: true })
  }
}

async function withStrace(injection: string, killsMeanwhile: boolean): Promise<Outcome> {
  try {
    execFileSync('strace', ['-V'], { stdio: 'ignore' })
  } catch {
    return { notMeasured: 'strace is not installed' }
  }
  let tracer: ChildProcess | undefined
  return inTrouble({
    begin: async server => {
      const calls = 'fdatasync,fsync'
      const args = ['-f', '-p', String(server.pid), '-e', `trace=${calls}`, '-e', `inject=${calls}:${injection}`]
      tracer = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] })
      // It says so when it has got hold of the process.
      await once(tracer.stderr!, 'data')
    },
    end: async () => {
      const ending = tracer
      tracer = undefined
      // It ends by itself when the server does.
      if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return
      const ended = once(ending, 'exit')
      ending.kill('SIGINT')
      await ended
    },
    killsMeanwhile,
  })
}

interface Trouble {
  readonly data?: string
  readonly begin: (server: ServerProcess) => Promise<void>
  readonly end: () => Promise<void>
  /** kill -9 while the disk is in trouble; otherwise when everything has arrived. */
  readonly killsMeanwhile: boolean
}

async function inTrouble({ data, begin, end, killsMeanwhile }: Trouble): Promise<FailingDiskReport> {
  const args = ['--limits', 'off', '--log-level', 'silent']
  const server = await ServerProcess.start(data === undefined ? { args } : { args, data })
  const oracle = new Oracle()
  let document: SheafDocument | undefined
  try {
    await createDocument(server.url, 'doc')
    const identity = { id: 'ann', name: 'Ann' }
    document = openDocument({ url: server.url, documentId: 'doc', identity, offline: null })
    await document.synced
    const typing = keepTyping(document, oracle)
    await pause(300)
    await begin(server)
    const begunMs = performance.now()
    let shownAfterMs = -1
    let cause = ''
    document.onStatus(({ storage, storageCause }) => {
      if (storage !== 'failing' || shownAfterMs >= 0) return
      shownAfterMs = Math.round(performance.now() - begunMs)
      cause = storageCause ?? ''
    })
    await pause(troubleMs)
    let lost = 0
    if (killsMeanwhile) {
      await server.kill()
      await end()
      await server.start()
      lost += oracle.judge([await textOf(server)]).lost.length
    } else {
      await end()
    }
    const edits = typing.stop()
    const arrived = await Promise.race([document.saved().then(() => true), pause(20_000).then(() => false)])
    await server.kill()
    await server.start()
    const text = await textOf(server)
    lost += oracle.judge([text]).lost.length
    const isThere = tokensIn(text).length === edits
    return { edits, falseAcknowledgements: lost, shownAfterMs, cause, arrived: arrived && isThere }
  } finally {
    await end().catch(() => undefined)
    await document?.close()
    await server.dispose()
  }
}

function keepTyping(document: SheafDocument, oracle: Oracle): { stop: () => number } {
  let count = 0
  const timer = setInterval(() => {
    const token = newToken(1, count++)
    oracle.typed(token)
    const body = document.ydoc.getText('body')
    body.insert(body.length, token)
    document.saved().then(
      () => oracle.acknowledge(token, 'typed'),
      () => undefined,
    )
  }, typingMs)
  return {
    stop() {
      clearInterval(timer)
      return count
    },
  }
}

async function textOf(server: ServerProcess): Promise<string> {
  return (await readDocument(server.url, 'doc')).getText('body').toString()
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
