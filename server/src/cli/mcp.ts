// `sheaf mcp`: the tools of a server for programs that speak the Model Context Protocol over standard input and output. Each line goes to
// `/mcp` of the server, with the token of the last login, and its answer comes back as a line.

import { parseRemoteArguments } from './remote.ts'
import type { Terminal } from './terminal.ts'

interface Message {
  readonly id?: unknown
  readonly params?: { readonly _meta?: Readonly<Record<string, unknown>>; readonly protocolVersion?: unknown }
}

/** JSON-RPC */
const codes = { parse: -32700, internal: -32603 }
/** More are answered one after the other. */
const maxAtOnce = 16

/** @returns 0 when the input has ended, and everything was answered. */
export async function mcp(args: readonly string[], terminal: Terminal): Promise<number> {
  const { server } = await parseRemoteArguments(args, terminal)
  const { url, token } = server
  let revision: string | undefined
  const pending = new Set<Promise<void>>()
  for await (const line of terminal.lines()) {
    if (line.trim() === '') continue
    if (pending.size >= maxAtOnce) await Promise.race(pending)
    const answering: Promise<void> = answer(line).finally(() => pending.delete(answering))
    pending.add(answering)
  }
  await Promise.all(pending)
  return 0

  async function answer(line: string): Promise<void> {
    let asked: Message
    try {
      asked = JSON.parse(line) as Message
    } catch {
      return fail(null, codes.parse, 'A line is one JSON message.')
    }
    const said = asked.params?._meta?.['io.modelcontextprotocol/protocolVersion'] ?? revision
    try {
      const response = await fetch(`${url}/mcp`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...(typeof said === 'string' && { 'mcp-protocol-version': said }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: line,
      })
      const text = await response.text()
      if (asked.id === undefined) return
      const told = JSON.parse(text) as { jsonrpc?: string; detail?: string; result?: { protocolVersion?: string } }
      // Not the protocol's answer but a refusal of the server, as every route gives it.
      if (told.jsonrpc === undefined)
        return fail(asked.id, codes.internal, told.detail ?? `The server answered ${response.status}.`)
      revision ??= told.result?.protocolVersion
      terminal.out(`${JSON.stringify(told)}\n`)
    } catch {
      if (asked.id !== undefined) fail(asked.id, codes.internal, `No server of Sheaf answers at ${url}.`)
    }
  }

  function fail(id: unknown, code: number, message: string): void {
    terminal.out(`${JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } })}\n`)
  }
}
