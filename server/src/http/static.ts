// The web app's files. Names with a hash are immutable; the page itself is asked for again every time. Files are small and
// few, so they are kept in memory, compressed once (or by the build, as `name.br`), and read again when they change on disk.
// The single file (server/src/binary.ts) has them inside.

import { readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** The built web app; names are paths with `/`, without one at the start. */
export interface WebFiles {
  /** @returns undefined when there is no such file. */
  find(name: string): Promise<FoundFile | undefined>
  /** Of one that was found. */
  read(name: string): Promise<Buffer>
}

interface FoundFile {
  readonly size: number
  readonly mtimeMs: number
}

/** @param root `web/dist`; may not exist yet. */
export function directoryFiles(root: string): WebFiles {
  return {
    async find(name) {
      const found = await stat(join(root, name)).catch(() => undefined) // A file that cannot be read is a file that is not there.
      return found?.isFile() ? found : undefined
    },
    read: name => readFile(join(root, name)),
  }
}

interface Asset {
  readonly name: string
  readonly mtimeMs: number
  readonly bytes: Buffer
  readonly type: string
  readonly etag: string
  readonly encoded: Map<Encoding, Promise<Buffer>>
}

type Encoding = 'br' | 'gzip'

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

const compressible = /^(?:text\/|application\/(?:json|manifest)|image\/svg)/

/** Smaller ones fit a packet anyway. */
const minCompressedBytes = 1_000

export class StaticFiles {
  readonly #files: WebFiles
  readonly #assets = new Map<string, Asset>()

  constructor(files: WebFiles) {
    this.#files = files
  }

  /** The page of the app, for `/` and every address that the app itself resolves. */
  async page(request: Request, host: string): Promise<Response> {
    const asset = await this.#load('index.html')
    if (asset === undefined) return notBuilt()
    return this.#answer(asset, request, { 'cache-control': 'no-cache', ...pageHeaders(host) })
  }

  /** The same page for an address that is none of ours, which it says of it. */
  async nowhere(request: Request, host: string): Promise<Response> {
    const { status, headers, body } = await this.page(request, host)
    headers.delete('etag')
    return new Response(body, { status: status === 200 ? 404 : status, headers })
  }

  /** @returns undefined when there is no such file. */
  async file(path: string, request: Request): Promise<Response | undefined> {
    const name = path.slice(1)
    if (!isPlainName(name)) return undefined
    const asset = await this.#load(name)
    if (asset === undefined) return undefined
    const isImmutable = name.startsWith('assets/')
    return this.#answer(asset, request, {
      'cache-control': isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      'cross-origin-resource-policy': 'same-origin',
    })
  }

  async #load(name: string): Promise<Asset | undefined> {
    const found = await this.#files.find(name)
    if (found === undefined) return undefined
    const kept = this.#assets.get(name)
    if (kept?.mtimeMs === found.mtimeMs && kept.bytes.byteLength === found.size) return kept
    const bytes = await this.#files.read(name)
    const asset: Asset = {
      name,
      mtimeMs: found.mtimeMs,
      bytes,
      type: mediaTypes[extname(name)] ?? 'application/octet-stream',
      etag: `"${found.size.toString(36)}-${Math.round(found.mtimeMs).toString(36)}"`,
      encoded: new Map(),
    }
    this.#assets.set(name, asset)
    return asset
  }

  async #answer(asset: Asset, request: Request, extra: Record<string, string>): Promise<Response> {
    const encoding = encodingFor(asset, request.headers.get('accept-encoding') ?? '')
    const etag = encoding === undefined ? asset.etag : `${asset.etag.slice(0, -1)}-${encoding}"`
    const headers = new Headers({ 'content-type': asset.type, etag, vary: 'accept-encoding', ...extra })
    if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers })
    const bytes = encoding === undefined ? asset.bytes : await this.#encoded(asset, encoding)
    if (encoding !== undefined) headers.set('content-encoding', encoding)
    headers.set('content-length', String(bytes.byteLength))
    return new Response(bytes as Uint8Array<ArrayBuffer>, { headers })
  }

  #encoded(asset: Asset, encoding: Encoding): Promise<Buffer> {
    const kept = asset.encoded.get(encoding)
    if (kept !== undefined) return kept
    const made = this.#compressed(asset, encoding)
    asset.encoded.set(encoding, made)
    return made
  }

  async #compressed({ name, mtimeMs, bytes }: Asset, encoding: Encoding): Promise<Buffer> {
    if (encoding === 'gzip') return promisify(gzip)(bytes, { level: 9 })
    const built = await this.#files.find(`${name}.br`) // Not built: then it is made here.
    if (built !== undefined && built.mtimeMs >= mtimeMs) return this.#files.read(`${name}.br`)
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength }
    return promisify(brotliCompress)(bytes, { params })
  }
}

/** Headers of a page that runs our script: nothing from anywhere else, no inline script or style, no foreign frame. */
export function pageHeaders(host: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    // Not every browser lets 'self' cover the ws: scheme.
    `connect-src 'self' ws://${host} wss://${host}`,
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ]
  return {
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  }
}

/** No empty, hidden or upward parts: what stays is below the root. */
function isPlainName(name: string): boolean {
  return name.split('/').every(part => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part))
}

function encodingFor(asset: Asset, accept: string): Encoding | undefined {
  if (asset.bytes.byteLength < minCompressedBytes || !compressible.test(asset.type)) return undefined
  if (/\bbr\b(?!;\s*q=0(?:\.0*)?\b)/.test(accept)) return 'br'
  if (/\bgzip\b(?!;\s*q=0(?:\.0*)?\b)/.test(accept)) return 'gzip'
  return undefined
}

function notBuilt(): Response {
  const text = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sheaf</title>
<h1>The pages are not built yet</h1>
<p>The server runs, but it found no web app to show. Stop it and run <code>npm start</code>, which builds what is missing,
or <code>npm run build</code> and load this page again.</p></html>`
  return new Response(text, {
    status: 503,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'",
    },
  })
}
