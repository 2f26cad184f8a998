// Builds the web app into web/dist: hashed assets under /assets, an index.html without inline script, /sw.js, which learns
// here what the app shell is made of, and each of them compressed beside it.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'
import { iconNames } from './src/icon-names.ts'

const require = createRequire(import.meta.url)

/** Where `vite dev` finds a running server. */
const server = process.env.SHEAF_SERVER ?? 'http://127.0.0.1:4747'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Two copies of Yjs or ProseMirror in one page do not recognise each other's objects.
  resolve: {
    alias: [
      { find: 'lib0/logging', replacement: source('quiet-logging') },
      { find: 'lib0/broadcastchannel', replacement: source('no-channel') },
      // lib0 calls its own parts by their files.
      { find: /^(?:lib0\/environment|\.\/environment\.js)$/, replacement: source('browser-environment') },
    ],
    dedupe: ['yjs', 'lib0', 'y-protocols', 'prosemirror-model', 'prosemirror-state', 'prosemirror-view', 'preact'],
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [inlineIcons(), nameFonts(), preloadFonts(), listShell(), precompress()],
  server: { proxy: { '/api': server, '/ws': { target: server, ws: true } } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: ['chrome123', 'firefox128', 'safari17.5'],
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // Lists of what a lazy part needs are half a kilobyte of every first load; the service worker has it all by then.
    modulePreload: false,
    rollupOptions: {
      input: {
        index: fileURLToPath(new URL('index.html', import.meta.url)),
        sw: fileURLToPath(new URL('src/sw.ts', import.meta.url)),
      },
      output: {
        entryFileNames: chunk => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
        // What every document needs is one file: together it compresses 2 KB better than in the pieces that its users share.
        advancedChunks: {
          groups: [
            { name: 'document-core', test: isDocumentCore, priority: 1 },
            // What every page needs must not be drawn into the file above.
            {
              name: 'common',
              test: /\/packages\/protocol\/|\/packages\/editor\/src\/plural|\/node_modules\/(lib0|preact|@preact)\/|preload-helper|\/web\/src\/app\/(words|language|languages\/tags|plural|router|identity|account\/closed|parts\/(copy-link|icon|lazy|open-dialog|toast))\.tsx?$/,
              priority: 2,
            },
          ],
        },
      },
    },
  },
})

function source(name: string): string {
  return fileURLToPath(new URL(`src/${name}.ts`, import.meta.url))
}

/** What comes after the text, when it is wanted. */
const comesLater =
  /\/packages\/model\/src\/(formats\/|missed-)|\/packages\/editor\/src\/(carets|clipboard|vertical|floating|paste-|plural|slash-|bubble|menu|insert-icons|warden|tables-(?!view)|tool|block-|gutter|key-names|marked|scrolling|find|outline|inputrules|typography|word-count|fuzzy|overlay|set-words|print|dresses|[a-z]+-dress|uploading|parts|picker|grammar|languages|highlight|uploads|code-keys|image-address|ports|late-rules|link-card|typesetter|listing|suggestion|emoji|mention|missed-|note-list)|\/packages\/client\/src\/(api|edits|event|files|http|refusals|requests)|\/node_modules\/prosemirror-(tables|inputrules)\//

/** The modules without which nobody can read and write. */
function isDocumentCore(id: string): boolean {
  if (comesLater.test(id)) return false
  return /\/packages\/(model|editor|client)\/src\/.*\.ts$|\/app\/document\/(document-page|header|session|skeleton|status|status-line)\.tsx?$|\/node_modules\/(prosemirror-|yjs|y-websocket|y-protocols)/.test(
    id,
  )
}

/** Puts the lucide icons that the app names into the page as symbols, so that an icon is one `<use>`. */
function inlineIcons(): Plugin {
  return {
    name: 'sheaf:icons',
    transformIndexHtml: html => {
      const symbols = iconNames.map(name => {
        const svg = readFileSync(require.resolve(`lucide-static/icons/${name}.svg`), 'utf8')
        const shapes = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'))
        return `<symbol id="icon-${name}" viewBox="0 0 24 24">${shapes.replace(/\s+/g, ' ').trim()}</symbol>`
      })
      return html.replace(
        '<!-- icons -->',
        `<svg class="symbols" width="0" height="0" aria-hidden="true">${symbols.join('')}</svg>`,
      )
    },
  }
}

/** The font packages call their families "… Variable"; in our stylesheets they bear their own names. */
function nameFonts(): Plugin {
  return {
    name: 'sheaf:font-names',
    enforce: 'pre',
    transform: (code, id) =>
      /@fontsource-variable.*\.css/.test(id) ? code.replace(/'([\w ]+) Variable'/g, "'$1'") : undefined,
  }
}

/** Only the two files that nearly every page needs at once. */
function preloadFonts(): Plugin {
  return {
    name: 'sheaf:preload',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle }) =>
        Object.keys(bundle ?? {})
          .filter(isShellFont)
          .map(file => ({
            tag: 'link',
            attrs: { rel: 'preload', href: `/${file}`, as: 'font', type: 'font/woff2', crossorigin: '' },
            injectTo: 'head-prepend' as const,
          })),
    },
  }
}

/** Writes into sw.js which files make the app shell, and a version that changes with any of them. */
function listShell(): Plugin {
  return {
    name: 'sheaf:shell',
    enforce: 'post',
    generateBundle: (_options, bundle) => {
      const files = Object.keys(bundle)
        .filter(file => file.startsWith('assets/') && (/\.(js|css)$/.test(file) || isShellFont(file)))
        .sort()
        .map(file => `/${file}`)
      const html = bundle['index.html']
      const version = createHash('sha256')
        .update(files.join('\n'))
        .update(html?.type === 'asset' ? String(html.source) : '')
        .digest('hex')
        .slice(0, 12)
      const worker = bundle['sw.js']
      if (worker?.type !== 'chunk') throw new Error('The service worker was not built.')
      worker.code = worker.code
        .replace('__SHELL_VERSION__', JSON.stringify(version))
        .replace(
          '__SHELL_FILES__',
          JSON.stringify(['/', '/theme.js', '/icon.svg', '/icon-192.png', '/manifest.webmanifest', ...files]),
        )
    },
  }
}

/** Puts `name.br` beside each file that is text: the best quality takes too long to be made while somebody waits. */
function precompress(): Plugin {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  return {
    name: 'sheaf:precompress',
    apply: 'build',
    writeBundle: ({ dir }) => {
      for (const name of readdirSync(dir!, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|html|svg|webmanifest)$/.test(name)) continue
        writeFileSync(join(dir!, `${name}.br`), brotliCompressSync(readFileSync(join(dir!, name)), { params }))
      }
    },
  }
}

function isShellFont(file: string): boolean {
  return /(source-serif-4-latin-opsz-normal|inter-latin-wght-normal)-[^/]*\.woff2$/.test(file)
}
