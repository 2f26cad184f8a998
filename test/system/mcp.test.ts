// `sheaf mcp` as a program starts it: the built command, its standard input and output, the official client at the other end.

import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { expect, onTestFinished, test } from 'vitest'
import { bin, ServerProcess } from '../helpers/server-process.ts'

test('sheaf mcp speaks the same over standard input and output', async () => {
  const server = await ServerProcess.start()
  onTestFinished(() => server.dispose())
  const client = new Client({ name: 'judge', version: '1' })
  const env = { SHEAF_SERVER: server.url, HOME: server.data, PATH: process.env.PATH ?? '' }
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [bin, 'mcp'], env }))
  onTestFinished(() => client.close())
  const made = await client.callTool({ name: 'create_document', arguments: { markdown: 'One.' } })
  const { id } = made.structuredContent as { id: string }
  const read = await client.callTool({ name: 'read_document', arguments: { id } })
  expect(JSON.stringify(read.content)).toContain('One.')
})
