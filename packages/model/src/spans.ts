// Marks are spans. A format item `strong~<counter>~<uid>` opens a span, the same key with null closes it, and the effective
// mark at a place is the open span with the highest (counter, uid). This file is the state machine that reading and writing
// share: a bounded, immutable value that is a function of the format items to the left.

import { Mark } from 'prosemirror-model'
import { markName, readMark } from './kinds.ts'

export interface SpanKey {
  readonly name: string
  readonly counter: number
  /** Empty in spans that were written together with their block. */
  readonly uid: string
}

interface Span extends SpanKey {
  readonly key: string
  /** Null says "not marked". */
  readonly mark: Mark | null
}

/** Spans of one mark that count at one place: the first so many that were opened. Ten thousand took 17 s. */
const maxSpansOfMark = 32
const maxSpans = 512

/** The spans that are open at a place. */
export class OpenSpans {
  static readonly none = new OpenSpans([])
  readonly #spans: readonly Span[]
  #marks: readonly Mark[] | null = null

  private constructor(spans: readonly Span[]) {
    this.#spans = spans
  }

  /** The effective marks, sorted as ProseMirror sorts them. */
  get marks(): readonly Mark[] {
    this.#marks ??= effectiveMarks(this.#spans)
    return this.#marks
  }

  /** The state behind a format item. */
  after(key: string, value: unknown): OpenSpans {
    const at = this.#spans.findIndex(span => span.key === key)
    if (value === null || value === undefined) {
      return at < 0 ? this : this.#spans.length === 1 ? OpenSpans.none : new OpenSpans(this.#spans.toSpliced(at, 1))
    }
    const parsed = parseSpanKey(key)
    if (parsed === null) return this
    const mark = readMark(parsed.name, value)
    if (mark === undefined) return this
    const span = { ...parsed, key, mark }
    if (at >= 0) return new OpenSpans(this.#spans.with(at, span))
    if (this.#spans.length >= maxSpans) return this
    const ofMark = this.#spans.reduce((count, open) => count + (open.name === parsed.name ? 1 : 0), 0)
    return ofMark >= maxSpansOfMark ? this : new OpenSpans([...this.#spans, span])
  }

  has(key: string): boolean {
    return this.#spans.some(span => span.key === key)
  }

  /** The effective mark of one name; null where it is not marked. */
  mark(name: string): Mark | null {
    return winner(this.#spans, name)?.mark ?? null
  }

  /** The highest counter among the open spans of one mark; 0 where there is none. */
  highestCounter(name: string): number {
    return this.#spans.reduce((highest, span) => (span.name === name ? Math.max(highest, span.counter) : highest), 0)
  }

  eq(other: OpenSpans): boolean {
    if (this === other) return true
    if (this.#spans.length !== other.#spans.length) return false
    return this.#spans.every((span, index) => {
      const twin = other.#spans[index]!
      return (
        span.key === twin.key && (span.mark === twin.mark || (span.mark !== null && twin.mark?.eq(span.mark) === true))
      )
    })
  }
}

export function spanKey({ name, counter, uid }: SpanKey): string {
  return `${name}~${counter}~${uid}`
}

/** Null where the key is malformed: such format items mean nothing to anybody. */
export function parseSpanKey(key: string): SpanKey | null {
  const match = /^([A-Za-z][A-Za-z0-9_-]{0,31})~(\d{1,9})~([0-9A-Za-z]{0,16})$/.exec(key)
  return match === null ? null : { name: match[1]!, counter: Number(match[2]), uid: match[3]! }
}

function winner(spans: readonly Span[], name: string): Span | undefined {
  let best: Span | undefined
  for (const span of spans) {
    if (span.name === name && (best === undefined || outranks(span, best))) best = span
  }
  return best
}

function outranks(a: SpanKey, b: SpanKey): boolean {
  return a.counter !== b.counter ? a.counter > b.counter : a.uid > b.uid
}

function effectiveMarks(spans: readonly Span[]): readonly Mark[] {
  if (spans.length === 0) return Mark.none
  const names = [...new Set(spans.map(span => span.name))].sort()
  const marks = names.flatMap(name => winner(spans, name)?.mark ?? [])
  return Mark.setFrom(marks)
}

/** Whether two mark sets are the same, whatever their order. */
export function sameMarks(a: readonly Mark[], b: readonly Mark[]): boolean {
  return a === b || (a.length === b.length && a.every(mark => b.some(other => other.eq(mark))))
}

/** The mark of one name in a set; null where there is none. */
export function markNamed(marks: readonly Mark[], name: string): Mark | null {
  return marks.find(mark => markName(mark) === name) ?? null
}
