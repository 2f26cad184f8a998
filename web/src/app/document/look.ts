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
  let kept: string | null = null
  try {
    kept = localStorage.getItem(keyOf(documentId))
  } catch {
    // No storage here.
  }
  // Two words; whatever else is there is none of ours.
  const [width, font] = (kept ?? '').split(' ')
  return { width: widths.find(one => one === width) ?? 'text', font: fonts.find(one => one === font) ?? 'serif' }
}

export function changeLook(documentId: string, change: Partial<Look>): void {
  const look = { ...readLook(documentId), ...change }
  try {
    localStorage.setItem(keyOf(documentId), `${look.width} ${look.font}`)
  } catch {
    // It counts for this page only.
  }
  Object.assign(document.documentElement.dataset, look)
}
