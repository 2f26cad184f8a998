// Honest writers: Y.Docs that edit at random as the editors of a layout do, come and go, undo, and send what y-websocket
// would send. Nothing here knows of the gate.

import * as Y from 'yjs'
import type { Random } from '../../helpers/random.ts'

export class Party {
  readonly ydoc: Y.Doc
  readonly undo: Y.UndoManager
  isOnline = false
  /** Local updates that the server was not offered yet. */
  outbox: Uint8Array[] = []
  readonly #edit: (ydoc: Y.Doc, random: Random) => void

  constructor(clientId: number, edit: (ydoc: Y.Doc, random: Random) => void, options: { gc?: boolean } = {}) {
    this.ydoc = new Y.Doc({ gc: options.gc ?? true })
    this.ydoc.clientID = clientId
    this.#edit = edit
    this.undo = new Y.UndoManager(this.ydoc, { captureTimeout: 0, trackedOrigins: new Set([this]) })
    this.ydoc.on('update', (update, origin) => {
      if (origin !== 'server') this.outbox.push(update)
    })
  }

  edit(random: Random): void {
    const roll = random.next()
    if (roll < 0.08) this.undo.undo()
    else if (roll < 0.11) this.undo.redo()
    else {
      this.ydoc.transact(() => {
        for (let i = 1 + random.below(3); i > 0; i--) this.#edit(this.ydoc, random)
      }, this)
    }
  }

  receive(update: Uint8Array): void {
    Y.applyUpdate(this.ydoc, update, 'server')
  }

  /** Both hold the same afterwards, as if they shared a network without the server. */
  meet(peer: Party): void {
    if (peer === this) return
    const mine = Y.encodeStateAsUpdate(this.ydoc, Y.encodeStateVector(peer.ydoc))
    Y.applyUpdate(this.ydoc, Y.encodeStateAsUpdate(peer.ydoc, Y.encodeStateVector(this.ydoc)), 'peer')
    Y.applyUpdate(peer.ydoc, mine, 'peer')
  }

  /** What goes over the wire: all local updates since the last time, one by one or merged. */
  drain(random: Random): Uint8Array[] {
    const updates = this.outbox
    this.outbox = []
    if (updates.length < 2 || random.chance(0.7)) return updates
    return [Y.mergeUpdates(updates)]
  }
}

const words = ['a', 'be', 'sea', '😀', 'é', 'word ', ', ', 'x']

type List = Y.Text | Y.Array<unknown> | Y.XmlFragment

/** An index that cuts no surrogate pair: editors do not, and Yjs would put U+FFFD there, sooner on some replicas than on others. */
function whole(list: List, index: number): number {
  const units: unknown[] = []
  for (let item = list._start; item !== null && units.length <= index; item = item.right) {
    if (!item.deleted && item.countable) units.push(...item.content.getContent())
  }
  const unit = units[index]
  return typeof unit === 'string' && /^[\uDC00-\uDFFF]/.test(unit) ? index + 1 : index
}

function place(random: Random, list: List): number {
  return whole(list, random.below(list.length + 1))
}

function deleteSome(random: Random, list: List): void {
  const start = place(random, list)
  const end = whole(list, Math.min(list.length, start + 1 + random.below(6)))
  if (end > start) list.delete(start, end - start)
}

/** One item that is created already deleted, behind the item at an index: the end anchor of a block. */
function anchor(text: Y.Text): void {
  const { doc } = text
  doc!.transact(transaction => {
    let left: Y.Item | null = null
    for (let item = text._start; item !== null; item = item.right) left = item
    const clock = Y.getState(doc!.store, doc!.clientID)
    const content = new Y.ContentDeleted(1)
    new Y.Item(Y.createID(doc!.clientID, clock), left, left?.lastId ?? null, null, null, text, null, content).integrate(
      transaction,
      0,
    )
  })
}

/** Edits as a `sheaf` document sees them: blocks, marks, atoms, registers, cells, the title. */
export function editSheaf(ydoc: Y.Doc, random: Random): void {
  const body = random.chance(0.75) ? ydoc.getText('body') : ydoc.getText(`cell:r${random.below(3)}:c${random.below(2)}`)
  switch (random.below(12)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return body.insert(place(random, body), random.pick(words))
    case 4:
      return deleteSome(random, body)
    case 5: {
      const marker = new Y.Map<unknown>()
      if (random.chance(0.6)) marker.set('kind', random.pick(['h1', 'bullet', 'code']))
      body.insertEmbed(place(random, body), marker)
      return anchor(body)
    }
    case 6:
      return body.insertEmbed(place(random, body), { type: 'mention', label: 'Ann', at: [1, 2, { deep: null }] })
    case 7: {
      const index = place(random, body)
      const end = place(random, body)
      if (end <= index) return
      const value = random.chance(0.5) ? true : { href: 'https://example.org' }
      return body.format(index, end - index, { [`strong~${random.below(4)}~u`]: value })
    }
    case 8: {
      const markers = body
        .toDelta()
        .flatMap(({ insert }: { insert: unknown }) => (insert instanceof Y.Map ? [insert] : []))
      if (markers.length === 0) return
      const marker = random.pick(markers) as Y.Map<unknown>
      marker.set(random.pick(['kind', 'indent', 'checked', 'tone']), random.pick(['quote', 3, true, null, 1.5, -7]))
      return
    }
    case 9: {
      const table = ydoc.getMap('table:t1')
      if (random.chance(0.3)) return table.delete(`r:${random.below(4)}`)
      table.set(random.pick(['r:', 'c:', 'gone:']) + random.below(4), random.pick(['a0', true, 17]))
      return
    }
    case 10:
      ydoc.getMap('meta').set('format', 1 + random.below(2))
      return
    default: {
      const title = ydoc.getText('title')
      return random.chance(0.7) ? title.insert(place(random, title), random.pick(words)) : deleteSome(random, title)
    }
  }
}

/** Edits as any Yjs editor may make them: text with formats, nested types, XML, bytes, odd values. */
export function editRaw(ydoc: Y.Doc, random: Random): void {
  const text = ydoc.getText('text')
  const list = ydoc.getArray<unknown>('list')
  const map = ydoc.getMap<unknown>('map')
  const xml = ydoc.getXmlFragment('xml')
  switch (random.below(12)) {
    case 0:
    case 1:
    case 2:
      return text.insert(place(random, text), random.pick(words), random.chance(0.3) ? { bold: true } : {})
    case 3:
      return deleteSome(random, text)
    case 4: {
      const index = place(random, text)
      const end = place(random, text)
      if (end <= index) return
      return text.format(index, end - index, { bold: random.pick([true, null]), em: {} })
    }
    case 5: {
      const values = [null, 12345678901n, 'a', 0.1, { a: [1, undefined] }, new Uint8Array([1, 2]), [[]]]
      map.set(`k${random.below(4)}`, random.pick(values))
      return
    }
    case 6: {
      const inner = new Y.Map<unknown>()
      map.set(`k${random.below(4)}`, inner)
      inner.set('list', Y.Array.from([1, 'two']))
      inner.set('text', new Y.Text('three'))
      return
    }
    case 7: {
      const inner = map.get(`k${random.below(4)}`)
      const innerList = inner instanceof Y.Map ? inner.get('list') : undefined
      if (innerList instanceof Y.Array) return innerList.insert(place(random, innerList), [random.below(9), 'x'])
      return
    }
    case 8:
      return list.insert(place(random, list), [random.pick(words), random.below(99), new Y.Map([['a', 1]])])
    case 9:
      return deleteSome(random, list)
    case 10: {
      const element = new Y.XmlElement(random.pick(['p', 'li']))
      xml.insert(place(random, xml), [element])
      element.setAttribute('indent', '1')
      return element.insert(0, [new Y.XmlText(random.pick(words)), new Y.XmlElement('br')])
    }
    default: {
      const child = xml.length === 0 ? undefined : xml.get(random.below(xml.length))
      if (random.chance(0.3) && xml.length > 0) return deleteSome(random, xml)
      const leaf = child instanceof Y.XmlElement && child.length > 0 ? child.get(0) : undefined
      if (leaf instanceof Y.XmlText) leaf.insert(place(random, leaf), random.pick(words))
      return
    }
  }
}
