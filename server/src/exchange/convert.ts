// A file that somebody brings → a document: Markdown, HTML, plain text, Word. Runs where it can hurt nobody (convert-worker.ts): what a
// file costs is bounded before it is unpacked, and what cannot be read ends this one import.

import { createHash } from 'node:crypto'
import { blocksOf, seedUpdate, summarize } from '@sheaf/model'
import { parseHtml, parseMarkdown, parseText } from '@sheaf/model/formats'
import { unzipSync, zipSync } from 'fflate'
import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'

export interface Source {
  /** With its ending, which says what it is. */
  readonly name: string
  readonly bytes: Uint8Array
  /** The document that it becomes: images get addresses in it. */
  readonly documentId: string
  /** Absent: what {@link titled} finds. */
  readonly title?: string
}

export interface Converted {
  readonly title: string
  readonly snippet: string
  /** A fresh document as one Yjs v1 update. */
  readonly update: Uint8Array
  readonly images: readonly Uint8Array[]
  readonly notes: readonly Note[]
}

/** What was changed or left out, and how often. */
export interface Note {
  readonly what: 'images' | 'styles' | 'encoding'
  readonly count: number
}

/** The file cannot be read; the message says why, for the person who brought it. */
export class ConversionError extends Error {
  override readonly name = 'ConversionError'
}

export const importable = /\.(md|markdown|mdown|html?|txt|text|docx)$/i

/** Unpacked, and how many times larger than packed. */
const maxUnpackedBytes = 64 * 1024 * 1024
const maxRatio = 100
const maxParts = 5_000
const maxImageBytes = 20 * 1024 * 1024
const rasterType = /^image\/(png|jpe?g|gif|webp|avif)$/

/** @throws ConversionError */
export async function convert(source: Source): Promise<Converted> {
  const ending = importable.exec(source.name)?.[1]?.toLowerCase()
  if (ending === undefined) throw new ConversionError('Markdown, HTML, plain text and Word files can be read.')
  if (ending === 'docx') return fromWord(source)
  const { text, notes } = decode(source.bytes)
  const doc = ending.startsWith('htm')
    ? parseHtml(text)
    : /^(txt|text)$/.test(ending)
      ? parseText(text)
      : parseMarkdown(text)
  return finish(source, doc, [], notes)
}

/**
 * Unpacks a zip. Sizes are what its directory says, and no part is unpacked to more than that.
 * @throws ConversionError for one that is damaged or too large.
 */
export function unpack(bytes: Uint8Array, wanted: (name: string) => boolean): Map<string, Uint8Array> {
  let unpacked = 0
  let parts = 0
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize, size }) => {
        parts += 1
        unpacked += originalSize
        const isBomb =
          unpacked > maxUnpackedBytes || originalSize > maxRatio * Math.max(size, 1_024) || parts > maxParts
        if (isBomb) throw new ConversionError('The file unpacks to more than an import may have.')
        return wanted(name)
      },
    })
    return new Map(Object.entries(files))
  } catch (cause) {
    if (cause instanceof ConversionError) throw cause
    throw new ConversionError('The file is damaged, or no zip file at all.')
  }
}

async function fromWord(source: Source): Promise<Converted> {
  const parts = unpack(source.bytes, name => /\.(xml|rels|png|jpe?g|gif|webp|avif|bmp|tiff?|emf|wmf)$/i.test(name))
  if (!parts.has('word/document.xml')) throw new ConversionError('There is no Word document in this file.')
  // Packed anew, so that the reader meets only what was measured.
  const packed = zipSync(Object.fromEntries(parts), { level: 0 })
  const { default: mammoth } = await import('mammoth')
  const images: Uint8Array[] = []
  let lost = 0
  const convertImage = mammoth.images.imgElement(async image => {
    const bytes = new Uint8Array(await image.readAsBuffer())
    if (!rasterType.test(image.contentType) || bytes.byteLength > maxImageBytes) {
      lost += 1
      return { src: '' }
    }
    images.push(bytes)
    const hash = createHash('sha256').update(bytes).digest('hex')
    return { src: `/api/v1/documents/${source.documentId}/assets/${hash}` }
  })
  const options = { convertImage, styleMap: ["p[style-name='Title'] => h1.title:fresh", 'u => u', 'strike => s'] }
  const { value, messages } = await mammoth.convertToHtml({ buffer: Buffer.from(packed) }, options).catch(() => {
    throw new ConversionError('The Word document in this file is damaged.')
  })
  const styles = messages.filter(({ type }) => type === 'warning').length
  const notes: Note[] = []
  if (lost > 0) notes.push({ what: 'images', count: lost })
  if (styles > 0) notes.push({ what: 'styles', count: styles })
  return finish(source, parseHtml(value.replace(/<img[^>]*src=""[^>]*>/g, '')), images, notes)
}

function finish(source: Source, doc: Node, images: readonly Uint8Array[], notes: readonly Note[]): Converted {
  const { title, body } =
    source.title === undefined ? titled(source.name, doc) : { title: source.title, body: blocksOf(doc) }
  const update = seedUpdate({ title, body })
  const ydoc = new Y.Doc()
  Y.applyUpdate(ydoc, update)
  const summary = summarize(ydoc)
  ydoc.destroy()
  return { ...summary, update, images, notes }
}

/** A first heading of level 1 is the title, where there is no other one; else the name of the file is. */
export function titled(name: string, doc: Node): { title: string; body: readonly Node[] } {
  const blocks = blocksOf(doc)
  const [first] = blocks
  const isTop = (block: Node | undefined) => block?.type.name === 'heading' && block.attrs.level === 1
  const fallback = name
    .replace(/^.*[\\/]/, '')
    .replace(/\.[^.]+$/, '')
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .slice(0, 300)
  if (!isTop(first) || blocks.filter(isTop).length > 1 || first!.textContent.trim() === '') {
    return { title: fallback, body: blocks }
  }
  return { title: first!.textContent.replace(/\s+/g, ' ').trim().slice(0, 300), body: blocks.slice(1) }
}

function decode(bytes: Uint8Array): { text: string; notes: readonly Note[] } {
  const [a, b] = bytes
  if (a === 0xff && b === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes), notes: [] }
  if (a === 0xfe && b === 0xff) return { text: new TextDecoder('utf-16be').decode(bytes), notes: [] }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), notes: [] }
  } catch {
    // Older editors write in the code page of Windows.
    return { text: new TextDecoder('windows-1252').decode(bytes), notes: [{ what: 'encoding', count: 1 }] }
  }
}
