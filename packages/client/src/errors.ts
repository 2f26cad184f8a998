// Failures that no server sends: they are about this end only. Everything else is a SheafError of @sheaf/protocol.

/** The server speaks plain y-websocket: it never says what is on its disk, so the client will not either. */
export class NotSupportedError extends Error {
  override readonly name = 'NotSupportedError'
  constructor() {
    super('This server does not acknowledge changes (it speaks y-websocket, not sheaf.v1).')
  }
}

/** The document was closed on this side while something was waited for. */
export class DocumentClosedError extends Error {
  override readonly name = 'DocumentClosedError'
  constructor() {
    super('The document was closed.')
  }
}
