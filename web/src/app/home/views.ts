// What the home page shows: one of a few lists. Each has an address that the server need not know: a state of `/`.

export type View =
  | { readonly kind: 'home' | 'shared' | 'starred' | 'drafts' | 'folders' | 'trash' | 'kept' }
  | { readonly kind: 'folder'; readonly folder: string }

const plain = ['shared', 'starred', 'drafts', 'folders', 'trash', 'kept'] as const

export function viewOf(query: string): View {
  const parameters = new URLSearchParams(query)
  const folder = parameters.get('folder')
  if (folder !== null && /^[0-9A-Za-z]{1,64}$/.test(folder)) return { kind: 'folder', folder }
  return { kind: plain.find(kind => parameters.has(kind)) ?? 'home' }
}

export function pathOf(view: View): string {
  if (view.kind === 'home') return '/'
  return view.kind === 'folder' ? `/?folder=${view.folder}` : `/?${view.kind}`
}

export function sameView(a: View, b: View): boolean {
  return pathOf(a) === pathOf(b)
}
