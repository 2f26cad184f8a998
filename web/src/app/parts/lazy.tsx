// Parts of a page whose code comes after the text, when they are wanted for the first time.

import { signal } from '@preact/signals'
import type { FunctionComponent, VNode } from 'preact'
import { useEffect } from 'preact/hooks'

/** Shows nothing until the code is here; where it cannot be fetched, it is asked for again when the part is wanted anew. */
export function lazily<P extends object>(load: () => Promise<FunctionComponent<P>>): FunctionComponent<P> {
  const found = signal<{ Part: FunctionComponent<P> } | null>(null)
  return function Lazy(props: P): VNode | null {
    useEffect(() => {
      if (found.peek() !== null) return
      load().then(
        Part => {
          found.value = { Part }
        },
        () => undefined,
      )
    }, [])
    const Part = found.value?.Part
    return Part === undefined ? null : <Part {...props} />
  }
}
