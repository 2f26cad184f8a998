// What the page does for its editor: it brings files to the server, and knows the other documents. The code of uploads comes with the
// first one.

import type { Ports } from '@sheaf/editor'
import { identity } from '../identity.ts'
import { documentsPort } from './documents-port.ts'

export function editorPorts(documentId: string): Ports {
  const sending = () => import('./uploads.ts').then(({ Uploads }) => Uploads.of(documentId))
  return {
    documents: documentsPort(documentId),
    people: {
      search: async (query, signal) => (await import('./people-port.ts')).searchPeople(query, signal),
      self: async () => (await import('./people-port.ts')).self(),
    },
    uploads: {
      name: () => identity.peek().name,
      upload: async (file, options) => (await sending()).upload(file, options),
      kept: async id => (await sending()).kept(id),
      forget: async id => (await sending()).forget(id),
    },
  }
}
