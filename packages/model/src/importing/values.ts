// Values of a foreign document: read by `typeof`, cleaned, and only those that a body can hold and a reader may follow.

import { cleanText } from '../formats/inline.ts'
import { maxValueBytes } from '../kinds.ts'
import { safeHref, safeSource } from '../schema.ts'
import type { Attributes } from './walk.ts'

/** The first of the attributes that says something, as text; numbers count as text. */
export function textOf(attributes: Attributes, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = own(attributes, name)
    if (typeof value === 'string' && value !== '') return cleanText(value)
    if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  }
  return undefined
}

/** A whole number, also where it was stored as text (`300`, `300px`). */
export function integerOf(attributes: Attributes, ...names: readonly string[]): number | undefined {
  const match = /^(-?\d{1,9})(?:\.\d+)?(?:px)?$/.exec(textOf(attributes, ...names) ?? '')
  return match === null ? undefined : Number(match[1])
}

export function isSet(attributes: Attributes, name: string): boolean {
  const value = own(attributes, name)
  return value === true || value === 'true'
}

export function isUnset(attributes: Attributes, name: string): boolean {
  const value = own(attributes, name)
  return value === false || value === 'false'
}

/** Alignment of a block in the words of the layout. */
export function alignOf(attributes: Attributes): string | undefined {
  const align = textOf(attributes, 'textAlign', 'align', 'textAlignment', 'alignment')?.toLowerCase()
  return align === 'right' ? 'end' : align
}

/** An address that may be followed and that a register or a mark can hold; else undefined. */
export function linkOf(address: string | undefined): string | undefined {
  return address !== undefined && safeHref(address) === address && fits(address) ? address : undefined
}

/** The address of a picture that may be shown and that a register can hold; else undefined. */
export function sourceOf(address: string | undefined): string | undefined {
  return address !== undefined && safeSource(address) === address && fits(address) ? address : undefined
}

/** Whether a register holds the value: what is longer is not written. */
export function fits(value: string): boolean {
  return value.length <= maxValueBytes && new TextEncoder().encode(JSON.stringify(value)).length <= maxValueBytes
}

/** A property of the value itself: `__proto__` and `constructor` in a document are data like any other. */
export function own(attributes: Attributes, name: string): unknown {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined
}

/** `bulletList`, `bullet_list` and `bullet-list` are one name. */
export function plainName(name: string): string {
  return name.replace(/[-_]/g, '').toLowerCase()
}
