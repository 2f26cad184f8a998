// What a strange, broken or newer client may write into a body.

import * as Y from 'yjs'
import type { Random } from './random.ts'

const registers = [
  'kind',
  'indent',
  'checked',
  'language',
  'src',
  'alt',
  'width',
  'tone',
  'open',
  'align',
  'start',
  'gone',
  'was',
]
const kinds = [
  'paragraph',
  'h1',
  'h4',
  'h9',
  'bullet',
  'ordered',
  'task',
  'code',
  'image',
  'divider',
  'table',
  'constructor',
  '',
]

function strangeValue(random: Random): unknown {
  return random.pick([
    null,
    true,
    false,
    0,
    -5,
    3,
    1.5,
    1e300,
    Number.NaN,
    'x',
    '',
    '12',
    'center',
    '😀',
    '\ud83d',
    [],
    [1],
    {},
    { href: 'javascript:alert(1)' },
    { href: 5 },
    { color: 3 },
    { kind: 'mention', label: 7 },
    { kind: 'unknown', a: { b: 1 } },
    { kind: 'math', tex: 'x' },
    { ['__proto__']: 1 },
    1n,
    new Uint8Array([1, 2]),
  ])
}

function strangeKey(random: Random): string {
  const name = random.pick(['strong', 'em', 'link', 'highlight', 'newer', 'constructor', '__proto__', 'code'])
  return random.pick([
    name,
    `${name}~1~ab`,
    `${name}~${random.below(5)}~${random.pick(['ab', 'cd', 'Z'])}`,
    `${name}~~`,
    `${name}~-1~x`,
    `${name}~1e9~x`,
    '~1~a',
    `${name}~${'9'.repeat(30)}~a`,
  ])
}

/**
 * One strange act on the body, through whatever Yjs offers. Never inside of a character of two code units: where a foreign client
 * writes there, Yjs itself keeps different texts on different replicas.
 */
export function disturb(random: Random, ydoc: Y.Doc): void {
  const body = ydoc.getText('body')
  const boundary = characterBoundaries(body)
  const at = boundary(random.below(body.length + 1))
  const kind = random.below(9)
  if (kind <= 1) body.insert(at, random.pick(['hello', 'a\nb', '\r\n', '\u0000', 'x'.repeat(50), '\ufffc']))
  else if (kind <= 3) {
    const map = new Y.Map<unknown>()
    for (const name of registers) {
      if (random.chance(0.25))
        map.set(name, name === 'kind' && random.chance(0.7) ? random.pick(kinds) : strangeValue(random))
    }
    if (random.chance(0.1)) map.set('kind', new Y.Map())
    if (random.chance(0.2)) map.set('was', random.pick(['a.1', 'a.1~', '7s.0', '7s.1', '7s.5', '7s.9~']))
    body.insertEmbed(at, map)
  } else if (kind === 4) body.insertEmbed(at, random.pick([new Y.Text('inner'), new Y.Array(), new Y.XmlElement('p')]))
  else if (kind === 5) {
    const value = strangeValue(random)
    if (typeof value === 'object' && value !== null) body.insertEmbed(at, value)
  } else if (kind <= 7 && body.length > 0) {
    const from = boundary(random.below(body.length))
    const to = boundary(from + 1 + random.below(body.length - from))
    const value = strangeValue(random)
    if (typeof value !== 'bigint' && to > from) body.format(from, to - from, { [strangeKey(random)]: value })
  } else if (body.length > 0) {
    const from = boundary(random.below(body.length))
    const to = boundary(Math.min(from + 1 + random.below(3), body.length))
    if (to > from) body.delete(from, to - from)
  }
}

/** Moves an index that is inside of a character to its start. */
function characterBoundaries(body: Y.Text): (index: number) => number {
  let units = ''
  for (const { insert } of body.toDelta() as { insert: unknown }[]) units += typeof insert === 'string' ? insert : '\n'
  return index => (/[\ud800-\udbff]/.test(units[index - 1] ?? '') ? index - 1 : index)
}
