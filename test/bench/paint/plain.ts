// Plain ProseMirror, to compare with: the same paragraphs in one flat document, no Yjs, no plugins, in a page of its own.

import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { repositoryRoot } from '../../helpers/sources.ts'

const source = `
  import { EditorState, TextSelection } from 'prosemirror-state'
  import { EditorView } from 'prosemirror-view'
  import { Schema } from 'prosemirror-model'
  const schema = new Schema({ nodes: {
    doc: { content: 'paragraph+' },
    paragraph: { content: 'text*', toDOM: () => ['p', 0] },
    text: {},
  } })
  globalThis.openPlain = texts => {
    const doc = schema.node('doc', null, texts.map(text => schema.node('paragraph', null, schema.text(text))))
    const view = new EditorView(document.querySelector('main'), { state: EditorState.create({ doc }) })
    view.dom.className += ' plain'
    let position = 0
    for (let i = 0; i < texts.length >> 1; i++) position += doc.child(i).nodeSize
    view.dispatch(view.state.tr.setSelection(TextSelection.create(doc, position + 3)).scrollIntoView())
    view.focus()
  }
`

let bundle: Promise<string> | undefined

/** Opens the paragraphs with the caret in the middle one. */
export async function openPlain(page: Page, texts: readonly string[]): Promise<void> {
  bundle ??= build({
    stdin: { contents: source, resolveDir: repositoryRoot },
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
  }).then(({ outputFiles }) => outputFiles[0]!.text)
  await page.setContent(
    '<style>main{max-width:720px;margin:80px auto;font:18px/29px serif}.plain{white-space:break-spaces;outline:0}p{margin:0 0 14px}</style><main></main>',
  )
  await page.addScriptTag({ content: await bundle })
  await page.evaluate(
    lines => (globalThis as unknown as { openPlain(texts: readonly string[]): void }).openPlain(lines),
    texts,
  )
}
