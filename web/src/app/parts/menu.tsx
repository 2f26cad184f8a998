// A menu under (or above) its button: arrow keys walk, Escape and a click elsewhere close, the button has the focus again.

import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { IconName } from '../../icon-names.ts'
import { Icon } from './icon.tsx'

export interface MenuButtonProps {
  readonly name: string
  readonly class: string
  readonly button: ComponentChildren
  /** Opens towards the top, from a button at the foot of the page. */
  readonly up?: boolean
  readonly children: ComponentChildren
}

export function MenuButton(props: MenuButtonProps): VNode {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const trigger = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    if (!open) return
    rows(root.current)[0]?.focus()
    const onPointer = (event: PointerEvent): void => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false)
    }
    addEventListener('pointerdown', onPointer)
    return () => removeEventListener('pointerdown', onPointer)
  }, [open])

  const close = (): void => {
    setOpen(false)
    trigger.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!open) return
    if (event.key === 'Escape') close()
    else if (event.key === 'Tab') setOpen(false)
    else if (!walk(rows(root.current), event.key)) return
    if (event.key !== 'Tab') event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the menu inside
    <div ref={root} class="menu-anchor" onKeyDown={onKeyDown}>
      <button
        ref={trigger}
        type="button"
        class={props.class}
        aria-label={props.name}
        data-tip={open ? undefined : props.name}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {props.button}
      </button>
      {open && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: rows are buttons; this only hears that one was chosen
        <div
          role="menu"
          tabIndex={-1}
          class={`menu anchored${props.up === true ? ' up' : ''}`}
          aria-label={props.name}
          onClick={close}
        >
          {props.children}
        </div>
      )}
    </div>
  )
}

export function MenuRow(props: {
  icon?: IconName
  hint?: string
  danger?: boolean
  checked?: boolean
  onChoose: () => void
  children: ComponentChildren
}): VNode {
  const radio = props.checked !== undefined
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role that takes it is chosen in the same breath
    <button
      type="button"
      role={radio ? 'menuitemradio' : 'menuitem'}
      aria-checked={radio ? props.checked : undefined}
      tabIndex={-1}
      class={`menu-row${props.danger === true ? ' danger' : ''}`}
      onClick={props.onChoose}
    >
      {props.icon !== undefined && <Icon name={props.icon} />}
      <span>{props.children}</span>
      {props.hint !== undefined && <span class="hint">{props.hint}</span>}
      {props.checked === true && (
        <span class="hint">
          <Icon name="check" size={14} />
        </span>
      )}
    </button>
  )
}

function rows(root: HTMLElement | null): HTMLElement[] {
  return [...(root?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])]
}

/** True if the key was one that walks. */
function walk(all: HTMLElement[], key: string): boolean {
  const at = all.indexOf(document.activeElement as HTMLElement)
  const to =
    key === 'ArrowDown'
      ? (at + 1) % all.length
      : key === 'ArrowUp'
        ? (at - 1 + all.length) % all.length
        : key === 'Home'
          ? 0
          : key === 'End'
            ? all.length - 1
            : -1
  all[to]?.focus()
  return to >= 0
}
