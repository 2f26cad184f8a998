// `GET /openapi.json`: the API as OpenAPI 3.1, made from the validators that check requests, the table of rights and the tables of errors.
// What a route is for and what it answers is said here, a row each; a route without one fails test/server/http/openapi.test.ts.

import { errorKinds, requestErrorKinds } from '@sheaf/protocol'
import { Hono } from 'hono'
import { z } from 'zod'
import * as accounts from './accounts.ts'
import { auditFields } from './admin.ts'
import { authorsQuery } from './authors.ts'
import { createFields, createQuery } from './beginnings.ts'
import { changesQuery } from './changes.ts'
import { contentQuery, jsonBody } from './content.ts'
import * as documents from './documents.ts'
import { editRequest, findRequest } from './edit-fields.ts'
import { blocksQuery } from './edits.ts'
import { eventsQuery } from './events.ts'
import * as folders from './folders.ts'
import { exportQuery, exportsQuery, importQuery } from './imports.ts'
import { listFields } from './listing.ts'
import { beginFields } from './oidc.ts'
import { presenceRequest } from './presence.ts'
import { revertRequest } from './reverting.ts'
import { rights, scopeOf } from './rights.ts'
import { type AppEnv, methods } from './routes.ts'
import { searchQuery } from './search.ts'
import * as sharing from './sharing.ts'
import { tokenFields } from './tokens.ts'
import { openQuery, postQuery } from './tunnels.ts'
import { pieceQuery, writerRequest } from './writers.ts'

/** A media type that is no JSON. */
interface Bytes {
  readonly type: string
}

interface Row {
  /** The operationId. */
  readonly id: string
  readonly does: string
  readonly query?: z.ZodType
  readonly headers?: readonly string[]
  /** Of the request; one of them. */
  readonly body?: z.ZodType | readonly (z.ZodType | Bytes)[]
  /** Absent: 204. */
  readonly answer?: z.ZodType | readonly (z.ZodType | Bytes)[]
  /** Default: 200, or 204 without an answer. */
  readonly status?: number
}

const text = z.string()
const time = z.iso.datetime()
const revision = z.string().describe('<epoch>.<number>')
const list = (item: z.ZodType) => z.looseObject({ items: z.array(item), next: text.optional() })
const [markdown, html, plain, yjs, zip, stream, any] = [
  'text/markdown',
  'text/html',
  'text/plain',
  'application/vnd.yjs.update',
  'application/zip',
  'text/event-stream',
  'application/octet-stream',
].map(type => ({ type })) as [Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes]

const document = z.looseObject({
  ...{ id: text, title: text, snippet: text, layout: text, createdAt: time, updatedAt: time },
  ...{ folder: text.nullable(), starred: z.boolean(), revision: z.number(), url: text },
  ...{ deletedAt: time.optional(), goneAt: time.optional() },
})
const folder = z.looseObject({ id: text, name: text, parent: text.nullable(), createdAt: time })
const person = z.looseObject({ id: text, name: text, login: text, color: z.number() })
const shared = z.looseObject({ people: z.array(person), reach: text, reachRole: text })
const asset = z.looseObject({ hash: text, url: text, type: text, size: z.number(), name: text, createdAt: time })
const token = z.looseObject({ id: text, note: text, scopes: z.array(text), createdAt: time })
const edited = z.looseObject({
  ...{ rev: revision.optional(), base: revision.optional(), merged: z.boolean(), durable: z.boolean() },
  ...{ live: z.looseObject({ peers: z.number() }), diff: text.optional() },
  results: z.array(
    z.looseObject({
      ...{ op: z.number(), status: z.enum(['applied', 'noop']), matches: z.number(), matchedBy: text.optional() },
      ...{ block: text.optional(), before: text, after: text },
    }),
  ),
})
const block = z.looseObject({ id: text, kind: text, attrs: z.looseObject({}), text })
const match = z.looseObject({ handle: text.optional(), block: text.nullable(), text, context: text, matchedBy: text })
const change = z.looseObject({
  ...{ rev: revision, at: time, by: text, origin: text, token: text.optional(), run: text.optional() },
})
const object = z.looseObject({})
const madeUrl = z.looseObject({ url: text })
const idempotent = ['Idempotency-Key']

/** By method and route, as in rights.ts. */
export const described: Readonly<Record<string, Row>> = {
  'GET /openapi.json': { id: 'openApi', does: 'This description.', answer: object },
  'GET /me': {
    id: 'me',
    does: 'Who asks, and the limits of the server.',
    answer: z.looseObject({ kind: text, mode: text }),
  },
  'PATCH /me': {
    id: 'changeProfile',
    does: 'Changes one’s own name, colour, language and theme.',
    body: accounts.profileFields,
    answer: person,
  },
  'POST /me/password': {
    id: 'changePassword',
    does: 'Sets another password; the other sessions end.',
    body: accounts.passwordFields,
  },
  'POST /setup': {
    id: 'setUp',
    does: 'Makes the first owner, by the link that the server printed.',
    body: accounts.setUpFields,
  },
  'POST /setup/look': { id: 'lookAtSetUp', does: 'Whether such a link is still good.', body: accounts.secretFields },
  'GET /sessions': { id: 'listSessions', does: 'Where one is signed in.', answer: list(object) },
  'POST /sessions': { id: 'signIn', does: 'Signs in, by a cookie.', body: accounts.signInFields },
  'DELETE /sessions/:session': { id: 'endSession', does: 'Signs out; `current` is this one.' },
  'POST /oidc': {
    id: 'beginOpenId',
    does: 'The address of the OpenID provider to go to.',
    body: beginFields,
    answer: madeUrl,
  },
  'GET /oidc/callback': { id: 'endOpenId', does: 'Where the OpenID provider sends people back to.', status: 302 },
  'GET /tokens': { id: 'listTokens', does: 'One’s own tokens, without their secrets.', answer: list(token) },
  'POST /tokens': {
    id: 'makeToken',
    does: 'Makes a token; it is told this once.',
    body: tokenFields,
    answer: token.extend({ token: text }),
    status: 201,
  },
  'DELETE /tokens/:token': { id: 'revokeToken', does: 'Ends a token at once, in open sockets too.' },
  'GET /invites': { id: 'listInvites', does: 'Open invitations.', answer: list(object) },
  'POST /invites': {
    id: 'invite',
    does: 'Makes an invitation.',
    body: accounts.inviteFields,
    answer: madeUrl,
    status: 201,
  },
  'POST /invites/look': { id: 'lookAtInvite', does: 'Who invites where.', body: accounts.secretFields, answer: object },
  'POST /invites/accept': {
    id: 'acceptInvite',
    does: 'Makes an account by an invitation.',
    body: accounts.acceptFields,
  },
  'DELETE /invites/:invite': { id: 'withdrawInvite', does: 'Withdraws an invitation.' },
  'POST /resets': { id: 'reset', does: 'Sets a new password by a link.', body: accounts.resetFields },
  'POST /resets/mail': { id: 'mailReset', does: 'Has a link for a new password mailed.', body: accounts.loginFields },
  'GET /admin/overview': { id: 'overview', does: 'How the server does.', answer: object },
  'GET /admin/live': { id: 'listLive', does: 'What is open now.', answer: list(object) },
  'GET /admin/links': { id: 'listLinks', does: 'Links that anyone could open.', answer: object },
  'GET /admin/audit': {
    id: 'listAudit',
    does: 'What was done with rights and accounts.',
    query: auditFields,
    answer: list(object),
  },
  'GET /users': { id: 'listPeople', does: 'Who has an account.', answer: list(person) },
  'PATCH /users/:user': {
    id: 'changeUser',
    does: 'Disables an account, or enables it again.',
    body: accounts.userFields,
    answer: person,
  },
  'POST /users/:user/reset': {
    id: 'makeReset',
    does: 'Makes a link for a new password.',
    answer: madeUrl,
    status: 201,
  },

  'GET /documents': {
    id: 'listDocuments',
    does: 'Documents that who asks may see, page by page.',
    query: listFields,
    answer: list(document),
  },
  'POST /documents': {
    id: 'makeDocument',
    does: 'Makes a document, empty or of JSON, Markdown, HTML, plain text or a Yjs update.',
    query: createQuery,
    headers: idempotent,
    body: [createFields, markdown, html, plain, yjs],
    answer: document,
    status: 201,
  },
  'GET /documents/:id': {
    id: 'readDocument',
    does: 'What is known of a document, without its text.',
    answer: document,
  },
  'PUT /documents/:id': {
    id: 'makeDocumentAt',
    does: 'Makes a document of this id; with `If-None-Match: *`.',
    query: createQuery,
    headers: ['If-None-Match'],
    body: [createFields, markdown, html, plain, yjs],
    answer: document,
    status: 201,
  },
  'PATCH /documents/:id': {
    id: 'changeDocument',
    does: 'Gives it another title, or another folder.',
    body: documents.patchFields,
    answer: document,
  },
  'DELETE /documents/:id': {
    id: 'deleteDocument',
    does: 'Throws it away, for good with `permanent=true`.',
    query: documents.deleteQuery,
  },
  'POST /documents/:id/restore': { id: 'restoreDocument', does: 'Takes it back from the trash.', answer: document },
  'POST /documents/:id/duplicate': {
    id: 'duplicateDocument',
    does: 'Copies it, as it is or as it was.',
    headers: idempotent,
    body: documents.duplicateFields,
    answer: document,
    status: 201,
  },
  'PUT /documents/:id/star': { id: 'star', does: 'Stars it for who asks.' },
  'DELETE /documents/:id/star': { id: 'unstar', does: 'Takes the star away.' },
  'PUT /documents/:id/visit': { id: 'visit', does: 'Notes that who asks has opened it.' },
  'GET /documents/:id/sharing': { id: 'readSharing', does: 'Who may do what with it.', answer: shared },
  'PATCH /documents/:id/sharing': {
    id: 'changeSharing',
    does: 'Sets how far its link reaches.',
    body: sharing.reachFields,
    answer: shared,
  },
  'PUT /documents/:id/sharing/people/:user': {
    id: 'giveRole',
    does: 'Gives somebody a role.',
    body: sharing.personFields,
    answer: shared,
  },
  'DELETE /documents/:id/sharing/people/:user': { id: 'takeRole', does: 'Takes the role away.', answer: shared },
  'POST /documents/:id/sharing/secrets': {
    id: 'makeLink',
    does: 'Makes a link with a secret; an older one ends.',
    body: object,
    answer: madeUrl,
    status: 201,
  },
  'POST /documents/:id/link': {
    id: 'openLink',
    does: 'Exchanges the secret of a link for a cookie.',
    body: sharing.linkFields,
  },
  'POST /documents/:id/requests': {
    id: 'askForAccess',
    does: 'Asks its owners for a role.',
    body: sharing.requestFields,
  },
  'DELETE /documents/:id/requests/:user': { id: 'declineRequest', does: 'Declines such a request.' },
  'GET /documents/:id/content': {
    id: 'readContent',
    does: 'What it says, in the format that is accepted, as it is or as it was.',
    query: contentQuery,
    headers: ['If-None-Match'],
    answer: [object, markdown, html, plain, yjs],
  },
  'PUT /documents/:id/content': {
    id: 'putContent',
    does: 'Makes it say this; with `If-Match` or `Merge-Base`.',
    headers: ['If-Match', 'Merge-Base', ...idempotent],
    body: [jsonBody, markdown, html],
    answer: edited,
  },
  'POST /documents/:id/edits': {
    id: 'edit',
    does: 'Makes edits beside people, all or none.',
    headers: idempotent,
    body: editRequest,
    answer: edited,
  },
  'POST /documents/:id/revert': {
    id: 'revert',
    does: 'Takes back what a run did, or what was done since a revision.',
    headers: idempotent,
    body: revertRequest,
    answer: z.looseObject({ status: text, revisions: z.number(), diff: text }),
  },
  'POST /documents/:id/writers': {
    id: 'beginWriter',
    does: 'Begins a text that comes bit by bit.',
    body: writerRequest,
    answer: z.looseObject({ writer: text, at: z.number() }),
    status: 201,
  },
  'POST /documents/:id/writers/:writer': {
    id: 'writePiece',
    does: 'Brings a piece of it.',
    query: pieceQuery,
    body: [markdown],
    answer: z.looseObject({ at: z.number(), written: z.number(), rev: revision.optional(), blocks: z.array(text) }),
  },
  'DELETE /documents/:id/writers/:writer': { id: 'dropWriter', does: 'Takes away what was written so.' },
  'POST /documents/:id/find': {
    id: 'find',
    does: 'Where words, a block or a heading stand, with a handle each.',
    body: findRequest,
    answer: z.looseObject({ rev: revision, matches: z.array(match), total: z.number() }),
  },
  'GET /documents/:id/changes': {
    id: 'listChanges',
    does: 'Who changed it, when, and by which door.',
    query: changesQuery,
    answer: list(change),
  },
  'GET /documents/:id/authors': {
    id: 'listAuthors',
    does: 'Who wrote which ranges.',
    query: authorsQuery,
    answer: list(object),
  },
  'GET /documents/:id/events': {
    id: 'watch',
    does: 'Changes as they come.',
    query: eventsQuery,
    headers: ['Last-Event-ID'],
    answer: [stream],
  },
  'GET /documents/:id/sync/stream': {
    id: 'openTunnel',
    does: 'The wire over HTTP: what comes.',
    query: openQuery,
    answer: [stream],
  },
  'POST /documents/:id/sync': {
    id: 'sendTunnel',
    does: 'The wire over HTTP: what goes.',
    query: postQuery,
    body: [any],
  },
  'GET /documents/:id/presence': { id: 'listPresent', does: 'Who is in it now, and where.', answer: list(object) },
  'PUT /documents/:id/presence/:session': {
    id: 'show',
    does: 'Shows a program in it for some time.',
    body: presenceRequest,
  },
  'DELETE /documents/:id/presence/:session': { id: 'hide', does: 'Hides it again.' },
  'GET /documents/:id/outline': {
    id: 'outline',
    does: 'Its headings.',
    answer: z.looseObject({
      rev: revision,
      items: z.array(z.looseObject({ block: text, level: z.number(), text, characters: z.number() })),
    }),
  },
  'GET /documents/:id/blocks': {
    id: 'listBlocks',
    does: 'Its blocks, page by page.',
    query: blocksQuery,
    answer: z.looseObject({ rev: revision, items: z.array(block), next: text.optional() }),
  },
  'GET /documents/:id/blocks/:block': {
    id: 'readBlock',
    does: 'One of them.',
    answer: z.looseObject({ rev: revision, item: block }),
  },
  'GET /documents/:id/update': {
    id: 'readUpdate',
    does: 'Its state, or what is missing from a state vector, as a Yjs update.',
    query: z.strictObject({ since: text.optional() }),
    answer: [any],
  },
  'POST /documents/:id/update': {
    id: 'sendUpdate',
    does: 'Merges a Yjs update.',
    body: [yjs, any],
    answer: z.looseObject({ revision }),
  },
  'GET /documents/:id/assets': { id: 'listAssets', does: 'Its files.', answer: list(asset) },
  'POST /documents/:id/assets': {
    id: 'upload',
    does: 'Stores a file with it.',
    query: z.strictObject({ name: text.optional() }),
    body: [any],
    answer: asset,
    status: 201,
  },
  'GET /documents/:id/assets/:hash': { id: 'readAsset', does: 'One of its files.', answer: [any] },
  'GET /documents/:id/export': { id: 'exportDocument', does: 'It as a file.', query: exportQuery, answer: [any] },

  'GET /search': { id: 'search', does: 'Documents by the words in them.', query: searchQuery, answer: list(object) },
  'POST /imports': {
    id: 'import',
    does: 'Makes documents of a file, or of each in a zip.',
    query: importQuery,
    body: [any],
    answer: z.looseObject({ documents: z.array(object), skipped: z.array(object) }),
    status: 201,
  },
  'GET /exports': { id: 'exportAll', does: 'Everything, or a folder, as a zip.', query: exportsQuery, answer: [zip] },

  'GET /folders': { id: 'listFolders', does: 'All folders.', answer: list(folder) },
  'POST /folders': { id: 'makeFolder', does: 'Makes one.', body: folders.createFields, answer: folder, status: 201 },
  'GET /folders/:id': { id: 'readFolder', does: 'One of them.', answer: folder },
  'PATCH /folders/:id': {
    id: 'changeFolder',
    does: 'Renames it, or puts it elsewhere.',
    body: folders.patchFields,
    answer: folder,
  },
  'DELETE /folders/:id': {
    id: 'deleteFolder',
    does: 'Throws it away, with what is in it or not.',
    query: folders.deleteQuery,
    answer: object,
  },
  'POST /folders/:id/restore': { id: 'restoreFolder', does: 'Takes it back.', answer: object },
  'GET /folders/:id/sharing': {
    id: 'readFolderSharing',
    does: 'Who may do what with all that is in it.',
    answer: shared,
  },
  'PATCH /folders/:id/sharing': {
    id: 'changeFolderSharing',
    does: 'Sets how far it reaches.',
    body: sharing.folderReachFields,
    answer: shared,
  },
  'PUT /folders/:id/sharing/people/:user': {
    id: 'giveFolderRole',
    does: 'Gives somebody a role.',
    body: sharing.folderPersonFields,
    answer: shared,
  },
  'DELETE /folders/:id/sharing/people/:user': { id: 'takeFolderRole', does: 'Takes the role away.', answer: shared },
}

/** The whole description. @param version of the server. */
export function openApi(version: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const [route, row] of Object.entries(described)) {
    const [method = '', path = ''] = route.split(' ')
    const shown = path.replaceAll(/:(\w+)/g, '{$1}')
    paths[shown] = { ...paths[shown], [method.toLowerCase()]: operation(route, path, row) }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Sheaf',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
      description: 'Documents that people write together, for programs. What each part means: docs/api.md.',
    },
    servers: [{ url: '/api/v1' }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'A token, `sheaf_pat_…`.' } },
      responses: {
        Problem: {
          description: 'What went wrong, and what may be done (RFC 9457).',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      schemas: { Problem: problem },
    },
  }
}

const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'retry', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: [...Object.keys(errorKinds), ...Object.keys(requestErrorKinds)] },
    retry: { type: 'string', enum: ['never', 'fix-request', 'after-refresh', 'later'] },
    requestId: { type: 'string' },
    field: { type: 'string', description: 'JSON pointer of the field that is wrong.' },
    retryAfterS: { type: 'number' },
  },
}

function operation(route: string, path: string, row: Row): object {
  const { id, does, query, headers = [], body, answer } = row
  const status = row.status ?? (answer === undefined ? 204 : 200)
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => parameter(name!, 'path', true, { type: 'string' }))
  const scope = scopeOf(route)
  const isOpen = rights[route] === 'anybody'
  return {
    operationId: id,
    summary: does,
    tags: [path.split('/')[1]],
    ...(scope !== 'any' && scope !== 'none' && { description: `A token needs the scope \`${scope}\`.` }),
    security: isOpen ? [{}, { bearer: [] }] : [{ bearer: [] }],
    parameters: [
      ...inPath,
      ...headers.map(name => parameter(name, 'header', false, { type: 'string' })),
      ...(query === undefined ? [] : queryParameters(query)),
    ],
    ...(body !== undefined && { requestBody: { content: contentOf(body, 'input') } }),
    responses: {
      [status]: { description: 'Done.', ...(answer !== undefined && { content: contentOf(answer, 'output') }) },
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

function parameter(name: string, where: 'path' | 'query' | 'header', required: boolean, schema: object): object {
  return { name, in: where, ...(required && { required }), schema }
}

function queryParameters(query: z.ZodType): object[] {
  const { properties = {}, required = [] } = schemaOf(query, 'input') as {
    properties?: Record<string, object>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, schema]) => parameter(name, 'query', required.includes(name), schema))
}

function contentOf(kinds: NonNullable<Row['body']>, io: 'input' | 'output'): object {
  const all = kinds instanceof z.ZodType ? [kinds] : kinds
  return Object.fromEntries(
    all.map(kind => {
      if (kind instanceof z.ZodType) return ['application/json', { schema: schemaOf(kind, io) }]
      const isText = kind.type.startsWith('text/')
      return [kind.type, { schema: isText ? { type: 'string' } : { type: 'string', format: 'binary' } }]
    }),
  )
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

/** Made at the first request, and kept. */
export function openApiRoutes(version: string): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  let made: object | undefined
  methods(app, '/openapi.json', {
    GET: c => {
      made ??= openApi(version)
      return c.json(made)
    },
  })
  return app
}
