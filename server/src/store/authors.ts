// Who wrote which clocks of a document: claims, written in the batch of the row that makes them, read when a document opens.

import type { DiskReader } from './disk.ts'
import { authorRange, clientOfAuthorKey, clockOfAuthorKey } from './keys.ts'
import { isUnreadable } from './loading.ts'
import { decodeClaim } from './rows.ts'
import type { Claim, Damage } from './store.ts'

/** All claims of a document, by client and clock; one that is not sound is left out, and reported. */
export async function readClaims(disk: DiskReader, number: number): Promise<{ claims: Claim[]; damage: Damage[] }> {
  const claims: Claim[] = []
  const damage: Damage[] = []
  const lost = () => damage.push({ what: 'head', detail: 'Who wrote a part of the document was lost.' })
  try {
    for await (const page of disk.pages(authorRange(number))) {
      for (const [key, value] of page) {
        const claim = decodeClaim(key, value, clientOfAuthorKey(key), clockOfAuthorKey(key))
        if (claim !== undefined) claims.push(claim)
        else lost()
      }
    }
  } catch (error) {
    // The text can be read without them.
    if (!isUnreadable(error)) throw error
    lost()
  }
  return { claims, damage }
}
