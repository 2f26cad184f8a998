// Where a proxy lets no WebSocket through, the client goes by plain HTTP, and comes back when it can.

import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { openDocument, type SheafDocument } from '@sheaf/client'
import { expect, onTestFinished, test } from 'vitest'
import { startServer } from '../helpers/running-server.ts'

interface BlockingProxy {
  readonly url: string
  isBlocked: boolean
  /** WebSockets that were let through. */
  passed: number
}

/** Passes requests on, and no upgrades while it blocks them. */
async function startProxy(target: string): Promise<BlockingProxy> {
  const { hostname, port } = new URL(target)
  const server: Server = createServer((incoming, answer) => {
    const options = { hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers }
    const outgoing = request(options, response => {
      answer.writeHead(response.statusCode!, response.headers)
      response.pipe(answer)
    })
    outgoing.on('error', () => answer.destroy())
    answer.on('close', () => outgoing.destroy())
    incoming.pipe(outgoing)
  })
  const proxy: BlockingProxy = { url: '', isBlocked: true, passed: 0 }
  server.on('upgrade', (incoming, socket, head) => {
    socket.on('error', () => undefined)
    if (proxy.isBlocked) return socket.destroy()
    proxy.passed += 1
    const through = connect(Number(port), hostname, () => {
      const lines = incoming.rawHeaders.flatMap((name, index, all) => (index % 2 ? [] : [`${name}: ${all[index + 1]}`]))
      through.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
      through.write(head)
      through.pipe(socket).pipe(through)
    })
    through.on('error', () => socket.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return Object.assign(proxy, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}

function open(url: string, documentId: string, name: string): SheafDocument {
  const document = openDocument({ url, documentId, identity: { id: name, name }, offline: null })
  onTestFinished(() => document.close())
  return document
}

function shows(document: SheafDocument, text: string): Promise<void> {
  const title = document.ydoc.getText('title')
  return new Promise(resolve => {
    const look = () => {
      if (title.toString() === text) resolve()
    }
    title.observe(look)
    look()
  })
}

test('contract 19: with WebSockets blocked it converges over HTTP within 15 s, saves, and returns when it can', async () => {
  const server = await startServer()
  const proxy = await startProxy(server.url)
  await fetch(`${server.url}/api/v1/documents/plan`, { method: 'PUT', headers: { 'if-none-match': '*' } })
  const startMs = performance.now()
  const blocked = open(proxy.url, 'plan', 'Ana')
  const direct = open(server.url, 'plan', 'Bo')
  await blocked.synced
  expect(performance.now() - startMs).toBeLessThan(15_000)
  blocked.ydoc.getText('title').insert(0, 'Plan')
  expect((await blocked.saved()).revision).toBeGreaterThan(1)
  await direct.synced
  await shows(direct, 'Plan')
  direct.ydoc.getText('title').insert(4, ' B')
  await shows(blocked, 'Plan B')
  await new Promise<void>(resolve => {
    const look = () => {
      if ([...blocked.awareness.states.keys()].includes(direct.ydoc.clientID)) resolve()
    }
    blocked.awareness.on('change', look)
    look()
  })
  // Larger than one post.
  const large = 'x'.repeat(700_000)
  blocked.ydoc.getText('title').insert(6, large)
  await blocked.saved()
  await shows(direct, `Plan B${large}`)
  expect(proxy.passed).toBe(0)
  proxy.isBlocked = false
  const limit = Date.now() + 40_000
  while (proxy.passed === 0 || blocked.status.connection !== 'online') {
    expect(Date.now()).toBeLessThan(limit)
    await new Promise<void>(resolve => {
      const stop = blocked.onStatus(() => {
        stop()
        resolve()
      })
    })
  }
  blocked.ydoc.getText('title').insert(0, 'The ')
  await blocked.saved()
  expect(blocked.ydoc.getText('title').toString()).toBe(`The Plan B${large}`)
}, 70_000)
