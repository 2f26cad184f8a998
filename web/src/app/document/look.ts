// How a document is set on this device: its width and its letters. Attributes of the page, put there before the text is drawn.

const keyOf = (documentId: string): string => `sheaf.look.${documentId}`

export const widths = ['text', 'wide', 'full'] as const
export const fonts = ['serif', 'sans', 'mono'] as const

export interface Look {
  readonly width: (typeof widths)[number]
  readonly font: (typeof fonts)[number]
}

/** @returns takes it away again */
export function showLook(documentId: string): () => void {
  const { dataset } = document.documentElement
  const look = readLook(documentId)
  Object.assign(dataset, look)
  return () => {
    delete dataset.width
    delete dataset.font
  }
}

export function readLook(documentId: string): Look {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(documentId)) ?? '{}') as Partial<Look>
    return {
      width: widths.find(width => width === kept.width) ?? 'text',
      font: fonts.find(font => font === kept.font) ?? 'serif',
    }
  } catch {
    // No storage here, or something else in it.
    return { width: 'text', font: 'serif' }
  }
}

export function changeLook(documentId: string, change: Partial<Look>): void {
  const look = { ...readLook(documentId), ...change }
  try {
    localStorage.setItem(keyOf(documentId), JSON.stringify(look))
  } catch {
    // It counts for this page only.
  }
  Object.assign(document.documentElement.dataset, look)
}
