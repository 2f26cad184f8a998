// An image: a bar while the caret is in its caption, handles at both sides, its caption, and the placeholder while it is on its way.
// A file that is no image is a card with its name, on the same way.

import { imageSize, safeHref, safeSource, schema } from '@sheaf/model'
import { NodeSelection, TextSelection } from 'prosemirror-state'
import { structuralMeta } from './binding.ts'
import { words } from './block-words.ts'
import type { Dress, Shell } from './dress.ts'
import { icon } from './icons.ts'
import { pendingIn } from './image-address.ts'
import { menuIcons } from './menu-icons.ts'
import { iconButton, own, showAttributes, span, wordButton } from './parts.ts'
import { followUpload, removeUpload, retryUpload, type Upload } from './uploading.ts'

const minWidth = 64
const keyStep = 16

export function dressImage(shell: Shell): Dress {
  const image = shell.dom.querySelector('img')!
  const caption = shell.contentDOM!
  caption.dataset.hint = words.caption
  const frame = own('div', 'sheaf-image-frame')
  const handles = [handle(shell, image, -1), handle(shell, image, 1)]
  const bar = imageBar(shell)
  const note = own('div', 'sheaf-image-note')
  image.before(frame)
  frame.append(image, ...handles, bar)
  const placeholder = uploadPlaceholder(shell, upload => {
    // Whoever uploads sees the picture at once.
    if (upload?.preview != null && image.getAttribute('src') !== upload.preview) image.src = upload.preview
  })

  const show = (): void => {
    const { src, alt, width } = shell.node.attrs
    showAttributes(shell)
    const size = imageSize(src)
    const isPending = pendingIn(src) !== null
    if (!isPending) image.src = safeSource(src)
    image.alt = alt
    if (size === null) {
      image.removeAttribute('width')
      image.removeAttribute('height')
    } else {
      image.width = size.width
      image.height = size.height
    }
    image.style.width = width === null ? '' : `${width}px`
    shell.dom.classList.toggle('sheaf-pending', isPending)
    note.remove()
    placeholder.show()
    for (const { classList } of handles) classList.toggle('sheaf-hidden', isPending)
  }
  const fail = (): void => {
    const { src } = shell.node.attrs
    if (pendingIn(src) !== null || src === '') return
    note.replaceChildren(...unseen(src))
    frame.append(note)
  }
  const press = (event: MouseEvent): void => {
    if (event.button !== 0 || event.target !== image) return
    event.preventDefault()
    goToCaption(shell)
  }
  image.addEventListener('error', fail)
  frame.addEventListener('mousedown', press)
  frame.addEventListener('dblclick', event => {
    if (event.target === image) toggleFull(shell, image)
  })
  show()
  if (image.complete && image.naturalWidth === 0 && image.getAttribute('src') !== '') fail()
  frame.append(placeholder.dom)
  return { update: show, destroy: placeholder.destroy }
}

/** An embed that holds one of our own files, or is to. Any other is its address. */
export function dressEmbed(shell: Shell): Dress {
  const link = shell.dom.querySelector('a')!
  link.dataset.own = ''
  const placeholder = uploadPlaceholder(shell, () => undefined)
  const show = (): void => {
    const src = shell.node.attrs.src as string
    showAttributes(shell)
    const isFile = /\/assets\/[0-9a-f]{64}$/.test(src)
    link.hidden = pendingIn(src) !== null
    link.href = safeHref(src)
    if (isFile) link.setAttribute('download', shell.node.textContent)
    else link.removeAttribute('download')
    link.replaceChildren(...(isFile ? [icon(menuIcons.file, 17), words.download] : [src]))
    shell.dom.classList.toggle('sheaf-file', isFile || link.hidden)
    placeholder.show()
  }
  show()
  shell.dom.prepend(placeholder.dom)
  return { update: show, destroy: placeholder.destroy }
}

/** What stands where a file will be. @param changed told of each news of the upload, and once at the start. */
function uploadPlaceholder(shell: Shell, changed: (upload: Upload | null) => void) {
  const dom = own('div', 'sheaf-upload')
  dom.setAttribute('role', 'status')
  let following: { id: string; stop: () => void } | null = null
  const draw = (upload: Upload | null, name: string): void => {
    changed(upload)
    const text = span('sheaf-upload-text', describe(upload, name))
    dom.classList.toggle('sheaf-failed', upload?.failure != null)
    dom.replaceChildren(icon(menuIcons[shell.node.type.name === 'image' ? 'image' : 'file'], 17), text)
    if (upload?.failure != null && shell.view.editable) {
      dom.append(wordButton(words.retry, () => retryUpload(upload)))
    }
    if (upload !== null && shell.view.editable) dom.append(wordButton(words.remove, () => removeUpload(upload)))
    if (upload?.sent != null) {
      const bar = own('div', 'sheaf-upload-bar')
      bar.style.width = `${Math.round(upload.sent * 100)}%`
      dom.append(bar)
    }
  }
  return {
    dom,
    show(): void {
      const pending = pendingIn(shell.node.attrs.src)
      dom.hidden = pending === null
      if (pending?.id === following?.id) return
      following?.stop()
      following = null
      if (pending === null) return
      const { id, name } = pending
      following = { id, stop: followUpload(shell.view, id, upload => draw(upload, name)) }
    },
    destroy: () => following?.stop(),
  }
}

function describe(upload: Upload | null, name: string): string {
  if (upload === null) return words.onItsWay(name === '' ? words.somebody : name)
  if (upload.failure !== null) return upload.failure
  return upload.sent === null ? words.waiting : words.uploading(Math.round(upload.sent * 100))
}

function imageBar(shell: Shell): HTMLElement {
  const bar = own('div', 'sheaf-bubble sheaf-image-bar')
  bar.setAttribute('role', 'toolbar')
  bar.setAttribute('aria-label', words.image)
  const alt = document.createElement('input')
  alt.className = 'sheaf-bubble-field'
  alt.setAttribute('aria-label', words.altText)
  alt.placeholder = words.altHint
  alt.addEventListener('focus', () => {
    alt.value = shell.node.attrs.alt
  })
  const apply = (): void => {
    if (alt.value !== shell.node.attrs.alt) setAttributes(shell, { alt: alt.value })
  }
  alt.addEventListener('change', apply)
  alt.addEventListener('keydown', event => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return
    event.preventDefault()
    if (event.key === 'Escape') alt.value = shell.node.attrs.alt
    apply()
    shell.view.focus()
  })
  const button = 'sheaf-bubble-button'
  const link = (save: boolean): void => {
    const anchor = document.createElement('a')
    anchor.href = safeSource(shell.node.attrs.src)
    if (save) anchor.download = ''
    else anchor.target = '_blank'
    anchor.rel = 'noopener noreferrer'
    anchor.click()
  }
  bar.append(
    alt,
    iconButton(button, 'align', words.alignImage, () => {
      const next: Record<string, string | null> = { start: 'center', center: 'end', end: null }
      setAttributes(shell, { align: next[shell.node.attrs.align ?? 'start'] ?? null })
    }),
    iconButton(button, 'external-link', words.openImage, () => link(false)),
    iconButton(button, 'download', words.download, () => link(true)),
    iconButton(button, 'trash', words.remove, () => removeBlock(shell)),
  )
  return bar
}

/** @param side -1 at the start, 1 at the end. */
function handle(shell: Shell, image: HTMLImageElement, side: 1 | -1): HTMLElement {
  const dom = own('div', `sheaf-image-handle sheaf-image-handle-${side < 0 ? 'start' : 'end'}`)
  dom.setAttribute('role', 'slider')
  dom.setAttribute('aria-label', side < 0 ? words.resizeStart : words.resizeEnd)
  dom.setAttribute('aria-valuemin', String(minWidth))
  dom.tabIndex = 0
  const measure = (): number => shell.dom.clientWidth
  const bounded = (width: number): number => Math.round(Math.min(Math.max(width, minWidth), measure()))
  const commit = (width: number): void => setAttributes(shell, { width: width >= measure() ? null : width })
  dom.addEventListener('focus', () => {
    dom.setAttribute('aria-valuemax', String(measure()))
    dom.setAttribute('aria-valuenow', String(image.clientWidth))
  })
  dom.addEventListener('keydown', event => {
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, Home: -1000, End: 1000 }[event.key]
    if (event.key === 'Escape') shell.view.focus()
    if (steps === undefined || !shell.view.editable) return
    event.preventDefault()
    const width = bounded(image.clientWidth + steps * keyStep * (event.shiftKey ? 4 : 1))
    commit(width)
    dom.setAttribute('aria-valuenow', String(width))
  })
  dom.addEventListener('pointerdown', event => {
    if (!shell.view.editable || event.button !== 0) return
    event.preventDefault()
    dom.setPointerCapture(event.pointerId)
    const from = image.clientWidth
    // In the middle of the line it grows at both sides.
    const factor = shell.node.attrs.align === 'center' ? 2 : 1
    const direction = getComputedStyle(shell.dom).direction === 'rtl' ? -1 : 1
    let width = from
    const move = (moved: PointerEvent): void => {
      width = bounded(from + (moved.clientX - event.clientX) * side * factor * direction)
      image.style.width = `${width}px`
    }
    const end = (ended: Event): void => {
      dom.removeEventListener('pointermove', move)
      dom.removeEventListener('pointerup', end)
      dom.removeEventListener('pointercancel', end)
      if (ended.type === 'pointerup' && width !== from) commit(width)
      else image.style.width = shell.node.attrs.width === null ? '' : `${shell.node.attrs.width}px`
    }
    dom.addEventListener('pointermove', move)
    dom.addEventListener('pointerup', end)
    dom.addEventListener('pointercancel', end)
  })
  return dom
}

/** Full width, or back to its own where it is narrower. */
function toggleFull(shell: Shell, image: HTMLImageElement): void {
  if (shell.node.attrs.width !== null) return setAttributes(shell, { width: null })
  const own = imageSize(shell.node.attrs.src)?.width ?? image.naturalWidth
  if (own > 0 && own < shell.dom.clientWidth) setAttributes(shell, { width: own })
}

function unseen(src: string): (Element | string)[] {
  const href = safeHref(src)
  let host = ''
  try {
    host = new URL(src, location.href).host
  } catch {
    // No address at all; the words do without it.
  }
  const isOurs = host === '' || host === location.host
  const link = document.createElement('a')
  link.href = href
  link.target = '_blank'
  link.rel = 'noopener noreferrer nofollow'
  link.textContent = words.openImage
  return [icon(menuIcons.image, 17), isOurs ? words.noImage : words.elsewhere(host), ...(href === '#' ? [] : [link])]
}

function goToCaption({ view, node, getPos }: Shell): void {
  const pos = getPos()
  if (pos === undefined) return
  const at = pos + 1 + node.content.size
  const selection = view.editable ? TextSelection.create(view.state.doc, at) : NodeSelection.create(view.state.doc, pos)
  view.dispatch(view.state.tr.setSelection(selection))
  view.focus()
}

function setAttributes({ view, getPos }: Shell, changed: Record<string, unknown>): void {
  const pos = getPos()
  const node = pos === undefined ? null : view.state.doc.nodeAt(pos)
  if (pos === undefined || node === null || !view.editable) return
  view.dispatch(view.state.tr.setNodeMarkup(pos, null, { ...node.attrs, ...changed }).setMeta(structuralMeta, true))
}

/** The picture goes; what somebody wrote about it stays. */
function removeBlock({ view, node, getPos }: Shell): void {
  const pos = getPos()
  if (pos === undefined || !view.editable) return
  const { tr } = view.state
  tr.setBlockType(pos + 1, pos + 1, schema.nodes.paragraph, { indent: node.attrs.indent, id: node.attrs.id })
  view.dispatch(tr.setMeta(structuralMeta, true))
  view.focus()
}
