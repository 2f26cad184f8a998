// A DOM for scripts: ProseMirror's EditorView wants the globals of a browser. Import it before anything that makes a view.

import { Window } from 'happy-dom'

if (!('document' in globalThis)) {
  const browser = new Window()
  Object.assign(globalThis, {
    window: browser,
    document: browser.document,
    getComputedStyle: browser.getComputedStyle.bind(browser),
    getSelection: () => browser.document.getSelection(),
  })
}
