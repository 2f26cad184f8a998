// Updates of somebody who types: one Yjs v1 update for each character, into root `body`.

import * as Y from 'yjs'

export function typeInto(text: string): Uint8Array[] {
  const ydoc = new Y.Doc()
  const updates: Uint8Array[] = []
  ydoc.on('update', (update: Uint8Array) => updates.push(update))
  for (const character of text) ydoc.getText('body').insert(ydoc.getText('body').length, character)
  return updates
}
