// Every plugin of the real editor but its binding, the tools of tables among them, for editors without a DOM. They are taken from an
// editor on an empty document, so that this list cannot fall behind; what they draw is left out.

import './dom.ts'
import { openBody, seedUpdate } from '@sheaf/model'
import type { Plugin } from 'prosemirror-state'
import * as Y from 'yjs'
import { createEditor } from '../../packages/editor/src/editor.ts'
import { textCommands } from '../../packages/editor/src/keymap.ts'
import { tablePlugins } from '../../packages/editor/src/tables-tools.ts'
import { toolPlugins } from '../../packages/editor/src/tools.ts'

const ydoc = new Y.Doc()
openBody(ydoc)
Y.applyUpdate(ydoc, seedUpdate())
const editor = createEditor({ mount: document.createElement('div'), ydoc })
const isBinding = (plugin: Plugin): boolean =>
  (plugin as unknown as { readonly key: string }).key.startsWith('sheaf-binding')

const tools = toolPlugins({
  view: editor.view,
  layer: document.createElement('div'),
  copyLink: null,
  title: null,
  asOneStep: run => run(),
  presence: null,
  resolve: () => null,
  commands: textCommands({ undo: () => false, redo: () => false, editLink: () => false }),
})

export const editorStack: readonly Plugin[] = [
  ...editor.view.state.plugins.filter(plugin => !isBinding(plugin)),
  ...tablePlugins(document.createElement('div')),
  ...tools.plugins,
  ...tools.rules,
]
