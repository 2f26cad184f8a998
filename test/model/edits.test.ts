// Edits as programs say them, made on a replica: what each target finds, what each op leaves, and what stays of what others write.

import { blocksOf, readBody, readTitle, seedUpdate } from '@sheaf/model'
import { type Edit, EditError, editDocument } from '@sheaf/model/edits'
import { parseMarkdown, serializeMarkdown } from '@sheaf/model/formats'
import type { Node } from 'prosemirror-model'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'

function documentOf(markdown: string): Y.Doc {
  const ydoc = new Y.Doc()
  Y.applyUpdate(ydoc, seedUpdate({ body: blocksOf(parseMarkdown(markdown)) }))
  return ydoc
}

function copyOf(ydoc: Y.Doc): Y.Doc {
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(ydoc))
  return copy
}

function markdownOf(ydoc: Y.Doc): string {
  return serializeMarkdown(readBody(ydoc)).trimEnd()
}

function edited(markdown: string, ...edits: Edit[]): string {
  const ydoc = documentOf(markdown)
  editDocument(ydoc, edits)
  return markdownOf(ydoc)
}

function refusalOf(ydoc: Y.Doc, edits: readonly Edit[], base?: Y.Doc): EditError {
  const before = Y.encodeStateAsUpdate(ydoc)
  try {
    editDocument(ydoc, edits, { base })
  } catch (error) {
    expect(Y.encodeStateAsUpdate(ydoc)).toEqual(before)
    if (error instanceof EditError) return error
    throw error
  }
  throw new Error('The edit was made.')
}

function blockWith(ydoc: Y.Doc, text: string): { id: string; node: Node } {
  const node = blocksOf(readBody(ydoc)).find(block => block.textContent.includes(text))!
  return { id: node.attrs.id as string, node }
}

/** Types where a text stands, as somebody else. */
function type(ydoc: Y.Doc, behind: string, text: string): void {
  editDocument(ydoc, [{ op: 'insert', target: { quote: behind, edge: 'after' }, text }])
}

describe('replaceText', () => {
  test('changes words across marks, and keeps the marks of those that stay', () => {
    expect(
      edited('We **ship in May** and rest.', {
        op: 'replaceText',
        target: { quote: 'ship in May and' },
        text: 'ship in June and',
      }),
    ).toBe('We **ship in June** and rest.')
  })

  test('finds by the loose reading what nobody wrote exactly so, and says that', () => {
    const ydoc = documentOf('Ada’s “plan” – a cafe\u0301.')
    const { results } = editDocument(ydoc, [
      { op: 'replaceText', target: { quote: `Ada's "plan" - a café` }, text: 'It' },
    ])
    expect(results).toMatchObject([{ matchedBy: 'normalized', matches: 1, status: 'applied' }])
    expect(markdownOf(ydoc)).toBe('It.')
  })

  test('over several blocks keeps them apart where it says as many lines', () => {
    expect(
      edited('- one\n- two\n- three', { op: 'replaceText', target: { quote: 'ne\ntwo\nth' }, text: 'ld\n2\nTH' }),
    ).toBe('- old\n- 2\n- THree')
    expect(edited('- one\n- two\n- three', { op: 'replaceText', target: { quote: 'ne\ntwo\nth' }, text: ' ' })).toBe(
      '- o ree',
    )
  })

  test('all of several, or the n-th', () => {
    const target = { quote: 'May' }
    expect(
      edited('May, May and May', { op: 'replaceText', target: { ...target, occurrence: 'all' }, text: 'June' }),
    ).toBe('June, June and June')
    expect(edited('May, May and May', { op: 'replaceText', target: { ...target, occurrence: 2 }, text: 'June' })).toBe(
      'May, June and May',
    )
  })

  test('in a cell of a table', () => {
    const table = '| a | b |\n| --- | --- |\n| one | two |'
    expect(edited(table, { op: 'replaceText', target: { quote: 'two' }, text: 'three' })).toContain('| one | three |')
  })

  test('says which places may be meant, and none is changed', () => {
    const ydoc = documentOf('Ship in May.\n\nRest in May.')
    const error = refusalOf(ydoc, [{ op: 'replaceText', target: { quote: 'May' }, text: 'June' }])
    expect(error.code).toBe('ambiguous-target')
    expect(error.candidates.map(({ context }) => context)).toEqual([
      'Ship in May.\nRest in May.',
      'Ship in May.\nRest in May.',
    ])
    const { anchor } = error.candidates[1]!
    type(ydoc, 'Ship', ' (at last)')
    editDocument(ydoc, [
      { op: 'replaceText', target: { anchor: anchor!, holds: text => text === 'May' }, text: 'June' },
    ])
    expect(markdownOf(ydoc)).toBe('Ship (at last) in May.\n\nRest in June.')
    const prefixed = { quote: 'May', prefix: 'in ', suffix: '.\nRest' }
    editDocument(ydoc, [{ op: 'replaceText', target: prefixed, text: 'July' }])
    expect(markdownOf(ydoc)).toBe('Ship (at last) in July.\n\nRest in June.')
  })

  test('offers what is most like a quote that stands nowhere', () => {
    const error = refusalOf(documentOf('Ship in early May.\n\nSomething else.'), [
      { op: 'delete', target: { quote: 'Ship in late May.' } },
    ])
    expect(error.code).toBe('target-not-found')
    expect(error.candidates.map(({ context }) => context)).toEqual([expect.stringContaining('Ship in early May.')])
  })
})

test('a quote that stands nowhere in a very long document is told soon', () => {
  const ydoc = documentOf(
    Array.from({ length: 8_000 }, (_, index) => `Line ${index} “says” – many things`).join('\n\n'),
  )
  const error = refusalOf(ydoc, [{ op: 'delete', target: { quote: 'Line 77 "says" - nothing' } }])
  expect(error.code).toBe('target-not-found')
  const found = { quote: 'Line 7999 "says" - many' }
  expect(editDocument(ydoc, [{ op: 'delete', target: found }]).results).toMatchObject([{ matchedBy: 'normalized' }])
})

describe('other ops', () => {
  const plan = '# Plan\n\nIntro.\n\n## Risks\n\n- Money\n\n## Next\n\nEnd.'

  test('insert: at the end of a section, at the edges of blocks and of the document', () => {
    expect(
      edited(plan, { op: 'insert', target: { heading: 'Risks', edge: 'end' }, markdown: '- Vendor **delay**' }),
    ).toContain('- Money\n- Vendor **delay**\n\n## Next')
    expect(edited('a', { op: 'insert', target: { document: 'start' }, text: 'x\ny' })).toBe('x\n\ny\n\na')
    expect(edited('a', { op: 'insert', target: { document: 'end' }, markdown: '## z' })).toBe('a\n\n## z')
    expect(edited('', { op: 'insert', target: { document: 'end' }, markdown: '# z' })).toBe('# z')
  })

  test('several at one place stand in their order', () => {
    const at = { document: 'end' } as const
    expect(edited('a', { op: 'insert', target: at, text: 'b' }, { op: 'insert', target: at, text: 'c' })).toBe(
      'a\n\nb\n\nc',
    )
  })

  test('delete: words, a block, a section', () => {
    expect(edited('one two three', { op: 'delete', target: { quote: ' two' } })).toBe('one three')
    expect(edited(plan, { op: 'delete', target: { heading: 'Risks' } })).toBe('# Plan\n\nIntro.\n\n## Next\n\nEnd.')
    expect(edited(plan, { op: 'delete', target: { document: 'all' } })).toBe('<!-- sheaf empty -->')
  })

  test('format, setBlock, setTitle', () => {
    const ydoc = documentOf(plan)
    const link = { type: 'link', attrs: { href: 'https://example.org' } }
    editDocument(ydoc, [
      { op: 'format', target: { quote: 'Intro' }, add: [{ type: 'strong' }, link] },
      { op: 'setBlock', target: { quote: 'End' }, kind: 'task', attrs: { checked: true } },
      { op: 'setTitle', text: 'The plan' },
    ])
    expect(markdownOf(ydoc)).toContain('[**Intro**](https://example.org).')
    expect(markdownOf(ydoc)).toContain('- [x] End.')
    expect(readTitle(ydoc)).toBe('The plan')
    const script = { type: 'link', attrs: { href: 'javascript:alert(1)' } }
    expect(refusalOf(ydoc, [{ op: 'format', target: { quote: 'End' }, add: [script] }]).code).toBe('invalid-edit')
    expect(refusalOf(ydoc, [{ op: 'setBlock', target: { quote: 'End' }, attrs: { colour: 1 } }]).code).toBe(
      'invalid-edit',
    )
  })

  test('move: a section, with its ids', () => {
    const ydoc = documentOf(plan)
    const { id } = blockWith(ydoc, 'Money')
    editDocument(ydoc, [{ op: 'move', target: { heading: 'Next' }, to: { heading: 'Risks', edge: 'before' } }])
    expect(markdownOf(ydoc)).toBe('# Plan\n\nIntro.\n\n## Next\n\nEnd.\n\n## Risks\n\n- Money')
    editDocument(ydoc, [{ op: 'move', target: { heading: 'Risks' }, to: { document: 'start' } }])
    expect(blockWith(ydoc, 'Money').id).toBe(id)
  })

  test('replaceBlock keeps the ids of what stays, and of what is only changed', () => {
    const ydoc = documentOf('- one apple\n- two pears\n- three plums')
    const ids = blocksOf(readBody(ydoc)).map(block => block.attrs.id)
    const markdown = '- zero\n- one apple\n- two red pears\n- three plums'
    editDocument(ydoc, [{ op: 'replaceBlock', target: { document: 'all' }, markdown }])
    expect(markdownOf(ydoc)).toBe(markdown)
    expect(blocksOf(readBody(ydoc)).map(block => block.attrs.id)).toEqual([expect.any(String), ...ids])
  })

  test('two edits of the same words are refused, edits side by side are not', () => {
    const ydoc = documentOf('one two three')
    const both: Edit[] = [
      { op: 'replaceText', target: { quote: 'one two' }, text: '1 2' },
      { op: 'delete', target: { quote: 'two three' } },
    ]
    expect(refusalOf(ydoc, both)).toMatchObject({ code: 'target-overlap', edit: 1 })
    editDocument(ydoc, [
      { op: 'replaceText', target: { quote: 'one' }, text: '1' },
      { op: 'replaceText', target: { quote: 'three' }, text: '3' },
      { op: 'setBlock', target: { quote: 'two' }, kind: 'h2' },
    ])
    expect(markdownOf(ydoc)).toBe('## 1 two 3')
  })

  test('that say what is there already change nothing', () => {
    const ydoc = documentOf('one two')
    const before = Y.encodeStateAsUpdate(ydoc)
    const { results } = editDocument(
      ydoc,
      [
        { op: 'replaceText', target: { quote: 'one' }, text: 'one' },
        { op: 'replaceBlock', target: { document: 'all' }, markdown: 'one two' },
      ].slice(0, 1) as Edit[],
    )
    expect(results).toMatchObject([{ status: 'noop' }])
    expect(Y.encodeStateAsUpdate(ydoc)).toEqual(before)
  })
})

describe('edits for an older state', () => {
  test('go together with what others wrote since, word by word', () => {
    const ydoc = documentOf('Ship in May, not later.\n\nRest.')
    const base = copyOf(ydoc)
    type(ydoc, 'Ship', ' everything')
    type(ydoc, 'Rest', ' well')
    editDocument(ydoc, [{ op: 'replaceText', target: { quote: 'in May' }, text: 'in June' }], { base })
    expect(markdownOf(ydoc)).toBe('Ship everything in June, not later.\n\nRest well.')
  })

  test('a whole new body too, and a move', () => {
    const ydoc = documentOf('# A\n\nShip in May.\n\n# B\n\nRest.')
    const [base, other] = [copyOf(ydoc), copyOf(ydoc)]
    type(ydoc, 'Ship', ' it')
    const markdown = '# A\n\nShip in June.\n\n# B\n\nRest long.'
    editDocument(ydoc, [{ op: 'replaceBlock', target: { document: 'all' }, markdown }], { base })
    expect(markdownOf(ydoc)).toBe('# A\n\nShip it in June.\n\n# B\n\nRest long.')
    editDocument(ydoc, [{ op: 'move', target: { heading: 'B' }, to: { document: 'start' } }], { base: other })
    expect(markdownOf(ydoc)).toBe('# B\n\nRest long.\n\n# A\n\nShip it in June.')
  })

  test('are refused where their words were taken away or changed, or their block', () => {
    const ydoc = documentOf('Ship in May.\n\nRest.')
    const older = () => base(state)
    const state = Y.encodeStateAsUpdate(ydoc)
    editDocument(ydoc, [{ op: 'replaceText', target: { quote: 'May' }, text: 'March' }])
    const error = refusalOf(ydoc, [{ op: 'replaceText', target: { quote: 'in May' }, text: 'in June' }], older())
    expect(error).toMatchObject({ code: 'target-changed', current: 'in March' })
    editDocument(ydoc, [{ op: 'delete', target: { quote: 'Rest' } }])
    expect(refusalOf(ydoc, [{ op: 'delete', target: { block: blockWith(older(), 'Rest').id } }], older()).code).toBe(
      'target-changed',
    )
    expect(refusalOf(ydoc, [{ op: 'delete', target: { quote: 'Rest' } }], older()).code).toBe('target-deleted')
    editDocument(ydoc, [{ op: 'delete', target: { block: blockWith(ydoc, '.').id } }])
    const set: Edit = { op: 'setBlock', target: { block: blockWith(older(), 'Ship').id }, kind: 'h1' }
    expect(refusalOf(ydoc, [set], older()).code).toBe('target-deleted')

    function base(update: Uint8Array): Y.Doc {
      const made = new Y.Doc()
      Y.applyUpdate(made, update)
      return made
    }
  })
})
