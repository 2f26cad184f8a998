// What a format says of an input that it refuses.

/** Input that is no document. `path` names the place as a reader of JSON would write it: `content[2].attrs.level`. */
export class FormatError extends Error {
  readonly code = 'invalid-format'
  readonly path: string

  constructor(path: string, message: string) {
    super(path === '' ? message : `${path}: ${message}`)
    this.name = 'FormatError'
    this.path = path
  }
}
