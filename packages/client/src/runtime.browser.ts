// The runtime of a browser or a worker: its own WebSocket, its own network events.

import type { WebsocketProvider } from 'y-websocket'
import type { NetworkListener, SocketConstructor } from './runtime.ts'

export function runtimeWebSocket(): SocketConstructor | undefined {
  return globalThis.WebSocket
}

/** @returns stops listening. */
export function watchNetwork(listener: NetworkListener): () => void {
  const target = globalThis
  if (typeof target.addEventListener !== 'function') return () => undefined
  const online = () => listener.available()
  const offline = () => listener.doubtful()
  const isHidden = () => globalThis.document?.visibilityState === 'hidden'
  const woken = () => {
    listener.watched(!isHidden())
    if (isHidden()) return
    listener.doubtful()
    listener.available()
  }
  if (isHidden()) listener.watched(false)
  target.addEventListener('online', online)
  target.addEventListener('offline', offline)
  target.addEventListener('pageshow', woken)
  globalThis.document?.addEventListener('visibilitychange', woken)
  return () => {
    target.removeEventListener('online', online)
    target.removeEventListener('offline', offline)
    target.removeEventListener('pageshow', woken)
    globalThis.document?.removeEventListener('visibilitychange', woken)
  }
}

/** A browser has no exit listeners to forget. */
export function forgetExitListener(_provider: WebsocketProvider): void {
  return undefined
}
