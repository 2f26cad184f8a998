// Who wrote which clocks of a document: claims, written in the batch of the row that makes them, read when a document opens.

import type { DiskReader } from './disk.ts'
import { authorRange, clientOfAuthorKey, clockOfAuthorKey } from './keys.ts'
import { decodeClaim } from './rows.ts'
import type { Claim, Damage } from './store.ts'

/** All claims of a document, by client and clock; one that is not sound is left out, and reported. */
export async function readClaims(disk: DiskReader, number: number): Promise<{ claims: Claim[]; damage: Damage[] }> {
  const claims: Claim[] = []
  const damage: Damage[] = []
  for await (const page of disk.pages(authorRange(number))) {
    for (const [key, value] of page) {
      const claim = decodeClaim(key, value, clientOfAuthorKey(key), clockOfAuthorKey(key))
      if (claim !== undefined) claims.push(claim)
      else damage.push({ what: 'head', detail: 'Who wrote a part of the document was lost.' })
    }
  }
  return { claims, damage }
}
