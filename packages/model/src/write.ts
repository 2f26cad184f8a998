// Writing a new ProseMirror document into a body: the one way in for the browser, the API, import and restore. It touches nothing that
// did not change, and each act is the one that keeps what others write meanwhile where they meant it: a split inserts a marker, a join
// deletes one, whole blocks become ghosts, replacement text goes before what it replaces.

import type { Node } from 'prosemirror-model'
import type * as Y from 'yjs'
import type { Entry, Region } from './blocks.ts'
import type { Body } from './body.ts'
import { rereadCell } from './cell.ts'
import type { PlacedBlock } from './hole.ts'
import { isTable } from './kinds.ts'
import { isGone } from './layout.ts'
import type { Ledger } from './ledger.ts'
import { randomId } from './random.ts'
import { type EditOptions, SequenceEdit, type Written as WrittenSequence } from './sequence-edit.ts'
import { clearCell, TableEdit } from './table-edit.ts'

export interface WriteOptions {
  /** Position up to which the new document is known to be the old one: where the user began to edit. */
  readonly unchangedBefore?: number
  /** Ids of blocks that a move command took from one place to another. */
  readonly moved?: ReadonlySet<string>
  /**
   * Runs a function in a transaction that undo does not see. Inserted blocks, rows and columns are then born `gone` in it and shown by the
   * write itself, so that undo hides them and never glues what others wrote into them to the block above.
   */
  readonly untracked?: Transact
  /** Blocks on the screen that wait for a composition to end, with what they stand for. */
  readonly waiting?: Map<Entry, Ledger>
}

/** Runs a function in one Yjs transaction. */
export type Transact = (write: (tr: Y.Transaction) => void) => void

export interface Written extends WrittenSequence {
  /** What was read again in cells. */
  readonly cells: readonly Region[]
}

/**
 * Writes what differs between the index and a document, in one transaction (and an untracked one before it where blocks, rows or columns
 * are inserted). Returns null where only sections differ, or where only a waiting block was written, whose ledger is then brought up to
 * date; `blocks.adopt` must follow in any case.
 */
export function write(body: Body, doc: Node, transact: Transact, options: WriteOptions = {}): Written | null {
  const { unchangedBefore = Number.NEGATIVE_INFINITY, moved = new Set(), untracked, waiting = new Map() } = options
  const edit = SequenceEdit.plan(body.blocks, doc, { unchangedBefore, moved, waiting })
  if (edit === null) return null
  const { tables, removed } = planTables(body, edit, { unchangedBefore, moved, waiting })
  if (edit.composed !== null) {
    transact(tr => edit.write(tr))
    return null
  }
  if (tables.length === 1 && tables[0]!.isComposed && isOnlyTable(edit)) {
    transact(tr => tables[0]!.write(tr))
    return null
  }
  if (untracked !== undefined && (edit.bears || tables.some(table => table.bears))) {
    untracked(tr => {
      edit.bear(tr)
      for (const table of tables) table.bear(tr)
    })
  }
  let written: Written | undefined
  transact(tr => {
    edit.write(tr)
    for (const tid of removed) {
      for (const cell of body.tables.table(tid).cells) {
        clearCell(tr, cell)
        rereadCell(cell)
      }
    }
    for (const table of tables) table.write(tr)
    const cells = tables.flatMap(table => table.settle(tr).map(({ region }) => region))
    written = { ...edit.settle(tr), cells }
  })
  return written!
}

/** The tables that an edit writes into, and those that it takes away. */
function planTables(
  body: Body,
  edit: SequenceEdit,
  options: EditOptions,
): { tables: TableEdit[]; removed: Set<string> } {
  const tables: TableEdit[] = []
  const removed = new Set<string>()
  const shown = new Set<string>()
  for (const segment of edit.segments) {
    const head = segment.head
    if (head !== null && isTable(head.block.node) && head.block.node !== head.entry.node) {
      const tid = head.entry.tid!
      shown.add(tid)
      if (head.block.node.firstChild !== head.entry.node!.firstChild) {
        tables.push(new TableEdit(body.tables, tid, tableIn(head.block), false, options))
      }
    }
    for (const { tid, id, node, marker } of segment.removed) {
      const isTaken = tid !== null && isTable(node!) && !options.moved.has(id!)
      if (isTaken && body.tables.claimants(tid).every(one => one === marker || isGone(one))) removed.add(tid)
    }
    for (const block of segment.added) {
      if (!isTable(block.node)) continue
      const { id, table } = block.node.attrs as { id: string | null; table: string | null }
      const isMoved = id !== null && options.moved.has(id) && table !== null && !shown.has(table)
      // A copy is a table of its own.
      const tid = isMoved ? table : randomId(8)
      shown.add(tid)
      edit.tables.set(block, tid)
      tables.push(new TableEdit(body.tables, tid, tableIn(block), !isMoved, options))
    }
  }
  for (const tid of shown) removed.delete(tid)
  return { tables, removed }
}

function tableIn({ node, position }: PlacedBlock): PlacedBlock {
  return { node: node.firstChild!, position: position + 1 }
}

/** Whether nothing but what stands in one table was changed. */
function isOnlyTable({ segments }: SequenceEdit): boolean {
  const [segment] = segments
  if (segments.length !== 1 || segment!.removed.length > 0 || segment!.added.length > 0) return false
  return segment!.hunks.length === 0 && segment!.head!.block.node.sameMarkup(segment!.head!.entry.node!)
}
