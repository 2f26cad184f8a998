// What must be true of a simulated run, kept outside its servers and clients. Every edit types or deletes one token that
// is unique (test/crash/oracle.ts); besides what was acknowledged it is known what a device had kept.

import * as Y from 'yjs'
import { newReplica } from '../../server/src/room/replica.ts'
import { updateOf } from '../../server/src/store/snapshot.ts'
import type { DocumentStore } from '../../server/src/store/store.ts'
import { Oracle, tokensIn } from '../crash/oracle.ts'

/** What has gone wrong in a run; the message says what. */
export class Violation extends Error {
  override readonly name = 'Violation'
}

/** What a replica has seen of others at a moment. */
export interface Sight {
  readonly name: string
  readonly clientId: number
  readonly stateVector: ReadonlyMap<number, number>
}

export class Judge {
  readonly oracle = new Oracle()
  readonly #kept = new Set<string>()
  readonly #deleted = new Set<string>()

  typed(token: string): void {
    this.oracle.typed(token)
  }

  deleted(token: string): void {
    this.#deleted.add(token)
    this.oracle.deleted(token)
  }

  /** The device has it: it may be late, it may not be lost. */
  kept(token: string): void {
    this.#kept.add(token)
  }

  /** @throws Violation when the document lacks what was acknowledged, or has what cannot be. */
  judge(what: string, texts: readonly string[]): void {
    const { lost, revived } = this.oracle.judge(texts)
    if (lost.length > 0) throw new Violation(`${what}: ${lost.join(' ')} was acknowledged, and is lost.`)
    if (revived.length > 0) throw new Violation(`${what}: ${revived.join(' ')} was deleted, acknowledged, and is back.`)
    const seen = new Set<string>()
    for (const token of texts.flatMap(tokensIn)) {
      if (seen.has(token)) throw new Violation(`${what}: ${token} is there twice.`)
      seen.add(token)
    }
  }

  /** At the very end: what devices had kept has come too. */
  judgeKept(texts: readonly string[]): void {
    const there = new Set(texts.flatMap(tokensIn))
    const lost = [...this.#kept].filter(token => !there.has(token) && !this.#deleted.has(token))
    if (lost.length > 0) throw new Violation(`${lost.join(' ')} was kept on a device, and never came.`)
  }
}

/** The document as a start would read it. @throws Violation when it is not whole. */
export async function readWhole(store: DocumentStore, documentId: string): Promise<Y.Doc> {
  const { snapshot, rows, damage } = await store.load(documentId)
  if (damage.length > 0) throw new Violation(`${documentId} is not whole: ${damage[0]!.detail}`)
  const ydoc = newReplica()
  if (snapshot !== null) Y.applyUpdate(ydoc, updateOf(snapshot))
  for (const row of rows) Y.applyUpdate(ydoc, row.update)
  return ydoc
}

/** Nobody has seen of others what is not on disk. */
export function judgeSights(what: string, log: Y.Doc, sights: readonly Sight[]): void {
  const known = Y.decodeStateVector(Y.encodeStateVector(log))
  for (const { name, clientId, stateVector } of sights) {
    for (const [author, clock] of stateVector) {
      if (author === clientId || clock <= (known.get(author) ?? 0)) continue
      throw new Violation(`${what}: ${name} has seen clock ${clock} of ${author}, which is not on disk.`)
    }
  }
}

/** Every row of the log adds something, and a snapshot is what its rows make and nothing else. */
export async function judgeLog(what: string, store: DocumentStore, documentId: string): Promise<void> {
  const { record, revision, snapshot, snapshotSeq } = await store.load(documentId)
  const ydoc = newReplica()
  let added = false
  ydoc.on('update', () => {
    added = true
  })
  let next = 1
  for await (const row of store.readRows(record.number, 1, revision)) {
    added = false
    Y.applyUpdate(ydoc, row.update)
    if (row.seq !== next++) throw new Violation(`${what}: row ${row.seq} stands where row ${next - 1} should.`)
    if (!added) throw new Violation(`${what}: row ${row.seq} is there for the second time.`)
    if (row.seq !== snapshotSeq) continue
    const merged = newReplica()
    Y.applyUpdate(merged, updateOf(snapshot!))
    const isSame = Y.equalSnapshots(Y.snapshot(merged), Y.snapshot(ydoc))
    if (!isSame) throw new Violation(`${what}: the snapshot is not what rows 1 to ${snapshotSeq} make.`)
  }
  if (next !== revision + 1) throw new Violation(`${what}: the log ends at row ${next - 1} of ${revision}.`)
}
