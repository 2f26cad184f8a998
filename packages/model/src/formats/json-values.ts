// What stands in JSON that somebody sent, judged by its type; what is wrong is named by its place.

import { FormatError } from './errors.ts'

export type JsonObject = { readonly [name: string]: unknown }

export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

export function object(value: unknown, path: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FormatError(path, 'must be an object')
  return value as JsonObject
}

export function list(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new FormatError(path, 'must be a list')
  return value
}

export function string(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new FormatError(path, 'must be a string')
  return value
}
