// What a copy puts on the clipboard: our own slice, which loses nothing between documents of one browser; semantic HTML for every other
// program, and plain text.

import { schema } from '@sheaf/model'
import { writeCopied } from '@sheaf/model/formats'
import { Slice } from 'prosemirror-model'
import type { EditorView } from 'prosemirror-view'
import { withTitles } from './mention-titles.ts'
import { withWholeTables } from './tables-slice.ts'

const sliceType = 'application/x-sheaf-slice'

/** Puts what is selected on the clipboard. */
export function copyTo(data: DataTransfer, view: EditorView): void {
  const { dom, text, slice } = view.serializeForClipboard(view.state.selection.content())
  const named = withTitles(view, slice)
  data.clearData()
  data.setData('text/html', semanticHtml(named) ?? dom.innerHTML)
  data.setData('text/plain', view.someProp('clipboardTextSerializer', serialize => serialize(named, view)) ?? text)
  data.setData(sliceType, JSON.stringify(slice.toJSON()))
}

/** What was copied in a document of ours; null where it was not, or where it is nothing that a document holds. */
export function ownSlice(data: DataTransfer): Slice | null {
  const json = data.getData(sliceType)
  if (json === '') return null
  try {
    const slice = Slice.fromJSON(schema, JSON.parse(json))
    for (const node of slice.content.content) node.check()
    return slice
  } catch {
    // Another page made it up, or a newer Sheaf copied it: its HTML is read instead.
    return null
  }
}

/** Null where something is selected that is no block. */
function semanticHtml(copied: Slice): string | null {
  const { content, openStart } = withWholeTables(copied)
  const blocks = content.content
  if (!blocks.every(({ type }) => type.isInGroup('block'))) return null
  const html = writeCopied(blocks)
  // Words out of a line are no paragraph.
  const isWords = blocks.length === 1 && openStart > 0 && blocks[0]!.type === schema.nodes.paragraph
  return isWords ? html.replace(/<\/?p>/g, '') : html
}
