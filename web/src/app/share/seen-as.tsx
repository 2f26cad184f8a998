// Says that one sees a document with a lesser right than one has, and leads back. The server itself lets no more through meanwhile.

import type { VNode } from 'preact'
import { accountWords } from '../account/account-words.ts'
import { Icon } from '../parts/icon.tsx'
import type { SeenAs } from '../router.ts'

export function SeenAsBanner({ documentId, role }: { documentId: string; role: SeenAs }): VNode {
  return (
    <div class="banners">
      <div class="banner plain" role="status">
        <Icon name="eye" size={18} />
        <p>{accountWords.seenAs[role]}</p>
        <span class="banner-actions">
          <a class="button line" href={`/d/${documentId}`}>
            {accountWords.backToMine}
          </a>
        </span>
      </div>
    </div>
  )
}
