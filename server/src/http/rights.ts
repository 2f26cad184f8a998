// What each route asks for before its handler runs: the one table of rights over HTTP. A route without a row is answered to nobody once
// there are accounts, and fails test/server/http/matrix.test.ts.

import type { DocumentAction } from '../auth/roles.ts'
import type { Scope } from '../auth/scopes.ts'

export type Right =
  /** Whoever reaches the server. What is private behind it asks for more by itself: a secret, a password. */
  | 'anybody'
  /** This machine, and the owners of the server. */
  | 'local'
  /** Somebody with a session: an account, or a guest. */
  | 'session'
  /** Somebody with an account. */
  | 'member'
  /** An owner of the server. */
  | 'admin'
  /** The same, and everybody while the server is open. */
  | 'folders'
  /** The role on the document of the path that the action needs. */
  | DocumentAction

/** By method and route; below /api/v1 without that. */
export const rights: Readonly<Record<string, Right>> = {
  'GET /': 'anybody',
  'GET /d/:id': 'anybody',
  'GET /setup': 'anybody',
  'GET /signin': 'anybody',
  'GET /invite': 'anybody',
  'GET /reset': 'anybody',
  'GET /admin': 'anybody',
  'GET /devices': 'anybody',
  'GET /healthz': 'anybody',
  'GET /readyz': 'anybody',
  'GET /metrics': 'local',
  // What a tool does is asked for anew, with the row of its own route.
  'POST /mcp': 'session',

  'GET /openapi.json': 'anybody',
  'GET /me': 'anybody',
  'PATCH /me': 'member',
  'POST /me/password': 'member',
  'POST /setup': 'anybody',
  'POST /setup/look': 'anybody',
  'GET /sessions': 'member',
  'POST /sessions': 'anybody',
  'DELETE /sessions/:session': 'session',
  'POST /oidc': 'anybody',
  'GET /oidc/callback': 'anybody',
  'GET /tokens': 'member',
  'POST /tokens': 'member',
  'DELETE /tokens/:token': 'member',
  'GET /invites': 'admin',
  'POST /invites': 'admin',
  'POST /invites/look': 'anybody',
  'POST /invites/accept': 'anybody',
  'DELETE /invites/:invite': 'admin',
  'POST /resets': 'anybody',
  'POST /resets/mail': 'anybody',
  'GET /admin/overview': 'admin',
  'GET /admin/live': 'admin',
  'GET /admin/links': 'admin',
  'GET /admin/audit': 'admin',
  'GET /users': 'member',
  'PATCH /users/:user': 'admin',
  'POST /users/:user/reset': 'admin',

  'GET /documents': 'member',
  'POST /documents': 'member',
  'GET /documents/:id': 'read',
  'PUT /documents/:id': 'member',
  'PATCH /documents/:id': 'edit',
  'DELETE /documents/:id': 'manage',
  'POST /documents/:id/restore': 'manage',
  // And the right to make documents.
  'POST /documents/:id/duplicate': 'read',
  'PUT /documents/:id/star': 'read',
  'DELETE /documents/:id/star': 'read',
  'PUT /documents/:id/visit': 'read',
  // Who may edit may see who else may.
  'GET /documents/:id/sharing': 'edit',
  'PATCH /documents/:id/sharing': 'manage',
  'PUT /documents/:id/sharing/people/:user': 'manage',
  'DELETE /documents/:id/sharing/people/:user': 'manage',
  'POST /documents/:id/sharing/secrets': 'manage',
  // The secret in the body is the right.
  'POST /documents/:id/link': 'anybody',
  'POST /documents/:id/requests': 'member',
  'DELETE /documents/:id/requests/:user': 'manage',
  'GET /documents/:id/content': 'read',
  'PUT /documents/:id/content': 'edit',
  'POST /documents/:id/edits': 'edit',
  'POST /documents/:id/writers': 'edit',
  'POST /documents/:id/writers/:writer': 'edit',
  'DELETE /documents/:id/writers/:writer': 'edit',
  'POST /documents/:id/revert': 'edit',
  'POST /documents/:id/find': 'read',
  'GET /documents/:id/changes': 'read',
  'GET /documents/:id/authors': 'read',
  'GET /documents/:id/events': 'read',
  'GET /documents/:id/sync/stream': 'read',
  // What comes by it is judged message by message, as over a socket.
  'POST /documents/:id/sync': 'read',
  // Who reads is seen by others, too.
  'GET /documents/:id/presence': 'read',
  'PUT /documents/:id/presence/:session': 'read',
  'DELETE /documents/:id/presence/:session': 'read',
  'GET /documents/:id/outline': 'read',
  'GET /documents/:id/blocks': 'read',
  'GET /documents/:id/blocks/:block': 'read',
  'GET /documents/:id/update': 'read',
  'POST /documents/:id/update': 'edit',
  'GET /documents/:id/assets': 'read',
  'POST /documents/:id/assets': 'edit',
  'GET /documents/:id/assets/:hash': 'read',

  'GET /search': 'member',

  'POST /imports': 'member',
  'GET /exports': 'member',
  'GET /documents/:id/export': 'read',

  'GET /folders': 'member',
  'POST /folders': 'member',
  'GET /folders/:id': 'member',
  // Folders are everybody's, and what lies in them is not: who changes one changes who sees what, or throws it away.
  'PATCH /folders/:id': 'folders',
  'DELETE /folders/:id': 'folders',
  'POST /folders/:id/restore': 'folders',
  'GET /folders/:id/sharing': 'folders',
  'PATCH /folders/:id/sharing': 'folders',
  'PUT /folders/:id/sharing/people/:user': 'folders',
  'DELETE /folders/:id/sharing/people/:user': 'folders',
}

/** What a token must hold where its right alone does not say it. */
const scopes: Readonly<Record<string, Scope | 'any'>> = {
  'POST /mcp': 'any',
  'GET /documents': 'docs:read',
  'POST /documents': 'docs:write',
  'PUT /documents/:id': 'docs:write',
  'POST /documents/:id/duplicate': 'docs:write',
  'GET /search': 'search',
  'POST /imports': 'docs:write',
  'GET /exports': 'export',
  'GET /documents/:id/export': 'export',
  'GET /folders': 'docs:read',
  'POST /folders': 'docs:write',
  'GET /folders/:id': 'docs:read',
}

const scopesOfRights: Partial<Readonly<Record<Right, Scope | 'any'>>> = {
  anybody: 'any',
  local: 'any',
  read: 'docs:read',
  comment: 'docs:write',
  edit: 'docs:write',
  manage: 'docs:manage',
}

/** The scope that a token needs for a route; `none`: it is for people who have signed in. */
export function scopeOf(route: string): Scope | 'any' | 'none' {
  const right = rights[route]
  return scopes[route] ?? (right && scopesOfRights[right]) ?? 'none'
}
