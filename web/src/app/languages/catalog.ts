// What a catalog of the interface says: all of these words, in the order of the files that say them in English. What it leaves out is said
// in English, and test/web/catalogs.test.ts names it.

import type { Translated } from '@sheaf/editor/overlay'
import type { AccountWords } from '../account/account-words.ts'
import type { AdminWords } from '../admin/admin-words.ts'
import type { AroundWords } from '../document/around-words.ts'
import type { EndingWords } from '../document/ending-words.ts'
import type { TemplateWords } from '../home/template-words.ts'
import type { HomeWords } from '../home/words.ts'
import type { Words } from '../words.ts'

export type Catalog = Translated<Omit<Words, 'around' | 'homePage' | 'templates' | 'ending' | 'account' | 'admin'>> & {
  readonly around: Translated<AroundWords>
  readonly homePage: Translated<HomeWords>
  readonly templates: Translated<TemplateWords>
  readonly ending: Translated<EndingWords>
  readonly account: Translated<AccountWords>
  readonly admin: Translated<AdminWords>
}
