// Server-sent events, as the HTML standard says, of which the server uses `event`, `id` and one line of `data`.

export interface ServerEvent {
  /** `message` where the stream names none. */
  readonly event: string
  readonly data: string
}

/** The events of a stream, until it ends; throws what reading it throws. Whoever leaves the loop leaves the stream. */
export async function* eventsOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const parts = (rest + value).split('\n\n')
      rest = parts.pop()!
      for (const part of parts) {
        const event = /^event: ?(.*)$/m.exec(part)?.[1] ?? 'message'
        const data = /^data: ?(.*)$/m.exec(part)?.[1]
        if (data !== undefined) yield { event, data }
      }
    }
  } finally {
    await reader.cancel().catch(() => {
      // It has failed already, and that is told where it is read.
    })
  }
}
