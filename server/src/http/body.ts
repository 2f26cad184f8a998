// Request bodies: bounded before they are read, and refused with a sentence that says which field is wrong.

import { SheafError } from '@sheaf/protocol'
import type { z } from 'zod'

/** @throws SheafError `too-large` as soon as more than `maxBytes` were announced or came. */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new SheafError('too-large', `The body is larger than ${maxBytes} bytes.`, { details: { limit: maxBytes } })
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge()
  if (request.body === null) return new Uint8Array()
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += part.byteLength
    if (size > maxBytes) throw tooLarge()
    parts.push(part)
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}

/**
 * Reads a JSON body and checks it.
 * @param mediaTypes what Content-Type may say, the first one being what the caller is told to use.
 * @throws SheafError `unsupported-media-type`, `too-large`, `invalid-json`, `invalid-field`.
 */
export async function readJson<S extends z.ZodType>(
  request: Request,
  options: { schema: S; maxBytes: number; mediaTypes?: readonly string[] },
): Promise<z.infer<S>> {
  const mediaTypes = options.mediaTypes ?? ['application/json']
  expectMediaType(request, mediaTypes)
  return parseJson(await readBytes(request, options.maxBytes), options.schema)
}

/** Checks a body that was read. @throws SheafError `invalid-json`, `invalid-field`. */
export function parseJson<S extends z.ZodType>(body: Uint8Array, schema: S): z.infer<S> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(body))
  } catch (cause) {
    throw new SheafError('invalid-json', 'The body is not valid JSON.', { cause })
  }
  return check(schema, value)
}

/**
 * Checks parsed JSON, or the parameters of a query as an object of strings.
 * @throws SheafError `invalid-field` with the JSON pointer (RFC 6901) of the first wrong field in `field`.
 */
export function check<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const field = pointer(unknown === undefined ? issue.path : [...issue.path, unknown])
  const what = unknown === undefined ? `${issue.message}.` : 'There is no such field.'
  throw new SheafError('invalid-field', field === '' ? what : `${field}: ${what}`, { details: { field } })
}

/** @throws SheafError `unsupported-media-type` unless the body says that it is of one of these types. */
export function expectMediaType(request: Request, mediaTypes: readonly string[]): void {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (!mediaTypes.includes(type)) {
    throw new SheafError(
      'unsupported-media-type',
      `Send the body as ${mediaTypes.join(' or ')}, and say so in Content-Type.`,
    )
  }
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map(key => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
