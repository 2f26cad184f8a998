// Values as Yjs has decoded them: what the bytes alone cannot show (rule U6).

import * as Y from 'yjs'
import { refuse } from './gate-rules.ts'

/** @throws SheafError `invalid-update` for a key that reaches a prototype. */
export function checkContent(content: Y.Item['content']): void {
  if (content instanceof Y.ContentEmbed) checkKeys(content.embed)
  else if (content instanceof Y.ContentFormat) checkKeys(content.value)
  else if (content instanceof Y.ContentJSON) checkKeys(content.arr)
}

/** JSON may spell a key in escapes, so it is looked for in what was parsed. Depth is bounded by the pre-scan. */
function checkKeys(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (Object.hasOwn(value, '__proto__')) refuse('U6', 'A value has a key __proto__.')
  for (const member of Object.values(value)) checkKeys(member)
}
