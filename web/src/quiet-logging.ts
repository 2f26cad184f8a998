// Stands in for lib0/logging in the browser: Yjs warns through it a few times, and the original brings a styling of consoles, a
// DOM toolkit and a schema language along (3 KB compressed).

/** Styles of the original; nothing is styled here. */
export const ORANGE = ''
export const RED = ''
export const BOLD = ''
export const UNBOLD = ''

export function print(...parts: unknown[]): void {
  warn(...parts)
}

export function warn(...parts: unknown[]): void {
  // biome-ignore lint/suspicious/noConsole: Yjs has something to say to a developer
  console.warn(...parts.filter(part => part !== ''))
}
