// HTML as a stream of tags and text, by the tokenizer of htmlparser2. Its parser is not used: that one finds every end tag by
// searching a list of all open elements, which takes a minute for 300,000 of them.

import { Tokenizer } from 'htmlparser2'

export type Attributes = Readonly<Record<string, string>>

export interface HtmlListener {
  openTag(name: string, attributes: Attributes): void
  closeTag(name: string): void
  text(text: string): void
}

export function tokenizeHtml(html: string, listener: HtmlListener): void {
  let name = ''
  let attribute = ''
  let value = ''
  let attributes = noAttributes()
  const finishTag = () => listener.openTag(name, attributes)
  const nothing = () => undefined
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      ontext: (start, end) => listener.text(html.slice(start, end)),
      ontextentity: code => listener.text(String.fromCodePoint(code)),
      onopentagname: (start, end) => {
        name = html.slice(start, end).toLowerCase()
        attributes = noAttributes()
      },
      onattribname: (start, end) => {
        attribute = html.slice(start, end).toLowerCase()
        value = ''
      },
      onattribdata: (start, end) => {
        value += html.slice(start, end)
      },
      onattribentity: code => {
        value += String.fromCodePoint(code)
      },
      onattribend: () => {
        attributes[attribute] ??= value
      },
      onopentagend: finishTag,
      onselfclosingtag: finishTag,
      onclosetag: (start, end) => listener.closeTag(html.slice(start, end).toLowerCase()),
      oncomment: nothing,
      oncdata: nothing,
      ondeclaration: nothing,
      onprocessinginstruction: nothing,
      onend: nothing,
    },
  )
  tokenizer.write(html)
  tokenizer.end()
}

/** Without a prototype: a page may name an attribute `__proto__`. */
function noAttributes(): Record<string, string> {
  return Object.create(null) as Record<string, string>
}
