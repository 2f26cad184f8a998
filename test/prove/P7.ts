// P7: access that is removed is removed everywhere within a second. People are let in and put out again while others write: how long
// after the answer their socket is closed, and whether the API, the content and the files still answer them.

import { defaultLimits } from '@sheaf/protocol'
import type * as Y from 'yjs'
import { accountsServer, settle } from '../helpers/browsers.ts'

const people = 10
const paths = ['', '/content', '/update', '/assets', '/sharing']

export async function prove({ full, revocations = full ? 1_000 : 100 }: { full: boolean; revocations?: number }) {
  const server = await accountsServer({ limits: { ...defaultLimits, socketsPerAddress: 1_000 } })
  const place = await settle(server)
  const made = await place.owner.ask('POST', '/documents', { title: 'Plan' })
  const documentId = String(made.body?.id)
  const { sharing } = server.authority
  const load = setInterval(() => void server.registry.withRoom(documentId, room => room.edit('server', type)), 10)
  const browsers = []
  for (let i = 0; i < people; i++) browsers.push(await place.join(`person${i}`))
  const closedMs: number[] = []
  let answered = 0
  let wrongCode = 0
  for (let i = 0; i < revocations; i++) {
    const browser = browsers[i % people]!
    await sharing.give(documentId, browser.userId, 'editor')
    const socket = await browser.open(documentId)
    await socket.next('step1')
    await place.owner.ask('DELETE', `/documents/${documentId}/sharing/people/${browser.userId}`)
    const startMs = performance.now()
    if ((await socket.closed).code !== 4403) wrongCode += 1
    closedMs.push(performance.now() - startMs)
    const answers = await Promise.all(paths.map(path => browser.ask('GET', `/documents/${documentId}${path}`)))
    const list = await browser.ask('GET', '/documents')
    answered += answers.filter(({ status }) => status !== 404).length + (list.text.includes(documentId) ? 1 : 0)
  }
  clearInterval(load)
  await server.close({ atOnce: true })
  closedMs.sort((a, b) => a - b)
  const maxMs = Math.round(closedMs.at(-1) ?? 0)
  const p50Ms = Math.round(closedMs[Math.floor(closedMs.length / 2)] ?? 0)
  return {
    promise: 'P7',
    ok: maxMs < 1_000 && answered === 0 && wrongCode === 0,
    revocations,
    p50Ms,
    maxMs,
    answered,
    wrongCode,
  }
}

function type(ydoc: Y.Doc): void {
  const title = ydoc.getText('title')
  title.insert(title.length, 'a')
  if (title.length > 200) title.delete(0, 100)
}
