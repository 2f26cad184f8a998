// What goes into the audit log, by route: the row beside the one in rights.ts. Every route that can change something stands here, also those
// that are not noted, so that nobody forgets one.

import type { AuditAct } from '../accounts/audit.ts'

interface Row {
  readonly done: AuditAct
  /** When it was refused as `unauthorized`: somebody has guessed. */
  readonly refused?: AuditAct
}

/** By method and route; null: it is no matter of people and rights, or is noted elsewhere. */
export const audited: Readonly<Record<string, Row | null>> = {
  // What a tool does is noted with the row of its own route.
  'POST /mcp': null,
  'PUT /documents/:id/presence/:session': null,
  'DELETE /documents/:id/presence/:session': null,
  'POST /documents/:id/writers': null,
  'POST /documents/:id/writers/:writer': null,
  'DELETE /documents/:id/writers/:writer': null,
  'POST /setup': { done: 'set-up' },
  'POST /setup/look': null,
  'PATCH /me': null,
  'POST /me/password': { done: 'password-changed' },
  'POST /sessions': { done: 'signed-in', refused: 'sign-in-failed' },
  'DELETE /sessions/:session': { done: 'session-ended' },
  'POST /oidc': null,
  'GET /oidc/callback': { done: 'signed-in', refused: 'sign-in-failed' },
  'POST /tokens': { done: 'token-made' },
  'DELETE /tokens/:token': { done: 'token-revoked' },
  'POST /invites': { done: 'invited' },
  'POST /invites/look': null,
  'POST /invites/accept': { done: 'joined' },
  'DELETE /invites/:invite': { done: 'invitation-withdrawn' },
  'POST /resets': { done: 'password-reset' },
  // Noted where a link was made.
  'POST /resets/mail': null,
  'PATCH /users/:user': { done: 'user-changed' },
  'POST /users/:user/reset': { done: 'reset-link-made' },

  'POST /documents': null,
  'PUT /documents/:id': null,
  'PATCH /documents/:id': null,
  'DELETE /documents/:id': { done: 'document-trashed' },
  'POST /documents/:id/duplicate': null,
  'POST /documents/:id/restore': { done: 'document-restored' },
  'PUT /documents/:id/star': null,
  'DELETE /documents/:id/star': null,
  'PUT /documents/:id/visit': null,
  'PATCH /documents/:id/sharing': { done: 'reach-changed' },
  'PUT /documents/:id/sharing/people/:user': { done: 'role-given' },
  'DELETE /documents/:id/sharing/people/:user': { done: 'role-taken' },
  'POST /documents/:id/sharing/secrets': { done: 'link-copied' },
  'POST /documents/:id/link': { done: 'link-opened', refused: 'link-refused' },
  'POST /documents/:id/requests': { done: 'access-asked' },
  'DELETE /documents/:id/requests/:user': { done: 'access-declined' },
  // Who wrote what stands in the document's own log.
  'POST /documents/:id/update': null,
  'PUT /documents/:id/content': null,
  'POST /documents/:id/edits': null,
  'POST /documents/:id/revert': null,
  'POST /documents/:id/sync': null,
  'POST /documents/:id/find': null,
  'POST /documents/:id/assets': null,

  'POST /imports': { done: 'imported' },
  'GET /exports': { done: 'exported' },
  'GET /documents/:id/export': { done: 'exported' },

  'POST /folders': null,
  'PATCH /folders/:id': { done: 'folder-changed' },
  'DELETE /folders/:id': { done: 'folder-trashed' },
  'POST /folders/:id/restore': { done: 'folder-restored' },
  'PATCH /folders/:id/sharing': { done: 'reach-changed' },
  'PUT /folders/:id/sharing/people/:user': { done: 'role-given' },
  'DELETE /folders/:id/sharing/people/:user': { done: 'role-taken' },
}
