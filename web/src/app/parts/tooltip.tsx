// Tooltips for everything that bears `data-tip` (and `data-keys`): after 500 ms of hover, at once on keyboard focus. They
// only repeat the accessible name, so assistive technology needs none of this.

import { signal } from '@preact/signals'
import { render, type VNode } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

const delayMs = 500
const shown = signal<{ target: HTMLElement; text: string; keys: string } | null>(null)
let timer: ReturnType<typeof setTimeout> | undefined

addEventListener('pointerover', event => {
  const target = tipTarget(event.target)
  if (target === (shown.value?.target ?? null) || event.pointerType === 'touch') return
  hide()
  if (target !== null) timer = setTimeout(() => show(target), delayMs)
})
addEventListener('pointerdown', hide)
addEventListener('keydown', hide)
addEventListener('scroll', hide, { passive: true, capture: true })
addEventListener('focusin', event => {
  const target = tipTarget(event.target)
  if (target?.matches(':focus-visible') === true) show(target)
  else hide()
})

/** From now on, over every page. */
export function showTooltips(): void {
  const host = document.createElement('div')
  document.body.append(host)
  render(<Tooltip />, host)
}

function Tooltip(): VNode | null {
  const box = useRef<HTMLDivElement>(null)
  const tip = shown.value
  useLayoutEffect(() => {
    if (tip === null || box.current === null) return
    const target = tip.target.getBoundingClientRect()
    const { width, height } = box.current.getBoundingClientRect()
    const below = target.bottom + 6 + height < innerHeight
    const x = Math.min(
      Math.max(target.left + target.width / 2 - width / 2, 6),
      document.documentElement.clientWidth - width - 6,
    )
    box.current.style.left = `${x}px`
    box.current.style.top = `${below ? target.bottom + 6 : target.top - 6 - height}px`
  }, [tip])
  if (tip === null) return null
  return (
    <div ref={box} class="tooltip" aria-hidden="true">
      {tip.text}
      {tip.keys !== '' && <span class="keys">{tip.keys}</span>}
    </div>
  )
}

function show(target: HTMLElement): void {
  if (!target.isConnected || target.dataset.tip === undefined) return
  shown.value = { target, text: target.dataset.tip, keys: target.dataset.keys ?? '' }
}

function hide(): void {
  clearTimeout(timer)
  shown.value = null
}

function tipTarget(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null
}
