// Stands in for lib0/environment in the browser: the original finds out where it runs, what the command line and the storage say, and
// brings both along. Here that is known.

export const isBrowser = true
export const isNode = false

/** Settings of Yjs for its own developers. */
export function getVariable(_name: string): string | null {
  return null
}
