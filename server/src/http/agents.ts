// Programs as the people in a document see them: while one works on it through MCP or writes bit by bit, and for a moment after, it stands there with its name,
// as a party of the room like any other that only reads; or for as long as it says itself. Nothing of it is stored.

import { encodeAwareness, encodeMessage, presenceColor, SheafError } from '@sheaf/protocol'
import type { Identity } from '../accounts/authority.ts'
import type { Clock } from '../clock.ts'
import type { Channel, Grant, Session } from '../room/ports.ts'
import type { Registry } from '../room/registry.ts'
import type { LiveGrants } from './live.ts'

export interface AgentsOptions {
  readonly registry: Registry
  readonly live: LiveGrants
  readonly clock: Clock
  readonly isOpen: () => boolean
}

/** What is shown beside its name. */
export interface Said {
  /** Where it works, as carets are said; null: nowhere in the text. */
  readonly caret: { readonly anchor: string; readonly head: string } | null
  readonly status?: string
  readonly note?: string
}

interface Agent {
  readonly principal: string
  readonly name: string
  readonly clientId: number
  member: Session | undefined
  said: Said
  /** How long it stays after its last call. */
  lingerMs: number
  /** Rises with every time it is shown. */
  shown: number
  /** Calls that are being answered. */
  working: number
  lastMs: number
  cancel: () => void
}

/** How long one stays that does not say so. */
const lingerMs = 20_000
/** Clients take who has said nothing for 30 seconds for gone. */
const renewMs = 10_000
const maxNameLength = 60
/** More at once work without being shown. */
const maxAgents = 500
/** So many are shown that say themselves how long, for each principal. */
const maxStanding = 20
const nowhere: Said = { caret: null }

export class Agents {
  readonly #options: AgentsOptions
  readonly #agents = new Map<string, Agent>()

  constructor(options: AgentsOptions) {
    this.#options = options
  }

  /**
   * Shows who asks in the document while `work` runs. Whoever may not see the document, or a document that takes nobody more, does not
   * hold the work up.
   * @param name what the program calls itself.
   * @param work is given what shows its caret.
   */
  async during<T>(
    documentId: string,
    { identity, name }: { identity: Identity; name: string },
    work: (stand: (caret: string | null) => void) => Promise<T>,
  ): Promise<T> {
    const key = keyOf(documentId, identity, identity.token === undefined ? name : '')
    const agent = this.#agents.get(key) ?? (await this.#enter(key, documentId, identity, name))
    if (agent === undefined) return work(() => undefined)
    agent.working += 1
    this.#show(key, agent)
    try {
      return await work(caret => {
        if (agent.said.caret?.head === (caret ?? undefined)) return
        agent.said = { caret: caret === null ? null : { anchor: caret, head: caret } }
        this.#show(key, agent)
      })
    } finally {
      agent.working -= 1
      agent.lastMs = this.#options.clock.monotonicMs()
    }
  }

  /**
   * Shows a program until it is hidden, or for so long.
   * @param session tells what one program shows from what it shows elsewhere.
   * @throws SheafError `rate-limited` when so many are shown.
   */
  async stand(
    documentId: string,
    { identity, name, session }: { identity: Identity; name: string; session: string },
    { said, ms }: { said: Said; ms: number },
  ): Promise<void> {
    const key = keyOf(documentId, identity, `/${session}`)
    const known = this.#agents.get(key)
    const own = [...this.#agents.values()].filter(({ principal }) => principal === identity.principal)
    const isFull = known === undefined && own.length >= maxStanding
    const agent = isFull ? undefined : (known ?? (await this.#enter(key, documentId, identity, name)))
    if (agent === undefined)
      throw new SheafError('rate-limited', 'Too many programs are shown; hide one of them first.')
    Object.assign(agent, { said, lingerMs: ms, lastMs: this.#options.clock.monotonicMs() })
    this.#show(key, agent)
  }

  hide(documentId: string, { identity, session }: { identity: Identity; session: string }): void {
    const key = keyOf(documentId, identity, `/${session}`)
    const agent = this.#agents.get(key)
    if (agent !== undefined) this.#leave(key, agent)
  }

  async #enter(key: string, documentId: string, identity: Identity, given: string): Promise<Agent | undefined> {
    const { registry, live, clock, isOpen } = this.#options
    if (this.#agents.size >= maxAgents) return undefined
    const name = (identity.token?.note || given).slice(0, maxNameLength)
    const id = identity.token === undefined ? `program:${name}` : `token:${identity.token.tokenId}`
    const agent: Agent = {
      ...{
        name,
        clientId: crypto.getRandomValues(new Uint32Array(1))[0]!,
        member: undefined,
        principal: identity.principal,
        said: nowhere,
        lingerMs,
        shown: 0,
        working: 0,
      },
      ...{ lastMs: clock.monotonicMs(), cancel: () => undefined },
    }
    this.#agents.set(key, agent)
    // With the extension, because a stock client would make a document that is not there.
    const right = live.begin({ identity, documentId, extension: true }, isOpen() ? 'editor' : 'none')
    try {
      await live.judge(right)
      if (right.role === 'none') throw new Error('No role')
      const grant: Grant = { principal: right.principal, role: 'viewer', extension: true, shownAs: { id, name } }
      const channel: Channel = {
        bufferedBytes: 0,
        send: () => undefined,
        close: () => this.#leave(key, agent),
      }
      agent.member = right.attach(await registry.join(documentId, channel, grant), right.role)
      return agent
    } catch {
      // What the program asks for says why, if that may not be either.
      right.end()
      this.#agents.delete(key)
      return undefined
    }
  }

  #show(key: string, agent: Agent): void {
    const { clock } = this.#options
    const { clientId, name, said } = agent
    const state = JSON.stringify({ user: { name, color: presenceColor(undefined, name) }, kind: 'agent', ...said })
    agent.shown += 1
    const update = encodeAwareness([{ clientId, clock: agent.shown, state }])
    agent.member?.receive(encodeMessage({ type: 'awareness', update }))
    agent.cancel()
    const leftMs = agent.working > 0 ? renewMs : agent.lastMs + agent.lingerMs - clock.monotonicMs()
    agent.cancel = clock.after(Math.max(0, Math.min(renewMs, leftMs)), () => {
      if (agent.working > 0 || clock.monotonicMs() - agent.lastMs < agent.lingerMs) this.#show(key, agent)
      else this.#leave(key, agent)
    })
  }

  #leave(key: string, agent: Agent): void {
    agent.cancel()
    if (this.#agents.get(key) === agent) this.#agents.delete(key)
    agent.member?.leave()
  }

  /** Everybody leaves. */
  close(): void {
    for (const [key, agent] of this.#agents) this.#leave(key, agent)
  }
}

function keyOf(documentId: string, { principal, token }: Identity, own: string): string {
  return JSON.stringify([documentId, principal, token?.tokenId ?? '', own])
}
