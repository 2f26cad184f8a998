// Lists of any length.

/** Adds to a list however much there is: arguments would stand on the stack. */
export function append<T>(list: T[], more: Iterable<T>): void {
  for (const item of more) list.push(item)
}
