// Documents of a running server, as tests make and read them: over its API, and with replicas of their own.

import { TestRunner } from 'vitest'
import * as Y from 'yjs'
import type { WireClient } from './wire-client.ts'

/** Ids of documents that were made by a test which was tried before: each attempt begins with a document of its own. */
const madeAgain = new Map<string, string>()

/** The id that the document has for this attempt at the test. */
export function idNow(documentId: string): string {
  return madeAgain.get(documentId) ?? documentId
}

/** Makes a `sheaf` document. */
export async function createDocument(url: string, documentId: string, fields: { title?: string; text?: string } = {}) {
  const attempts = TestRunner.getCurrentTest()?.result?.retryCount ?? 0
  if (attempts > 0) madeAgain.set(documentId, `${documentId}-${attempts}`)
  const response = await fetch(`${url}/api/v1/documents/${idNow(documentId)}`, {
    method: 'PUT',
    headers: { 'if-none-match': '*', 'content-type': 'application/json' },
    body: JSON.stringify(fields),
  })
  if (response.status !== 201) throw new Error(`PUT answered ${response.status}: ${await response.text()}`)
}

/** The document as a fresh replica, from the API. @throws Error with the answer when there is none. */
export async function readDocument(url: string, documentId: string): Promise<Y.Doc> {
  const response = await fetch(`${url}/api/v1/documents/${idNow(documentId)}/update`)
  if (!response.ok) throw new Error(`GET update answered ${response.status}: ${await response.text()}`)
  const ydoc = new Y.Doc()
  Y.applyUpdate(ydoc, new Uint8Array(await response.arrayBuffer()))
  return ydoc
}

export async function readRevision(url: string, documentId: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/documents/${idNow(documentId)}`)
  if (!response.ok) throw new Error(`GET document answered ${response.status}: ${await response.text()}`)
  return ((await response.json()) as { revision: number }).revision
}

/** Runs `f` on the replica. @returns the update that it makes. */
export function edit(ydoc: Y.Doc, f: (ydoc: Y.Doc) => void): Uint8Array {
  let made: Uint8Array | undefined
  const take = (update: Uint8Array) => {
    made = update
  }
  ydoc.on('update', take)
  ydoc.transact(() => f(ydoc))
  ydoc.off('update', take)
  if (made === undefined) throw new TypeError('The edit changes nothing.')
  return made
}

/** Asks for what the replica lacks, and answers what the server lacks: the handshake of both dialects. */
export async function sync(client: WireClient, ydoc: Y.Doc, clientSeq?: number): Promise<void> {
  client.send({ type: 'step1', stateVector: Y.encodeStateVector(ydoc) })
  const asked = await client.next('step1')
  const message = { type: 'step2', update: Y.encodeStateAsUpdate(ydoc, asked.stateVector) } as const
  client.send(clientSeq === undefined ? message : { type: 'sequenced', clientSeq, message })
  await receiveState(client, ydoc)
}

/** Applies the answer to a step 1: the step 2, and the updates before it that are parts of it (W1). */
export async function receiveState(client: WireClient, ydoc: Y.Doc): Promise<void> {
  const { update } = await client.next('step2')
  for (const message of client.received.filter(({ type }) => type === 'update')) {
    client.received.splice(client.received.indexOf(message), 1)
    if (message.type === 'update') Y.applyUpdate(ydoc, message.update)
  }
  Y.applyUpdate(ydoc, update)
}

/** Applies updates as they come until `isThere`. */
export async function follow(client: WireClient, ydoc: Y.Doc, isThere: () => boolean): Promise<void> {
  while (!isThere()) Y.applyUpdate(ydoc, (await client.next('update')).update)
}
