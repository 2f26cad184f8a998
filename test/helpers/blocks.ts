// Random blocks, and documents to compare without their ids.

import { blocksOf, calloutTones, schema } from '@sheaf/model'
import type { Mark, Node } from 'prosemirror-model'
import type { Random } from './random.ts'

const words = ['a', 'be', 'sea', 'deep', 'é', '😀', 'word', ' ', ' ', ', ', '😀😁', 'ab', 'ba']

export function randomText(random: Random, most = 6): string {
  let text = ''
  for (let i = random.below(most + 1); i > 0; i--) text += random.pick(words)
  return text
}

export function randomMarks(random: Random): Mark[] {
  const { marks } = schema
  let set: readonly Mark[] = []
  while (random.chance(0.25)) {
    const mark = random.pick([
      marks.strong.create(),
      marks.em.create(),
      marks.code.create(),
      marks.link.create({ href: `https://example.org/${random.below(2)}` }),
      marks.highlight.create({ color: random.chance(0.5) ? null : 1 + random.below(3) }),
    ])
    set = mark.addToSet(set)
  }
  return [...set]
}

export function randomInline(random: Random, isCode: boolean): Node[] {
  const inline: Node[] = []
  for (let i = random.below(4); i > 0; i--) {
    const marks = isCode ? [] : randomMarks(random)
    const text = randomText(random)
    if (random.chance(0.12)) inline.push(schema.nodes.inline_math.create({ tex: `x_${random.below(3)}` }, null, marks))
    else if (random.chance(0.1)) {
      inline.push(isCode ? schema.text('\n') : schema.nodes.hard_break.create(null, null, marks))
    } else if (text !== '') inline.push(schema.text(text, marks))
  }
  return inline
}

export function randomBlock(random: Random, id: string | null = null): Node {
  const { nodes } = schema
  const indent = random.chance(0.7) ? 0 : random.below(3)
  const [type, attrs] = random.pick([
    [nodes.paragraph, {}],
    [nodes.paragraph, { align: 'center' }],
    [nodes.heading, { level: 1 + random.below(4) }],
    [nodes.bullet, {}],
    [nodes.ordered, { start: random.chance(0.5) ? null : random.below(9) }],
    [nodes.task, { checked: random.chance(0.5) }],
    [nodes.quote, {}],
    [nodes.callout, { tone: random.pick(calloutTones) }],
    [nodes.toggle, { open: random.chance(0.5) }],
    [nodes.code_block, { language: random.chance(0.5) ? null : 'js' }],
    [nodes.math_block, {}],
    [nodes.image, { src: 'https://example.org/a.png', alt: 'a', width: 1 + random.below(400) }],
    [nodes.divider, {}],
    [nodes.embed, { src: 'https://example.org' }],
  ] as const)
  return type.create({ ...attrs, id, indent }, randomInline(random, type.spec.code === true))
}

/** What people see: the blocks without their ids. */
export function shownBlocks(doc: Node): unknown[] {
  return blocksOf(doc).map(block => block.type.create({ ...block.attrs, id: null }, block.content).toJSON())
}
