// What keeps the comparison honest: the peers do the same edits as ours, keep what their tree can keep, and lose where it cannot.

import { describe, expect, test } from 'vitest'
import { type Case, type Choice, typed } from './cases.ts'
import { runEdit } from './matrix.ts'
import { type PeerEdit, peerEdits, peerNames, runPeerEdit, runPeerTableEdit } from './peers.ts'
import { tableEdits } from './table-edits.ts'
import { runTableEdit } from './tables.ts'

const elsewhere: Choice = ({ act, place, swapped }) => act === 'do' && place === 'another block' && !swapped
const inside: Choice = ({ act, place }) => act === 'do' && place === 'inside the second word'
const inTarget: Choice = ({ place, swapped }) => /^(start of the block|inside the .* word)$/.test(place) && !swapped

describe.each(peerNames)('%s', name => {
  test('an edit leaves the same text as ours when somebody types in another block', () => {
    for (const edit of peerEdits) {
      const ours = texts(runEdit(edit.ours, elsewhere))
      expect([edit.name, texts(runPeerEdit(name, edit, elsewhere))]).toEqual([edit.name, ours])
    }
  })

  test.each(['check', 'h1 to h3', 'replace all text', 'link a word', 'insert a block before'])('%s keeps all', edit => {
    const cases = runPeerEdit(name, named(edit), inTarget)
    expect(new Set(cases.map(({ outcome }) => outcome))).toEqual(new Set(['kept']))
  })

  test.each(['retype to h1', 'retype to code', 'wrap in quote', 'delete block'])('%s loses what others type', edit => {
    const theirs = runPeerEdit(name, named(edit), inside)
    expect(theirs.map(({ outcome }) => outcome)).toEqual(['lost', 'lost'])
    expect(theirs[0]?.after.join('')).not.toMatch(/[①②③]/)
    expect(runEdit(named(edit).ours, inside).map(({ outcome }) => outcome)).toEqual(['kept', 'kept'])
  })
})

test.each(peerNames)('%s does the same to a table as ours when somebody types in another block', name => {
  for (const edit of tableEdits) {
    expect([edit.name, texts(runPeerTableEdit(name, edit, elsewhere))]).toEqual([
      edit.name,
      texts(runTableEdit(edit, elsewhere)),
    ])
  }
})

/** The texts of the one case, without what was typed; a divider is a block without text in ours and none of text in a tree. */
function texts([one, ...more]: readonly Case[]): string[] {
  expect([one, more.length]).toEqual([expect.anything(), 0])
  return one!.after.map(text => text.replace(typed, '')).filter(text => text !== '')
}

function named(name: string): PeerEdit {
  return peerEdits.find(edit => edit.name === name)!
}
