// Which of the formats that exist a request wants (RFC 9110 section 12.5.1). Pure.

interface Range {
  readonly type: string
  readonly quality: number
  /** A type with a subtype is more specific than `text/*`, which is more specific than a plain asterisk. */
  readonly rank: number
}

/**
 * @param available media types in the server's order of preference.
 * @returns the one to send; undefined when none is acceptable. Without an Accept header it is the first.
 */
export function negotiate<T extends string>(accept: string | undefined, available: readonly T[]): T | undefined {
  if (accept === undefined || accept.trim() === '') return available[0]
  const ranges = accept.split(',').map(parseRange)
  let best: { readonly type: T; readonly quality: number } | undefined
  for (const type of available) {
    const quality = qualityOf(type, ranges)
    if (quality > (best?.quality ?? 0)) best = { type, quality }
  }
  return best?.type
}

function parseRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map(part => part.trim().toLowerCase())
  const q = parameters.find(parameter => parameter.startsWith('q='))?.slice(2)
  const quality = q === undefined ? 1 : Number(q)
  const rank = type === '*/*' ? 0 : type.endsWith('/*') ? 1 : 2
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0, rank }
}

/** The quality of the most specific range that covers the type. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const covering = ranges.filter(
    range => range.rank === 0 || range.type === type || (range.rank === 1 && type.startsWith(range.type.slice(0, -1))),
  )
  return covering.sort((a, b) => b.rank - a.rank)[0]?.quality ?? 0
}
