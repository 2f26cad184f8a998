export { FormatError } from './errors.ts'
export { parseHtml } from './html-parse.ts'
export { serializeHtml } from './html-serialize.ts'
export { normalize } from './normalize.ts'
