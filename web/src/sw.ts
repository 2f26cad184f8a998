// The service worker: the app shell opens without a network. Documents are not its business; they live in IndexedDB.
// Pages come from the network first, so a new version is seen at once; hashed assets never change and come from the cache.
// The shell of the version before is kept too: a tab that was opened under it may still ask for one of its parts.

declare const __SHELL_VERSION__: string
declare const __SHELL_FILES__: readonly string[]

/** The part of ServiceWorkerGlobalScope that is used here; the DOM library of a page does not know it. */
interface Worker {
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
  addEventListener(type: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void
}
interface ExtendableEvent {
  waitUntil(work: Promise<unknown>): void
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}

const worker = self as unknown as Worker
const files = new Set(__SHELL_FILES__)
const prefix = 'sheaf-shell-'
const shell = prefix + __SHELL_VERSION__
/** How long a page waits for a network that may be there in name only. */
const patienceMs = 4000

worker.addEventListener('install', event => {
  event.waitUntil(install())
})

worker.addEventListener('activate', event => {
  event.waitUntil(forgetOldShells().then(() => worker.clients.claim()))
})

worker.addEventListener('fetch', event => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate') {
    if (url.pathname === '/' || url.pathname.startsWith('/d/')) event.respondWith(page(event))
  } else if (url.pathname.startsWith('/assets/')) {
    event.respondWith(asset(event))
  } else if (files.has(url.pathname)) {
    event.respondWith(fetch(request).catch(() => kept(url.pathname)))
  }
})

async function install(): Promise<void> {
  const cache = await caches.open(shell)
  // `reload`: the HTTP cache may hold the index.html of the version before.
  await cache.addAll([...files].map(file => new Request(file, { cache: 'reload' })))
  await worker.skipWaiting()
}

async function forgetOldShells(): Promise<void> {
  const names = await shells()
  await Promise.all(names.slice(0, -2).map(name => caches.delete(name)))
}

async function page(event: FetchEvent): Promise<Response> {
  const fresh = fetch(event.request)
  fresh.catch(() => undefined)
  try {
    const response = await Promise.race([
      fresh,
      new Promise<never>((_resolve, reject) =>
        setTimeout(() => reject(new Error('The network is silent.')), patienceMs),
      ),
    ])
    if (response.ok) return response
    // A proxy that answers for a server which is away (502, 503, 504) is no better than no network.
    return response.status >= 500 ? await kept('/') : response
  } catch {
    return await kept('/').catch(() => fresh)
  }
}

async function asset(event: FetchEvent): Promise<Response> {
  const found = await caches.match(event.request)
  if (found !== undefined) return found
  const response = await fetch(event.request)
  if (response.ok) {
    const copy = response.clone()
    event.waitUntil(caches.open(shell).then(cache => cache.put(event.request, copy)))
  }
  return response
}

async function kept(path: string): Promise<Response> {
  for (const name of (await shells()).reverse()) {
    const found = await caches.open(name).then(cache => cache.match(path))
    if (found !== undefined) return found
  }
  throw new Error('The shell is not kept.')
}

/** Oldest first: a cache storage lists its caches in the order in which they were made. */
async function shells(): Promise<string[]> {
  return (await caches.keys()).filter(name => name.startsWith(prefix))
}
