// What the editor asks of whoever knows the other people. A port: the client package fits it, and so does a test.

export interface Caret {
  readonly anchor: unknown
  readonly head: unknown
}

export interface Peer {
  /** One opened document of one person. */
  readonly sessionKey: string
  readonly id: string
  readonly name: string
  /** 1–12 */
  readonly color: number
  readonly caret: Caret | null
}

export interface PresencePort {
  setCaret(caret: Caret | null): void
  /** Everybody else. */
  peers(): readonly Peer[]
  /** @returns stops listening. */
  onChange(listener: () => void): () => void
}
