// `/documents/:id/writers`: text that a program writes bit by bit, as a language model gives it. A writer writes on a replica of its own, under
// a client id of its own, so what people type into its text meanwhile stays; it stands in the document with its caret while it works.
// Pieces say where they belong, so that one that is sent again is written once.

import { EditError, Streamed, type StreamTarget, showable } from '@sheaf/model/edits'
import { RequestError, randomId, SheafError } from '@sheaf/protocol'
import { Hono } from 'hono'
import * as Y from 'yjs'
import { z } from 'zod'
import type { Identity } from '../accounts/authority.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Registry } from '../room/registry.ts'
import type { DocumentStore } from '../store/store.ts'
import type { Agents } from './agents.ts'
import { check, expectMediaType, readBytes, readJson } from './body.ts'
import { documentIdOf, requireRecord } from './documents.ts'
import { blockId, headingFields, runFields } from './edit-fields.ts'
import { requireEditable, sessionOf } from './editing.ts'
import { type AppEnv, authorize, methods } from './routes.ts'

export const writerRequest = z.strictObject({
  target: z
    .union(
      [
        z.strictObject({ block: blockId, edge: z.enum(['before', 'after']) }),
        z.strictObject({ ...headingFields, edge: z.enum(['before', 'start', 'end']).default('end') }),
        z.strictObject({ document: z.enum(['start', 'end']) }),
      ],
      'One of {block, edge}, {heading} and {document}',
    )
    .default({ document: 'end' }),
  run: runFields.optional(),
  /** What the program is called beside its caret, where its token has no note. */
  name: z.string().min(1).max(60).default('Agent'),
})

type WriterRequest = z.infer<typeof writerRequest>

export const pieceQuery = z.strictObject({
  /** How many bytes came before this piece. */
  at: z.coerce.number().int().min(0),
  /** With the last piece, which may be empty. */
  end: z.literal('1').optional(),
})

export interface Piece {
  readonly at: number
  readonly bytes: Uint8Array
  readonly isLast: boolean
}

export interface PieceAnswer {
  /** Bytes that have come. */
  readonly at: number
  /** Bytes of them that are in the document, on disk: not the last half word, nor what waits for its other half. */
  readonly written: number
  /** The revision of the last that was written. */
  readonly rev?: string
  /** Ids of the blocks that it stands in. */
  readonly blocks: readonly string[]
}

interface Writer {
  readonly id: string
  readonly documentId: string
  readonly identity: Identity
  readonly name: string
  readonly session: string
  readonly epoch: string
  readonly replica: Y.Doc
  readonly streamed: Streamed
  bytes: Buffer
  written: number
  rev: string | undefined
  /** What was written in the replica and is not in the document yet. */
  waiting: Uint8Array[]
  /** One piece after the other. */
  last: Promise<unknown>
  /** Before this nothing more is written. */
  restMs: number
  cancel: () => void
}

/** What is left of a writer that has ended. */
interface Ended extends Pick<Writer, 'documentId' | 'identity'> {
  readonly answer: PieceAnswer
}

/** Without a piece for so long a writer ends, with all that has come. */
const idleMs = 60_000
/** At most so often, and at most a fifth of the time, the document is written in. */
const commitMs = 50
const restFactor = 4
const maxBytes = 256 * 1024
const maxWriters = 200
const maxOfPrincipal = 8
/** Answers and client ids that are remembered; the oldest are forgotten first. */
const maxRemembered = 2_000

export interface WritersOptions {
  readonly registry: Registry
  readonly agents: Agents
  /** What is written without a request asks for the right by this. */
  readonly mayEdit: (identity: Identity, documentId: string) => Promise<boolean>
  readonly clock: Clock
  readonly log: Log
}

export class Writers {
  readonly #options: WritersOptions
  readonly #writers = new Map<string, Writer>()
  /** Of those that have ended, for who asks again because the answer was lost; as long as a writer waits. */
  readonly #ended = new Map<string, Ended>()
  /** Client ids that are free again, of each principal in each document: they are used again, so that the state vector does not grow. */
  readonly #clientIds = new Map<string, number[]>()

  constructor(options: WritersOptions) {
    this.#options = options
  }

  /** @throws RequestError `target-not-found`, `unsupported-op`; SheafError `rate-limited`. */
  async open(documentId: string, identity: Identity, { target, run, name }: WriterRequest): Promise<string> {
    this.#assertRoomFor(identity)
    const { replica, epoch } = await this.#options.registry.withRoom(documentId, async room => {
      requireEditable(room)
      return { replica: await room.at(room.revision), epoch: room.epoch }
    })
    assertTarget(replica, target)
    // Others may have begun meanwhile.
    this.#assertRoomFor(identity)
    replica.clientID = this.#clientIds.get(idsKey(documentId, identity))?.pop() ?? replica.clientID
    const writer: Writer = {
      ...{ id: randomId(16), documentId, identity, name, session: sessionOf(identity, run?.id), epoch, replica },
      streamed: new Streamed(replica, target),
      ...{ bytes: Buffer.alloc(0), written: 0, rev: undefined, waiting: [] },
      ...{ last: Promise.resolve(), restMs: 0, cancel: () => undefined },
    }
    replica.on('update', (update: Uint8Array) => writer.waiting.push(update))
    this.#writers.set(writer.id, writer)
    this.#await(writer)
    return writer.id
  }

  #assertRoomFor(identity: Identity): void {
    const { principal } = identity
    const own = [...this.#writers.values()].filter(writer => writer.identity.principal === principal)
    if (own.length < maxOfPrincipal && this.#writers.size < maxWriters) return
    throw new SheafError('rate-limited', 'Too many texts are being written; end one of them first.', {
      details: { limit: maxOfPrincipal },
    })
  }

  /** Resolves when what can be shown of it is on disk; with the last piece, all. */
  async write(documentId: string, identity: Identity, id: string, piece: Piece): Promise<PieceAnswer> {
    const ended = this.#ended.get(id)
    if (piece.isLast && ended !== undefined && isOf(ended, documentId, identity)) return ended.answer
    const writer = this.#writerOf(documentId, identity, id)
    return this.#inTurn(writer, async () => {
      const { at, bytes, isLast } = piece
      const has = writer.bytes.byteLength
      if (at > has) {
        throw new SheafError('precondition-failed', `${has} bytes have come; go on from there.`, {
          details: { at: has },
        })
      }
      if (at + bytes.byteLength > maxBytes) {
        throw new SheafError('too-large', `A text has at most ${maxBytes} bytes.`, { details: { limit: maxBytes } })
      }
      writer.bytes = Buffer.concat([writer.bytes, bytes.subarray(Math.min(has - at, bytes.byteLength))])
      await this.#show(writer, isLast)
      const { written, rev, streamed } = writer
      const answer = { at: writer.bytes.byteLength, written, ...(rev && { rev }), blocks: streamed.blocks }
      if (!isLast) {
        this.#await(writer)
        return answer
      }
      this.#forget(writer)
      this.#ended.set(id, { documentId, identity, answer })
      forgetOldest(this.#ended)
      this.#options.clock.after(idleMs, () => this.#ended.delete(id))
      return answer
    })
  }

  /** Takes away what was written, and nothing that others wrote in it. */
  drop(documentId: string, identity: Identity, id: string): Promise<void> {
    const writer = this.#writerOf(documentId, identity, id)
    return this.#inTurn(writer, async () => {
      writer.streamed.remove()
      await this.#commit(writer)
      this.#forget(writer)
    })
  }

  /** Resolves when all that has come is on disk. */
  async close(): Promise<void> {
    await Promise.all([...this.#writers.values()].map(writer => this.#end(writer)))
  }

  /** @throws SheafError `not-found`, for what is somebody else's too. */
  #writerOf(documentId: string, identity: Identity, id: string): Writer {
    const writer = this.#writers.get(id)
    if (writer !== undefined && isOf(writer, documentId, identity)) return writer
    throw new SheafError('not-found', 'There is no such writer, or it has ended.')
  }

  #inTurn<T>(writer: Writer, run: () => Promise<T>): Promise<T> {
    const turn = writer.last.then(() => {
      // It may have ended while this waited.
      this.#writerOf(writer.documentId, writer.identity, writer.id)
      return run()
    })
    writer.last = turn.catch(() => undefined)
    return turn
  }

  async #show(writer: Writer, isLast: boolean): Promise<void> {
    const { clock } = this.#options
    const waitMs = writer.restMs - clock.monotonicMs()
    if (waitMs > 0 && !isLast) await new Promise<void>(resolve => clock.after(waitMs, resolve))
    const startMs = clock.monotonicMs()
    const text = new TextDecoder().decode(writer.bytes)
    const shown = isLast ? text : showable(text)
    writer.streamed.say(shown)
    await this.#commit(writer)
    writer.written = isLast ? writer.bytes.byteLength : Buffer.byteLength(shown)
    const endMs = clock.monotonicMs()
    writer.restMs = endMs + Math.max(commitMs, restFactor * (endMs - startMs))
  }

  async #commit(writer: Writer): Promise<void> {
    const { registry, agents } = this.#options
    const { documentId, identity, name, session, waiting } = writer
    await agents.during(documentId, { identity, name }, async stand => {
      if (waiting.length > 0) {
        const update = Y.mergeUpdates(waiting)
        writer.rev = await registry.withRoom(documentId, async room => {
          if (room.epoch !== writer.epoch) throw new RequestError('epoch-mismatch')
          const { revision } = await room.submit(update, 'api', { principal: identity.principal, session })
          return `${room.epoch}.${revision}`
        })
        writer.waiting = []
      }
      stand(writer.streamed.caret())
    })
  }

  #await(writer: Writer): void {
    writer.cancel()
    writer.cancel = this.#options.clock.after(idleMs, () => void this.#end(writer))
  }

  /** With all that has come. */
  async #end(writer: Writer): Promise<void> {
    try {
      await this.#inTurn(writer, async () => {
        if (await this.#options.mayEdit(writer.identity, writer.documentId)) await this.#show(writer, true)
      })
    } catch (cause) {
      this.#options.log.warn('The end of a text could not be written', { cause, documentId: writer.documentId })
    }
    this.#forget(writer)
  }

  #forget(writer: Writer): void {
    if (!this.#writers.delete(writer.id)) return
    writer.cancel()
    writer.replica.destroy()
    // What was not acknowledged may still come to the disk, and its ids must never be given again.
    if (writer.waiting.length > 0) return
    const key = idsKey(writer.documentId, writer.identity)
    this.#clientIds.set(key, [...(this.#clientIds.get(key) ?? []), writer.replica.clientID])
    forgetOldest(this.#clientIds)
  }
}

export interface WriterRoutesOptions {
  readonly store: DocumentStore
  readonly writers: Writers
  readonly maxRequestBytes: number
}

export function writerRoutes({ store, writers, maxRequestBytes }: WriterRoutesOptions): Hono<AppEnv> {
  const app = new Hono<AppEnv>()

  methods(app, '/documents/:id/writers', {
    POST: async c => {
      const documentId = documentIdOf(c)
      await requireRecord(store, documentId)
      const request = await readJson(c.req.raw, { schema: writerRequest, maxBytes: maxRequestBytes })
      const writer = await writers.open(documentId, c.get('identity'), request)
      return c.json({ writer, at: 0, endsAfterS: idleMs / 1000, maxBytes }, 201)
    },
  })

  methods(app, '/documents/:id/writers/:writer', {
    POST: async c => {
      const documentId = documentIdOf(c)
      expectMediaType(c.req.raw, ['text/markdown', 'text/plain'])
      const { at, end } = check(pieceQuery, c.req.query())
      const bytes = await readBytes(c.req.raw, maxBytes)
      // A body may take its time; meanwhile the right may have gone.
      await authorize(c, 'POST /documents/:id/writers/:writer')
      await requireRecord(store, documentId)
      const piece = { at, bytes, isLast: end !== undefined }
      const answer = await writers.write(documentId, c.get('identity'), c.req.param('writer') ?? '', piece)
      if (answer.rev !== undefined) c.header('document-revision', answer.rev)
      return c.json(answer)
    },
    DELETE: async c => {
      await writers.drop(documentIdOf(c), c.get('identity'), c.req.param('writer') ?? '')
      return c.body(null, 204)
    },
  })

  return app
}

function askerOf({ principal, token }: Identity): string {
  return `${principal} ${token?.tokenId ?? ''}`
}

function isOf(of: Pick<Writer, 'documentId' | 'identity'>, documentId: string, identity: Identity): boolean {
  return of.documentId === documentId && askerOf(of.identity) === askerOf(identity)
}

function forgetOldest(map: Map<string, unknown>): void {
  while (map.size > maxRemembered) map.delete(map.keys().next().value!)
}

function idsKey(documentId: string, { principal }: Identity): string {
  return `${documentId} ${principal}`
}

/** @throws RequestError, as an edit with this target. */
function assertTarget(replica: Y.Doc, target: StreamTarget): void {
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(replica))
  try {
    new Streamed(copy, target).say('x')
  } catch (error) {
    if (!(error instanceof EditError) || error.code === 'invalid-edit') throw error
    throw new RequestError(error.code, error.message)
  } finally {
    copy.destroy()
  }
}
