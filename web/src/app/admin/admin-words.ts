// The words of the pages for the owners of a server, and of the list of sessions. They come with them; another language brings them in
// `words.admin`.

import { overlay } from '@sheaf/editor/overlay'
import { counted, words } from '../words.ts'

const english = {
  administration: 'Administration',
  backToDocuments: 'Back to documents',
  sections: {
    overview: 'Overview',
    people: 'People',
    links: 'Public links',
    live: 'Open now',
    limits: 'Limits',
    audit: 'Audit log',
  },
  notForYou: 'This page is for the owners of the server.',
  notReached: 'The server can’t be reached.',

  // Overview.
  working: 'Everything is working.',
  notWorking: 'The disk does not take writes. Nothing that was saved is lost; new edits wait on people’s devices.',
  damaged: counted({ one: 'One document or file is damaged', other: '# documents or files are damaged' }),
  versionSince: (version: string, time: string) => `Sheaf ${version}, running since ${time}.`,
  accounts: 'accounts',
  disabledAccounts: counted({ one: '1 disabled', other: '# disabled' }),
  documents: 'documents',
  newThisWeek: counted({ one: '1 new this week', other: '# new this week' }),
  stored: 'stored',
  free: (size: string) => `${size} free`,
  openNow: 'open now',
  connections: counted({ one: '1 connection', other: '# connections' }),
  lately: 'Lately',
  all: counted({ other: 'All #' }),

  // People.
  invite: 'Invite somebody',
  inviteNote: 'For whom',
  inviteOwner: 'May administer the server',
  makeInvite: 'Make a link',
  inviteMade: 'Send this link to whoever is meant. It works once, within a week.',
  invitesOpen: 'Invitations that wait',
  invitedUntil: (day: string) => `until ${day}`,
  noNote: 'Without a note',
  takeBack: 'Take back',
  owner: 'Administers the server',
  disabled: 'Disabled',
  disable: 'Disable',
  enable: 'Enable',
  resetPassword: 'New password…',
  resetMade: (name: string) => `With this link ${name} chooses another password, once within a day.`,
  copy: 'Copy',
  linkCopied: 'Link copied',
  since: (day: string) => `since ${day}`,
  moreFor: (name: string) => `More for ${name}`,

  // Links, live documents, limits.
  noLinks: 'Nothing is open to anyone with a link.',
  noEnd: 'No end',
  password: 'password',
  endLink: 'End',
  linkEnded: 'The link has ended.',
  notYours: 'Only its owners can end it.',
  nobodyWrites: 'Nobody has a document open.',
  privateDocument: 'A private document',
  limit: 'Limit',
  value: 'Value',

  // Audit.
  command: 'The command line',
  guest: 'A guest',
  somebody: 'Somebody',
  earlier: 'Earlier',
  nothingYet: 'Nothing yet.',
  acts: {
    'set-up': (who: string) => `${who} set the server up`,
    'signed-in': (who: string) => `${who} signed in`,
    'sign-in-failed': (who: string) => `${who} failed to sign in`,
    'session-ended': (who: string) => `${who} signed out`,
    'password-changed': (who: string) => `${who} changed the password`,
    'password-reset': (who: string) => `${who} chose a password by a link`,
    'reset-link-made': (who: string) => `${who} made a link for a new password`,
    invited: (who: string) => `${who} made an invitation`,
    'invitation-withdrawn': (who: string) => `${who} took an invitation back`,
    joined: (who: string) => `${who} accepted an invitation`,
    'user-added': (who: string) => `${who} added an account`,
    'user-changed': (who: string) => `${who} disabled or enabled an account`,
    'token-made': (who: string) => `${who} made a token`,
    'token-revoked': (who: string) => `${who} revoked a token`,
    'role-given': (who: string) => `${who} gave a role`,
    'role-taken': (who: string) => `${who} took a role away`,
    'reach-changed': (who: string) => `${who} changed who may open a document`,
    'link-copied': (who: string) => `${who} copied a link`,
    'link-opened': (who: string) => `${who} came by a link`,
    'link-refused': (who: string) => `${who} tried a wrong password of a link`,
    'access-asked': (who: string) => `${who} asked for access`,
    'access-declined': (who: string) => `${who} declined a request`,
    'document-trashed': (who: string) => `${who} deleted a document`,
    'document-restored': (who: string) => `${who} took a document back`,
    'folder-changed': (who: string) => `${who} changed a folder`,
    'folder-trashed': (who: string) => `${who} deleted a folder`,
    'folder-restored': (who: string) => `${who} took a folder back`,
    exported: (who: string) => `${who} exported`,
    imported: (who: string) => `${who} imported`,
  } as Readonly<Record<string, (who: string) => string>>,

  // Sessions.
  sessionsTitle: 'Where you are signed in',
  sessionsMore: 'End what you do not know. Another password ends all the others.',
  thisBrowser: 'This browser',
  lastSeen: (time: string) => `last seen ${time}`,
  endSession: 'End',
  endOf: (browser: string) => `End ${browser}`,
  ended: 'It has ended.',
  unknownBrowser: 'A program',
  browserOn: (browser: string, system: string) => `${browser} on ${system}`,
}

export type AdminWords = typeof english

export const adminWords: AdminWords = overlay(english, words.admin)
