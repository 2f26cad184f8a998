// The door for commands on a store that a server holds: HTTP on a socket in the data directory, which only the user whom the
// server belongs to may open (permissions 0600). There is nothing to sign in with; who can open the socket could read the files.

import { once } from 'node:events'
import { chmod, rm } from 'node:fs/promises'
import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { errorKinds, SheafError } from '@sheaf/protocol'
import type { Authority } from '../accounts/authority.ts'
import type { Log } from '../log.ts'
import type { LevelStore } from '../store/level.ts'
import { type CompactReport, compactAll, type VerifyReport, verify } from './tasks.ts'
import { runTokenTask, type TokenReport, type TokenTask } from './token-tasks.ts'
import { runUserTask, type UserReport, type UserTask } from './user-tasks.ts'

/** The longest path that a socket may have on every system that has them. */
const maxPathBytes = 100

const socketName = 'admin.sock'

export interface AdminOptions {
  readonly store: LevelStore
  readonly authority: Authority
  readonly data: string
  readonly log: Log
}

/** @returns closes the door; undefined where there can be none, which is logged. */
export async function openAdmin(options: AdminOptions): Promise<(() => Promise<void>) | undefined> {
  const { data, log } = options
  const path = join(data, socketName)
  if (Buffer.byteLength(path) > maxPathBytes) {
    log.warn('The path of the data directory is too long for a socket in it; commands need the server stopped', {
      path,
    })
    return undefined
  }
  // One that is there is of a server that was killed: this one owns the directory.
  await rm(path, { force: true })
  const server = createServer((request, response) => {
    answer(options, request, response).catch(error => {
      log.warn('A command on the store failed', { command: request.url, error })
      fail(response, error)
    })
  })
  server.listen(path)
  await once(server, 'listening')
  await chmod(path, 0o600)
  let closing: Promise<void> | undefined
  return () => {
    closing ??= closed(server)
    return closing
  }
}

/** The same tasks, done by the server that holds the directory. */
export interface AdminClient {
  verify(): Promise<VerifyReport>
  compact(): Promise<CompactReport>
  /** The bytes of a backup. A server that fails in the middle ends them without their last frame. */
  backup(): AsyncIterable<Uint8Array>
  user(task: UserTask): Promise<UserReport>
  token(task: TokenTask): Promise<TokenReport>
}

/** @returns undefined when no server answers there. */
export async function findAdmin(data: string): Promise<AdminClient | undefined> {
  const path = join(data, socketName)
  try {
    await readJson(await ask(path, 'ping'))
  } catch (error) {
    if (error instanceof SheafError) throw error
    return undefined
  }
  return {
    verify: async () => (await readJson(await ask(path, 'verify'))) as VerifyReport,
    compact: async () => (await readJson(await ask(path, 'compact'))) as CompactReport,
    user: async task => (await readJson(await ask(path, 'user', JSON.stringify(task)))) as UserReport,
    token: async task => (await readJson(await ask(path, 'token', JSON.stringify(task)))) as TokenReport,
    async *backup() {
      yield* await succeeded(await ask(path, 'backup'))
    },
  }
}

async function answer(
  { store, authority }: AdminOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (request.url) {
    case '/ping':
      return sendJson(response, {})
    case '/verify':
      return sendJson(response, await verify(store))
    case '/compact':
      return sendJson(response, await compactAll(store))
    case '/user':
      return sendJson(response, await runUserTask(authority, JSON.parse(await textOf(request)) as UserTask))
    case '/token':
      return sendJson(response, await runTokenTask(authority, JSON.parse(await textOf(request)) as TokenTask))
    case '/backup':
      for await (const part of store.backup()) {
        if (response.destroyed) return
        if (!response.write(part)) await Promise.race([once(response, 'drain'), once(response, 'close')])
      }
      response.end()
      return
    default:
      throw new SheafError(
        'not-found',
        'This server does not know the command; it may be older than the one that asks.',
      )
  }
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.end(JSON.stringify(body))
}

function fail(response: ServerResponse, error: unknown): void {
  const { code, message } = error instanceof SheafError ? error : new SheafError('internal')
  // Of what has begun already the missing end tells.
  if (response.headersSent) return void response.destroy()
  response.statusCode = errorKinds[code].status
  response.end(JSON.stringify({ code, detail: message }))
}

async function ask(socketPath: string, command: string, body = ''): Promise<IncomingMessage> {
  const request = httpRequest({ socketPath, path: `/${command}`, method: 'POST' })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}

async function readJson(response: IncomingMessage): Promise<unknown> {
  return JSON.parse(await textOf(await succeeded(response)))
}

async function succeeded(response: IncomingMessage): Promise<IncomingMessage> {
  if (response.statusCode === 200) return response
  const { code, detail } = JSON.parse(await textOf(response)) as { code: keyof typeof errorKinds; detail: string }
  throw new SheafError(code in errorKinds ? code : 'internal', detail)
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = ''
  response.setEncoding('utf8')
  for await (const part of response) text += part
  return text
}

/** The socket goes with it. A backup that is under way ends without its last frame, and is refused by whoever reads it. */
async function closed(server: Server): Promise<void> {
  const ended = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await ended
}
