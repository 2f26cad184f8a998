// What differs between a browser and Node, as types. `#runtime` of package.json picks the file: runtime.browser.ts or
// runtime.node.ts; nothing else in this package knows where it runs.

/** The part of the browser's WebSocket that a connection uses; `WebSocket` itself fits. */
export interface Socket {
  binaryType: BinaryType
  readonly readyState: number
  readonly protocol: string
  /** Bytes handed over and not yet on the network. */
  readonly bufferedAmount: number
  onopen: ((event: Event) => void) | null
  onmessage: ((event: MessageEvent) => void) | null
  onerror: ((event: Event) => void) | null
  onclose: ((event: CloseEvent) => void) | null
  send(data: Uint8Array<ArrayBuffer>): void
  close(code?: number, reason?: string): void
}

export type SocketConstructor = new (url: string, protocols?: string | string[]) => Socket

/** Told by the machine, not by a socket. */
export interface NetworkListener {
  /** A network came back, or the page woke up with one: connect now instead of waiting. */
  available(): void
  /** The network may be gone: a socket that looks open should be tested. */
  doubtful(): void
  /** Whether somebody may be looking: false for a page that was hidden, or was opened so. */
  watched(isWatched: boolean): void
}
