// Documents as files and files as documents, over HTTP (docs/library.md).

import { type ApiOptions, type CallOptions, pathOf, Requests } from './requests.ts'

export interface ImportReport {
  readonly documents: readonly { readonly id: string; readonly title: string; readonly notes: readonly string[] }[]
  readonly skipped: readonly { readonly name: string; readonly reason: string }[]
}

export interface ExportQuery extends CallOptions {
  /** `markdown` (default), `html`, `docx`, `json`, `text` */
  readonly format?: string
}

export class FilesApi {
  readonly #requests: Requests

  constructor(options: ApiOptions) {
    this.#requests = new Requests(options)
  }

  /** One document as a file. */
  async export(documentId: string, { signal, ...query }: ExportQuery = {}): Promise<Uint8Array> {
    const response = await this.#requests.send('GET', `${pathOf(documentId)}/export`, {
      query,
      ...(signal && { signal }),
    })
    return new Uint8Array(await response.arrayBuffer())
  }

  /** All documents that who asks may read, or those of a folder and of the folders below it, as one zip. */
  async exportAll({ signal, ...query }: ExportQuery & { readonly folder?: string } = {}): Promise<Uint8Array> {
    const response = await this.#requests.send('GET', '/exports', { query, ...(signal && { signal }) })
    return new Uint8Array(await response.arrayBuffer())
  }

  /**
   * Makes documents of Markdown, HTML, plain text, Word, or a zip of them.
   * @param query `name` with its ending says what it is.
   * @throws SheafError `unsupported-media-type`, `too-large`
   */
  async import(
    file: Blob,
    { signal, ...query }: CallOptions & { readonly name: string; readonly folder?: string },
  ): Promise<ImportReport> {
    const headers = { 'content-type': 'application/octet-stream' }
    const call = { headers, query, body: file, ...(signal && { signal }) }
    return (await this.#requests.send('POST', '/imports', call)).json() as Promise<ImportReport>
  }
}
