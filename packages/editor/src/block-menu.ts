// The menu of a block, or of several: what it can become, where it can go, and that it can go away.

import type { Attrs } from 'prosemirror-model'
import type { Command, EditorState } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { deleteRun, duplicateRun, moveRun, type Run, runOfIds, turnRunInto } from './block-commands.ts'
import { markBlocks, unmarkBlocks } from './marked.ts'
import { Menu, type MenuItem } from './menu.ts'
import { menuIcons } from './menu-icons.ts'
import { slashItems } from './slash-items.ts'
import { toolIcons } from './tool-icons.ts'
import { blockKeys } from './tool-keys.ts'
import { toolWords as words } from './tool-words.ts'

export interface BlockMenuOptions {
  readonly view: EditorView
  readonly layer: HTMLElement
  readonly run: Run
  readonly at: DOMRect
  readonly copyLink: ((blockId: string) => void) | null
  readonly onClose?: () => void
}

/** What text can become without anything being lost. */
const textKinds: ReadonlySet<string> = new Set([
  'paragraph',
  'heading',
  'bullet',
  'ordered',
  'task',
  'toggle',
  'quote',
  'callout',
  'code_block',
])

export function openBlockMenu(options: BlockMenuOptions): Menu {
  const { view, layer, run, at, copyLink } = options
  // Others may edit while it is open: the blocks are found again by their ids.
  const ids = new Set(run.heads.map(({ node }) => node.attrs.id as string | null))
  const perform = (make: (at: (state: EditorState) => Run | null) => Command) => () => {
    make(state => runOfIds(state, ids))(view.state, tr => view.dispatch(tr))
    view.focus()
  }
  const id = run.blocks[0]!.node.attrs.id as string | null
  const link: MenuItem[] =
    copyLink === null || id === null
      ? []
      : [{ name: words.copyLink, icon: toolIcons.link, run: () => copyAndReturn(view, () => copyLink(id)) }]
  const acts: MenuItem[] = [
    { name: words.duplicate, icon: toolIcons.copy, keys: blockKeys.duplicate, run: perform(duplicateRun) },
    ...link,
    { name: words.moveUp, icon: toolIcons['arrow-up'], keys: blockKeys.moveUp, run: perform(at => moveRun('up', at)) },
    {
      name: words.moveDown,
      icon: toolIcons['arrow-down'],
      keys: blockKeys.moveDown,
      run: perform(at => moveRun('down', at)),
    },
  ]
  const kinds = run.heads.some(({ node }) => node.isTextblock)
    ? slashItems.filter(item => textKinds.has(item.type.name))
    : []
  const turn: MenuItem = {
    name: words.turnInto,
    icon: toolIcons.pencil,
    items: kinds.map(item => ({
      name: item.name,
      icon: menuIcons[item.icon],
      isOn: run.heads.every(({ node }) => node.type === item.type && isAlike(node.attrs, item.attrs)),
      run: perform(at => turnRunInto(item.type, item.attrs, at)),
    })),
  }
  markBlocks(view, run.blocks, 'sheaf-meant')
  return new Menu({
    layer,
    name: words.blockMenu,
    at,
    groups: [
      kinds.length > 0 ? [turn, ...acts] : acts,
      [
        {
          name: words.delete,
          icon: toolIcons['trash-2'],
          keys: blockKeys.delete,
          isDanger: true,
          run: perform(deleteRun),
        },
      ],
    ],
    onClose: how => {
      unmarkBlocks(view)
      if (how === 'back') view.focus()
      options.onClose?.()
    },
  })
}

function copyAndReturn(view: EditorView, copy: () => void): void {
  copy()
  view.focus()
}

function isAlike(attrs: Attrs, wanted: Attrs): boolean {
  return Object.entries(wanted).every(([name, value]) => attrs[name] === value)
}
