// The extended autolinks of GFM (specification, section 6.9) in text that was read already: `http://`, `https://`, `www.` and
// addresses of mail.

import type { Token } from 'markdown-it'
import { append } from './lists.ts'

interface Autolink {
  readonly from: number
  readonly to: number
  readonly href: string
}

export function autolinkTokens(children: readonly Token[], create: typeof Token): Token[] {
  const result: Token[] = []
  let links = 0
  let before = ''
  for (const token of children) {
    if (token.type === 'link_open') links++
    else if (token.type === 'link_close') links--
    else if (token.type === 'html_inline') {
      if (/^<a[\s>]/i.test(token.content)) links++
      else if (/^<\/a\s*>/i.test(token.content)) links = Math.max(links - 1, 0)
    }
    const found = token.type === 'text' && links === 0 ? findAutolinks(token.content, before) : []
    if (found.length === 0) result.push(token)
    else append(result, splitToken(token.content, found, create))
    before = token.type === 'text' || token.type === 'text_special' ? token.content.slice(-1) : ''
  }
  return result
}

function splitToken(text: string, found: readonly Autolink[], create: typeof Token): Token[] {
  const result: Token[] = []
  const push = (content: string) => {
    if (content === '') return
    const token = new create('text', '', 0)
    token.content = content
    result.push(token)
  }
  let end = 0
  for (const { from, to, href } of found) {
    push(text.slice(end, from))
    const open = new create('link_open', 'a', 1)
    open.attrs = [['href', href]]
    result.push(open)
    push(text.slice(from, to))
    result.push(new create('link_close', 'a', -1))
    end = to
  }
  push(text.slice(end))
  return result
}

function findAutolinks(text: string, before: string): Autolink[] {
  const found: Autolink[] = []
  let end = 0
  for (const match of text.matchAll(/https?:\/\/|www\.|@/gi)) {
    if (match.index < end) continue
    const link = match[0] === '@' ? mailAt(text, match.index, end) : addressAt(text, match.index, match[0], before)
    if (link === null) continue
    found.push(link)
    end = link.to
  }
  return found
}

function addressAt(text: string, from: number, start: string, before: string): Autolink | null {
  const previous = from === 0 ? before : text[from - 1]!
  if (previous !== '' && !/[\s*_~(]/.test(previous)) return null
  const isBare = start.toLowerCase() === 'www.'
  const rest = /^[^\s<]*/.exec(text.slice(from, from + 2_000))![0]
  const domain = /^[\p{L}\p{N}_.-]*/u.exec(isBare ? rest : rest.slice(start.length))![0].replace(/[._-]+$/, '')
  const parts = domain.split('.')
  if (parts.length < 2 || parts.some(part => part === '') || parts.slice(-2).some(part => part.includes('_')))
    return null
  const address = trimEnd(rest)
  return { from, to: from + address.length, href: isBare ? `http://${address}` : address }
}

/** Punctuation at an end, a parenthesis that was opened before, and what looks like an entity are not of the address. */
function trimEnd(address: string): string {
  let end = address.length
  for (;;) {
    const last = address[end - 1]!
    if (/[?!.,:*_~'"]/.test(last)) end--
    else if (last === ')') {
      const part = address.slice(0, end)
      if (part.split(')').length <= part.split('(').length) break
      end--
    } else if (last === ';') end -= /&[A-Za-z0-9]+;$/.exec(address.slice(0, end))?.[0].length ?? 1
    else break
  }
  return address.slice(0, end)
}

function mailAt(text: string, at: number, floor: number): Autolink | null {
  let from = at
  while (from > floor && at - from < 100 && /[A-Za-z0-9._+-]/.test(text[from - 1]!)) from--
  const domain = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+/.exec(text.slice(at + 1, at + 300))?.[0]
  if (from === at || domain === undefined || /[-_]$/.test(domain)) return null
  return { from, to: at + 1 + domain.length, href: `mailto:${text.slice(from, at + 1 + domain.length)}` }
}
