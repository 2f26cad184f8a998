// What is put on blocks and atoms when the page has been shown; see shells.ts.

import { dressCallout } from './callout-dress.ts'
import { dressCode } from './code-dress.ts'
import type { Dresser } from './dress.ts'
import { dressEmbed, dressImage } from './image-dress.ts'
import { dressInlineMath, dressMathBlock } from './math-dress.ts'
import { dressMention } from './mention-dress.ts'
import { dressFootnote } from './note-dress.ts'

export const dresses: Readonly<Record<string, Dresser>> = {
  callout: dressCallout,
  code_block: dressCode,
  embed: dressEmbed,
  footnote: dressFootnote,
  image: dressImage,
  inline_math: dressInlineMath,
  math_block: dressMathBlock,
  mention: dressMention,
}
