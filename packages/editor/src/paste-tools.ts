// What is done with a paste and a copy; comes when the text has had the focus for a while, or with the first of them. What was copied in
// a document of ours comes back as it was; an address over selected words is their link; what other programs wrote is read as what they
// meant, and plain text as Markdown where its signs say so, which one Mod-Z takes back to plain text.

import { isTable, safeHref, schema } from '@sheaf/model'
import { type CopiedBlocks, readCopied } from '@sheaf/model/formats'
import { Fragment, type Node, Slice } from 'prosemirror-model'
import { TextSelection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { structuralMeta } from './binding.ts'
import { isCode, isInCell } from './blocks.ts'
import { copyTo, ownSlice } from './clipboard-data.ts'
import { withoutTitles } from './mention-titles.ts'
import type { PasteOptions } from './paste-port.ts'
import { portsOf } from './ports.ts'
import { deleteSelected } from './ranges.ts'
import { parseCells, tableOfTexts } from './tables-text.ts'

/** One address, and nothing beside it. */
const address = /^(https?:\/\/|mailto:)[^\s<>"]+$/i

export class PasteTools {
  readonly #view: EditorView
  readonly #options: PasteOptions
  /** The text of the last formatted paste, while nothing was written since. */
  #formatted: string | null = null

  constructor(view: EditorView, options: PasteOptions) {
    this.#view = view
    this.#options = options
  }

  /** What Mod-Z does right after a formatted paste. */
  keepPlain(): boolean {
    const text = this.#formatted
    if (text === null || !this.#options.undo()) return false
    this.forget()
    this.#view.pasteText(text)
    this.#view.focus()
    return true
  }

  /** Something was written: the last paste can no longer be taken back by itself. */
  forget(): void {
    if (this.#formatted === null) return
    this.#formatted = null
    this.#options.onFormatted(null)
  }

  /** False where nothing is selected. */
  copy(data: DataTransfer): boolean {
    if (this.#view.state.selection.empty) return false
    copyTo(data, this.#view)
    return true
  }

  cut(data: DataTransfer): boolean {
    if (!this.copy(data)) return false
    const view = this.#view
    if (!view.editable) return true
    const isDone = deleteSelected(view.state, tr => view.dispatch(tr.setMeta(structuralMeta, true)))
    if (!isDone) view.dispatch(view.state.tr.deleteSelection().scrollIntoView().setMeta('uiEvent', 'cut'))
    return true
  }

  /** False where it is best pasted as the editor does by itself: in code, and where there is neither HTML nor text. */
  paste(data: DataTransfer): boolean {
    if (isCode(this.#view.state.selection.$from.parent)) return false
    // Copied before these tools were there: the editor's own HTML, which it reads best itself.
    if (data.getData('text/html').includes(' data-pm-slice=')) return false
    const own = ownSlice(data)
    if (own !== null) return this.#insert(own)
    const copied = {
      html: data.getData('text/html'),
      text: data.getData('text/plain'),
      editorData: data.getData('vscode-editor-data'),
    }
    const text = copied.text.trim()
    if (address.test(text)) return this.#pasteLink(text)
    // A picture that comes as a file, too, is not what stands on its page.
    if (text === '' && (copied.html === '' || data.files.length > 0)) return false
    // What comes out of a spreadsheet as text alone goes into cells.
    if (copied.html === '' && copied.text.includes('\t') && isInCell(this.#view.state.selection.$from))
      return this.#insert(new Slice(Fragment.from(tableOfTexts(parseCells(copied.text))), 0, 0))
    const found = readCopied(copied)
    return found === null ? this.#view.pasteText(copied.text) : this.#insertCopied(found, copied.text)
  }

  #insertCopied({ blocks, isMarkdown }: CopiedBlocks, text: string): true {
    this.#insert(withoutTitles(sliceOf(blocks)))
    if (!isMarkdown) return true
    this.#formatted = text
    this.#options.onFormatted({ keepPlain: () => this.keepPlain() })
    return true
  }

  /** Selected words become a link; where none are, the address is one, and that of a document of ours mentions it. */
  #pasteLink(href: string): true {
    const view = this.#view
    const { selection } = view.state
    const link = schema.marks.link.create({ href: safeHref(href) })
    const isWords = selection instanceof TextSelection && !selection.empty && selection.$from.sameParent(selection.$to)
    const id = isWords ? null : (portsOf(view).documents?.idOf(href) ?? null)
    if (id !== null) return this.#insert(sliceOfInline(schema.nodes.mention.create({ target: 'document', ref: id })))
    if (!isWords) return this.#insert(sliceOfInline(schema.text(href, [link])))
    const tr = view.state.tr.addMark(selection.from, selection.to, link)
    view.dispatch(tr.setMeta('paste', true).setMeta('uiEvent', 'paste'))
    return true
  }

  /** As ProseMirror pastes what it has read. */
  #insert(slice: Slice): true {
    const view = this.#view
    let shown = slice
    view.someProp('transformPasted', transform => {
      shown = transform(shown, view, false)
    })
    const event = new ClipboardEvent('paste')
    if (view.someProp('handlePaste', handle => handle(view, event, shown) || undefined) === true) return true
    const only =
      shown.openStart + shown.openEnd === 0 && shown.content.childCount === 1 ? shown.content.firstChild! : null
    const tr = only === null ? view.state.tr.replaceSelection(shown) : view.state.tr.replaceSelectionWith(only, false)
    view.dispatch(tr.scrollIntoView().setMeta('paste', true).setMeta('uiEvent', 'paste'))
    return true
  }
}

function sliceOfInline(node: Node): Slice {
  return new Slice(Fragment.from(node), 0, 0)
}

/** Text at both ends runs together with what is around it; code, and what holds no text of its own, stands by itself. */
function sliceOf(blocks: readonly Node[]): Slice {
  const openness = (block: Node): number => (isTable(block) || (isCode(block) && blocks.length === 1) ? 0 : 1)
  return new Slice(Fragment.from(blocks), openness(blocks[0]!), openness(blocks.at(-1)!))
}
