// Bugs that are planted on purpose, each a well-known way to lose text, to see that the simulator finds them. They are put
// around the real parts, at their seams: nothing in the product knows of them.

import * as Y from 'yjs'
import type { Room } from '../../server/src/room/room.ts'
import type { DiskDriver } from '../../server/src/store/disk.ts'
import { type Snapshot, takeSnapshot } from '../../server/src/store/snapshot.ts'
import type { Compactor, DocumentStore, PendingRow } from '../../server/src/store/store.ts'

export interface PlantedBug {
  readonly driver?: (driver: DiskDriver) => DiskDriver
  readonly store?: (store: DocumentStore) => DocumentStore
  readonly compactor?: (compactor: Compactor) => Compactor
  /** Called for a room before somebody enters it. */
  readonly room?: (room: Room) => void
  /** The API notes that it has made an edit only when it has made it. */
  readonly dedupesAfterApply?: true
}

export const plantedBugs: Readonly<Record<string, () => PlantedBug>> = {
  'acknowledge before sync': () => ({
    driver: driver => ({
      ...driver,
      async open(directory, options) {
        const disk = await driver.open(directory, options)
        return {
          get: key => disk.get(key),
          getMany: keys => disk.getMany(keys),
          pages: (range, pageOptions) => disk.pages(range, pageOptions),
          getSync: key => disk.getSync(key),
          merge: range => disk.merge(range),
          view: () => disk.view(),
          close: () => disk.close(),
          batch() {
            const batch = disk.batch()
            return {
              put: (key, value) => batch.put(key, value),
              del: key => batch.del(key),
              get length() {
                return batch.length
              },
              write: () => batch.write(false),
            }
          },
        }
      },
    }),
  }),

  'compaction from the live replica': () => {
    const live = new Map<string, Y.Doc>()
    return {
      room: room => void live.set(room.documentId, room.ydoc),
      compactor: compactor => ({
        async merge(snapshot, updates) {
          const merged = await compactor.merge(snapshot, updates)
          const ydoc = [...live.values()].find(ydoc => holds(ydoc, merged))
          return ydoc === undefined ? merged : takeSnapshot(ydoc)
        },
        close: () => compactor.close(),
      }),
    }
  },

  'deduplication after apply': () => ({ dedupesAfterApply: true }),

  'unload with unsaved updates': () => ({
    room: room => void Object.defineProperty(room, 'isDurable', { value: true }),
  }),

  'a dirty flag cleared after the await': () => ({
    store(store) {
      let isDirty = false
      let isRunning = false
      const waiting: PendingRow[] = []
      const run = async () => {
        isRunning = true
        while (isDirty) {
          for (const row of waiting.splice(0)) store.append(row)
          await store.flush()
          isDirty = false
        }
        isRunning = false
      }
      return delegate(store, {
        append(pending) {
          waiting.push(pending)
          isDirty = true
          if (!isRunning) void run()
        },
      })
    },
  }),
}

/** True when the replica has everything that is in the snapshot, and some of it. */
function holds(ydoc: Y.Doc, { stateVector }: Snapshot): boolean {
  const known = Y.decodeStateVector(Y.encodeStateVector(ydoc))
  const clients = [...Y.decodeStateVector(stateVector)]
  return clients.length > 0 && clients.every(([client, clock]) => clock <= (known.get(client) ?? 0))
}

/** A store that is another one but for what is put in its place. */
export function delegate(store: DocumentStore, overrides: Partial<DocumentStore>): DocumentStore {
  return {
    durability: store.durability,
    records: store.records,
    blobs: store.blobs,
    create: (documentId, options) => store.create(documentId, options),
    find: documentId => store.find(documentId),
    findMany: documentIds => store.findMany(documentIds),
    list: options => store.list(options),
    load: documentId => store.load(documentId),
    readRows: (number, fromSeq, toSeq) => store.readRows(number, fromSeq, toSeq),
    hasRoom: bytes => store.hasRoom(bytes),
    append: pending => store.append(pending),
    flush: () => store.flush(),
    putSummary: (documentId, summary) => store.putSummary(documentId, summary),
    setDeleted: (documentId, deletedMs) => store.setDeleted(documentId, deletedMs),
    purge: documentId => store.purge(documentId),
    isCompactionDue: (number, idle) => store.isCompactionDue(number, idle),
    compact: documentId => store.compact(documentId),
    get state() {
      return store.state
    },
    onState: listener => store.onState(listener),
    get report() {
      return store.report
    },
    probe: () => store.probe(),
    close: () => store.close(),
    ...overrides,
  }
}
