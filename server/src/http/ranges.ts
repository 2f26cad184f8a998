// Which bytes a request wants (RFC 9110 section 14). Pure.

import type { ByteRange } from '../store/blobs.ts'

/**
 * @param size of the whole.
 * @returns undefined for all of it: no Range header, several ranges, or one that is not understood; null where there are no such bytes.
 */
export function wantedRange(header: string | undefined, size: number): ByteRange | null | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '')
  if (match === null) return undefined
  const [, from = '', to = ''] = match
  if (from === '' && to === '') return undefined
  if (from === '')
    return Number(to) === 0 || size === 0 ? null : { first: Math.max(size - Number(to), 0), last: size - 1 }
  if (to !== '' && Number(to) < Number(from)) return undefined
  if (Number(from) >= size) return null
  return { first: Number(from), last: to === '' ? size - 1 : Math.min(Number(to), size - 1) }
}
