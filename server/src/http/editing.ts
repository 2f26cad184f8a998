// One request to edit: its base, its targets and whom it would disturb are looked at, and then all of it is made in one row, through the
// room, for who asks. What was answered with 2xx is on disk.

import { parseAnchor } from '@sheaf/model'
import { type Candidate, type Edit, EditError, type Edited, type EditResult, editDocument } from '@sheaf/model/edits'
import { serializeMarkdown } from '@sheaf/model/formats'
import { RequestError, SheafError } from '@sheaf/protocol'
import * as Y from 'yjs'
import type { Identity } from '../accounts/authority.ts'
import type { Registry } from '../room/registry.ts'
import type { Room } from '../room/room.ts'
import { type EditRequest, revisionIn, type TargetFields } from './edit-fields.ts'
import type { Handles } from './handles.ts'
import type { Idempotency, Remember, Remembered } from './idempotency.ts'
import { unifiedDiff } from './unified-diff.ts'

export interface EditingOptions {
  readonly registry: Registry
  readonly handles: Handles
  readonly idempotency: Idempotency
}

/** Who edits what, and how the request can be told when it comes again. */
export interface EditAsk {
  readonly documentId: string
  readonly identity: Identity
  readonly key: string | undefined
  readonly fingerprint: readonly (string | Uint8Array)[]
}

export interface EditAnswer {
  /** Absent for a preview. */
  readonly rev?: string
  readonly base?: string
  /** Whether anything had been written since the base. */
  readonly merged: boolean
  readonly durable: boolean
  readonly live: { readonly peers: number }
  readonly results: readonly EditResult[]
  /** Of a preview: what Markdown would change. */
  readonly diff?: string
}

/** An edit request, or one in its shape whose edits are made already. */
export type EditOrder = Omit<EditRequest, 'edits'> & {
  readonly edits: EditRequest['edits'] | readonly Edit[]
  /** The only revision that it may be made on. */
  readonly only?: string | undefined
}

export class Editing {
  readonly #options: EditingOptions

  constructor(options: EditingOptions) {
    this.#options = options
  }

  /**
   * @throws RequestError, SheafError as docs/api.md lists them; nothing is changed then.
   */
  run(ask: EditAsk, order: EditOrder): Promise<Remembered & { readonly isReplayed: boolean }> {
    const { registry, idempotency } = this.#options
    const { documentId, identity, key, fingerprint } = ask
    const { principal } = identity
    const once = order.mode === 'preview' ? undefined : key
    return idempotency.run({ principal, key: once, fingerprint }, remember =>
      registry.withRoom(documentId, room => this.#edit(room, ask, order, remember)),
    )
  }

  async #edit(
    room: Room,
    ask: EditAsk,
    order: EditOrder,
    remember: Remember,
  ): Promise<{ answer: Remembered; isKept: boolean }> {
    requireEditable(room)
    const timeline = { documentId: room.documentId, epoch: room.epoch }
    try {
      const edits = await Promise.all(order.edits.map(edit => this.#withTargets(timeline, edit)))
      const base = order.base === undefined ? undefined : await baseOf(room, order.base)
      return await this.#make(room, ask, { ...order, edits }, base, remember)
    } catch (error) {
      if (error instanceof EditError) throw await this.#refusal(error, room)
      throw error
    }
  }

  async #make(
    room: Room,
    { identity }: EditAsk,
    order: EditOrder & { readonly edits: readonly Edit[] },
    base: OlderState | undefined,
    remember: Remember,
  ): Promise<{ answer: Remembered; isKept: boolean }> {
    const { ifBusy, mode, run } = order
    const carets = ifBusy === 'fail' ? caretsIn(room) : []
    let edited: Edited | undefined
    let isMerged = false
    const answerAt = (revision: number): EditAnswer => ({
      rev: `${room.epoch}.${revision}`,
      ...(order.base !== undefined && { base: order.base }),
      merged: isMerged,
      durable: true,
      live: { peers: room.sessionCount },
      results: edited!.results,
    })
    const apply = (ydoc: Y.Doc): void => {
      const head = `${room.epoch}.${room.assigned}`
      if (order.only !== undefined && order.only !== head) throw preconditionFailed(head)
      isMerged = base !== undefined && base.revision !== room.assigned
      if (isMerged && order.onStale === 'fail') throw new RequestError('stale-base', undefined, { rev: head })
      edited = editDocument(ydoc, order.edits, {
        base: isMerged ? base?.ydoc : undefined,
        carets,
        ...(ifBusy === 'fail' && { onBusy: busy }),
      })
    }
    if (mode === 'preview') {
      tryOut(room, apply)
      const { rev: _, ...answer } = answerAt(room.revision)
      const [before, after] = [edited!.before, edited!.after].map(doc => serializeMarkdown(doc))
      const preview = { ...answer, durable: false, diff: unifiedDiff(before!, after!) }
      return { answer: { status: 200, body: JSON.stringify(preview) }, isKept: false }
    }
    const answered = (revision: number): Remembered => {
      const answer = answerAt(revision)
      return { status: 200, body: JSON.stringify(answer), ...(answer.rev !== undefined && { rev: answer.rev }) }
    }
    const { revision, isChanged } = await room.edit('api', apply, {
      principal: identity.principal,
      session: sessionOf(identity, run?.id),
      records: revision => remember(answered(revision)),
    })
    return { answer: answered(revision), isKept: isChanged }
  }

  /** The edit with handles and ranges read. */
  async #withTargets(timeline: Timeline, edit: EditRequest['edits'][number] | Edit): Promise<Edit> {
    if (!('target' in edit)) return edit
    const target = await this.#targetOf(timeline, edit.target as TargetFields)
    return { ...edit, target } as Edit
  }

  async #targetOf(timeline: Timeline, target: TargetFields) {
    if ('handle' in target) {
      const { handle, edge } = target
      return { ...(await this.#options.handles.read(timeline, handle)), edge }
    }
    if ('range' in target) {
      const { first, last } = target.range
      try {
        const anchor = parseAnchor({ block: null, first, last, quote: '', offset: 0 })
        return { anchor, holds: () => true, edge: target.edge }
      } catch (cause) {
        const detail = '/range: the ids of the first and the last character.'
        throw new SheafError('invalid-field', detail, { cause, details: { field: '/range' } })
      }
    }
    return target
  }

  async #refusal(error: EditError, room: Room): Promise<Error> {
    const { code, message, edit, current } = error
    const details = {
      ...(edit !== undefined && { edit }),
      ...(current !== undefined && { current }),
      ...(error.candidates.length > 0 && { candidates: await this.candidates(room, error.candidates) }),
      rev: `${room.epoch}.${room.revision}`,
    }
    if (code !== 'invalid-edit') return new RequestError(code, message, details)
    const at = edit === undefined ? '' : `/edits/${edit}`
    return new SheafError('invalid-field', `${at}${message.startsWith('/') ? '' : ': '}${message}`, {
      details: { field: `${at}${/^(\/\w+)+/.exec(message)?.[0] ?? ''}` },
    })
  }

  /** Candidates with a handle each. */
  candidates(room: Room, candidates: readonly Candidate[]) {
    const timeline = { documentId: room.documentId, epoch: room.epoch }
    return Promise.all(
      candidates.map(async ({ anchor, block, context, text }) => ({
        ...(anchor !== null && { handle: await this.#options.handles.make(timeline, anchor, text) }),
        ...(block !== null && { block }),
        context,
      })),
    )
  }
}

interface Timeline {
  readonly documentId: string
  readonly epoch: string
}

interface OlderState {
  readonly revision: number
  readonly ydoc: Y.Doc
}

/** @throws RequestError `epoch-mismatch`, `unknown-revision`, `revision-expired`. */
async function baseOf(room: Room, base: string): Promise<OlderState> {
  const revision = revisionIn(room, base)
  return { revision, ydoc: await room.at(revision) }
}

function preconditionFailed(head: string): SheafError {
  return new SheafError('precondition-failed', `The document is at revision ${head} by now; read it again.`, {
    details: { rev: head },
  })
}

function busy(edit: number): never {
  throw new RequestError('block-busy', undefined, { edit, retryAfterS: 2 })
}

/** How the log names the way it came: `<token>/<run>`, either of which may be empty. */
export function sessionOf({ token }: Identity, runId = ''): string {
  return token === undefined && runId === '' ? '' : `${token?.tokenId ?? ''}/${runId}`
}

/** Where people are who show it. Anybody may have written it. */
function caretsIn(room: Room): string[] {
  return room.presence.states.flatMap(state => {
    const { caret } = (JSON.parse(state) ?? {}) as { caret?: unknown }
    if (typeof caret !== 'object' || caret === null) return []
    const { anchor, head } = caret as Record<string, unknown>
    return [anchor, head].filter((id): id is string => typeof id === 'string')
  })
}

/** @throws RequestError `unsupported-op` for what another editor wrote. */
export function requireEditable({ layout }: Room): void {
  if (layout === 'sheaf') return
  throw new RequestError('unsupported-op', 'Another editor wrote this document, and only it knows how to edit it.')
}

/** Does to a copy what would be done to the document. */
export function tryOut({ ydoc }: Room, apply: (ydoc: Y.Doc) => void): void {
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(ydoc))
  apply(copy)
  copy.destroy()
}
