// Tables in the editor, as much of it as a page loads first: how they are shown, and that the code that edits them comes as soon as the document has one (decision 0009). The editor's state is then configured anew.

import { isTable } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { Plugin } from 'prosemirror-state'
import { addPlugins } from './later.ts'
import { TableView } from './tables-view.ts'

/** Sections that were looked through, and whether a table stands in them. */
const known = new WeakMap<Node, boolean>()

/** @param layer where what floats over the text is put */
export function tables(layer: HTMLElement): Plugin {
  let state: 'absent' | 'coming' | 'here' = 'absent'
  const plugin: Plugin = new Plugin({
    props: { nodeViews: { table: node => new TableView(node) } },
    view: view => {
      const look = (): void => {
        // Who only reads needs none of it.
        if (state !== 'absent' || !view.editable || !hasTable(view.state.doc)) return
        state = 'coming'
        import('./tables-tools.ts').then(
          tools => {
            state = 'here'
            addPlugins(view, tools.tablePlugins(layer), plugin)
          },
          () => {
            // No network, and not in the cache: words can be written in cells all the same. Asked for again with the next change.
            state = 'absent'
          },
        )
      }
      look()
      return { update: look }
    },
  })
  return plugin
}

function hasTable(doc: Node): boolean {
  return doc.children.some(section => {
    let has = known.get(section)
    if (has === undefined) {
      has = section.children.some(isTable)
      known.set(section, has)
    }
    return has
  })
}
