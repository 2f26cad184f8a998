// Files on their way. In the document stands a block whose address says that it is coming, and from whom; on this device stands the file.
// When it has arrived the block gets its address, which undo does not see: for whoever inserted it that was one step.

import { schema } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { TextSelection, type Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { structuralMeta, untrackedMeta } from './binding.ts'
import { words } from './block-words.ts'
import { type Block, blockAround, outerBlock } from './blocks.ts'
import { pendingAddress, pendingIn, withImageSize } from './image-address.ts'
import { portsOf, type UploadPort, whenPorts } from './ports.ts'

const { nodes } = schema

export interface Upload {
  readonly id: string
  /** 0 to 1; null while it waits for a network. */
  readonly sent: number | null
  /** Why it will not arrive, for whoever uploads it; null while it may. */
  readonly failure: string | null
  /** Address of the picture on this device; null for what is none. */
  readonly preview: string | null
}

type Size = { readonly width: number; readonly height: number }

class RunningUpload implements Upload {
  readonly id: string
  readonly file: File
  readonly port: UploadPort
  readonly view: EditorView
  readonly preview: string | null
  sent: number | null = 0
  failure: string | null = null
  /** Where it is, once it has arrived. */
  address: string | null = null
  size: Size | null = null
  abort = new AbortController()

  constructor(view: EditorView, port: UploadPort, id: string, file: File) {
    this.view = view
    this.port = port
    this.id = id
    this.file = file
    this.preview = isPicture(file) ? URL.createObjectURL(file) : null
  }
}

const running = new Map<string, RunningUpload>()
const followers = new Map<string, Set<(upload: Upload | null) => void>>()

/** @param at where they were dropped; null at the caret. */
export function insertFiles(view: EditorView, files: readonly File[], at: number | null): void {
  const port = portsOf(view).uploads
  if (port === undefined || view.isDestroyed || !view.editable || files.length === 0) return
  const tr = view.state.tr
  const started = files.map(file => new RunningUpload(view, port, randomId(), file))
  const blocks = started.map(({ id, file, preview }) => {
    const src = pendingAddress({ id, name: port.name() })
    if (preview !== null) return nodes.image.create({ src, alt: '' })
    return nodes.embed.create({ src }, file.name === '' ? null : schema.text(file.name))
  })
  insertBlocks(tr, blocks, at)
  for (const upload of started) running.set(upload.id, upload)
  view.dispatch(tr.setMeta(structuralMeta, true).scrollIntoView())
  for (const upload of started) void start(upload)
}

/** Asks for files, as a menu does. */
export function pickFiles(view: EditorView, accept: string): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  if (accept !== '') input.accept = accept
  input.hidden = true
  input.addEventListener('change', () => {
    insertFiles(view, [...(input.files ?? [])], null)
    input.remove()
    view.focus()
  })
  input.addEventListener('cancel', () => input.remove())
  // Some browsers forget one that is nowhere while its dialog is open.
  view.dom.after(input)
  input.click()
}

/** Tells of an upload now and with each news; null where it is somebody else's. @returns stops telling. */
export function followUpload(view: EditorView, id: string, listener: (upload: Upload | null) => void): () => void {
  const listeners = followers.get(id) ?? new Set()
  followers.set(id, listeners.add(listener))
  const upload = running.get(id)
  listener(upload ?? null)
  if (upload?.address != null) queueMicrotask(() => settle(upload))
  else if (upload === undefined) whenPorts(view, () => void resume(view, id))
  return () => listeners.delete(listener)
}

export function retryUpload(upload: Upload): void {
  const known = running.get(upload.id)
  if (known !== undefined) void start(known)
}

export function removeUpload(upload: Upload): void {
  const known = running.get(upload.id)
  if (known === undefined) return
  known.abort.abort()
  const { view, port, id } = known
  const tr = view.state.tr
  for (const { node, pos } of blocksOf(view.state.doc, id).reverse()) {
    if (node.type === nodes.embed) tr.delete(pos + 1, pos + 1 + node.content.size)
    tr.setBlockType(pos + 1, pos + 1, nodes.paragraph, { id: node.attrs.id, indent: node.attrs.indent })
  }
  view.dispatch(tr.setMeta(structuralMeta, true))
  view.focus()
  running.delete(id)
  if (known.preview !== null) URL.revokeObjectURL(known.preview)
  void port.forget(id)
}

/** One that was under way on this device when the page was closed goes on. */
async function resume(view: EditorView, id: string): Promise<void> {
  const port = portsOf(view).uploads
  const file = await port?.kept(id).catch(() => undefined)
  if (port === undefined || file === undefined || running.has(id) || view.isDestroyed || !view.editable) return
  const upload = new RunningUpload(view, port, id, file)
  running.set(id, upload)
  await start(upload)
}

async function start(upload: RunningUpload): Promise<void> {
  upload.failure = null
  upload.sent = 0
  upload.abort = new AbortController()
  tell(upload)
  const { port, file, id } = upload
  const { signal } = upload.abort
  const onProgress = (sent: number | null): void => {
    upload.sent = sent
    tell(upload)
  }
  try {
    const [address, size] = await Promise.all([port.upload(file, { id, onProgress, signal }), sizeOf(upload)])
    upload.address = address
    upload.size = size
    settle(upload)
    await port.forget(id)
  } catch (error) {
    if (signal.aborted) return
    upload.failure = error instanceof Error && error.message !== '' ? error.message : words.uploadFailed
    tell(upload)
  }
}

/** Gives its address to every block that waits for it. One that was undone gets it when it comes back. */
function settle({ view, id, address, size }: RunningUpload): void {
  if (address === null || view.isDestroyed) return
  // A change in the block that is being composed in would end the composition.
  if (view.composing) {
    view.dom.addEventListener('compositionend', () => setTimeout(() => settle(running.get(id)!), 100), { once: true })
    return
  }
  const { tr } = view.state
  const src = size === null ? address : withImageSize(address, size)
  for (const { node, pos } of blocksOf(view.state.doc, id)) tr.setNodeMarkup(pos, null, { ...node.attrs, src })
  if (tr.docChanged) view.dispatch(tr.setMeta(untrackedMeta, true).setMeta('addToHistory', false))
}

function tell(upload: RunningUpload): void {
  for (const listener of [...(followers.get(upload.id) ?? [])]) listener(upload)
}

function blocksOf(doc: Node, id: string): Block[] {
  const found: Block[] = []
  doc.descendants((node, pos) => {
    if ((node.type === nodes.image || node.type === nodes.embed) && pendingIn(node.attrs.src)?.id === id) {
      found.push({ node, pos })
    }
    return !node.isTextblock
  })
  return found
}

/** In the place of an empty paragraph, else behind the block. The caret goes into the caption of the last one. */
function insertBlocks(tr: Transaction, blocks: readonly Node[], at: number | null): void {
  const $at = at === null ? tr.selection.$head : tr.doc.resolve(Math.min(at, tr.doc.content.size))
  const around = blockAround($at) ?? outerBlock($at)
  if (around === null) return
  const { node, pos } = around
  const isEmpty = node.type === nodes.paragraph && node.content.size === 0
  const indented = blocks.map(block => block.type.create({ ...block.attrs, indent: node.attrs.indent }, block.content))
  const start = isEmpty ? pos : pos + node.nodeSize
  tr.replaceWith(start, pos + node.nodeSize, indented)
  const end = start + indented.reduce((sum, block) => sum + block.nodeSize, 0)
  tr.setSelection(TextSelection.create(tr.doc, end - 1))
}

async function sizeOf({ file, preview }: RunningUpload): Promise<Size | null> {
  if (preview === null || typeof createImageBitmap !== 'function') return null
  try {
    const bitmap = await createImageBitmap(file)
    const { width, height } = bitmap
    bitmap.close()
    return { width, height }
  } catch {
    // Not a picture after all; what it is the server says.
    return null
  }
}

function isPicture(file: File): boolean {
  return /^image\/(png|jpeg|gif|webp|avif)$/.test(file.type)
}

function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map(byte => byte.toString(36).padStart(2, '0')).join('')
}
