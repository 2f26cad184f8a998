// A program that is older than the layout of the documents: it is told so, and nothing of them reaches it.

import { openDocument, type SheafDocument } from '@sheaf/client'
import type { Hello } from '@sheaf/protocol'
import { expect, onTestFinished, test } from 'vitest'
import { untilStatus } from '../helpers/device.ts'
import { ScriptedServer } from '../helpers/scripted-server.ts'

async function open(
  hello: Partial<Hello>,
  format?: number,
): Promise<{ server: ScriptedServer; document: SheafDocument }> {
  const server = await ScriptedServer.start({ hello })
  server.ydoc.getText('body').insert(0, 'written by a newer Sheaf')
  const identity = { id: 'ana', name: 'Ana' }
  const options = { url: server.url, documentId: 'plan', identity, offline: null }
  const document = openDocument(format === undefined ? options : { ...options, format })
  onTestFinished(() => document.close())
  return { server, document }
}

test('C14: a server that writes a newer layout than the program reads ends the document, before anything is applied', async () => {
  const { server, document } = await open({ layout: 'sheaf', format: 2 }, 1)
  const ready = expect(document.ready).rejects.toMatchObject({ code: 'upgrade-required' })
  document.ydoc.getText('body').insert(0, 'mine')
  const status = await untilStatus(document, status => status.connection === 'closed')
  expect(status).toMatchObject({ readOnly: true, pending: 1, problem: { code: 'upgrade-required', permanent: true } })
  await ready
  expect(document.ydoc.getText('body').toString()).toBe('mine')
  expect(server.ydoc.getText('body').toString()).toBe('written by a newer Sheaf')
  expect(server.connections).toBe(1)
})

test.each([
  ['the same', { layout: 'sheaf', format: 1 }, 1],
  ['an older', { layout: 'sheaf', format: 1 }, 2],
  ['no layout of ours', { layout: 'raw', format: 2 }, 1],
  ['any, to a program that does not say what it reads,', { layout: 'sheaf', format: 2 }, undefined],
] as const)('C14: %s is opened', async (_what, hello, format) => {
  const { document } = await open(hello, format)
  await document.synced
  expect(document.ydoc.getText('body').toString()).toBe('written by a newer Sheaf')
})
