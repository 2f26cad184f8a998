// The words of the pages before anybody is in, and of sharing. They come with them; another language brings them in `words.account`.

import { overlay } from '@sheaf/editor/overlay'
import { words } from '../words.ts'

const english = {
  // Accounts.
  setUp: 'Set up Sheaf',
  setUpMore: 'One page, once. You become the owner and can change all of this later.',
  setUpAside: 'Everything you write stays in one folder on this machine. “sheaf backup” copies it while you write.',
  yourName: 'Your name',
  login: 'Mail or user name',
  password: 'Password',
  passwordRule: 'twelve characters or more',
  newPassword: 'New password',
  showPassword: 'Show the password',
  placeName: 'What should this place be called?',
  openPlace: 'Open it',
  signIn: 'Sign in',
  signInMore: 'Sign in to keep writing.',
  signOut: 'Sign out',
  or: 'or',
  continueWith: (provider: string) => `Continue with ${provider}`,
  noMatch: 'Name and password don’t match.',
  tooMany: 'Too many attempts. Wait a minute, then try again.',
  noAccount: 'No account? Ask the owner of this place for an invitation.',
  forgotten: 'Forgot the password? The owner can send you a link for a new one.',
  /** Why somebody who came back from a provider is not in. */
  notIn: {
    refused: 'You were not signed in there. Try again, or use a password.',
    failed: 'That took too long, or was begun in another window. Try again.',
    unreachable: 'It cannot be reached right now. Try again later, or use a password.',
    'no-account': 'There is no account for you here. Ask the owner of this place for an invitation.',
    taken: 'There is an account of your mail address already. Sign in with its password, or ask the owner.',
    ended: 'The invitation has ended. Ask whoever sent it for a new one.',
    'too-many': 'Too many attempts. Wait a minute, then try again.',
  },
  invited: (place: string) => `You are invited to ${place}`,
  invitedBy: (name: string) => `${name} asks you to join.`,
  join: 'Join',
  nameTaken: 'There is an account of this name already.',
  chooseNew: 'Choose a new password',
  chooseNewMore: 'Everywhere else you are signed out with it.',
  setPassword: 'Set password',
  linkEnded: 'This link has ended. Ask whoever sent it for a new one.',
  hasPassword: 'This document has a password.',
  wrongPassword: 'That is not the password.',
  openDocument: 'Open',
  askForAccess: 'Ask for access',
  accessAsked: 'Asked. You will find it here when somebody lets you in.',
  useAnotherAccount: 'Use another account',

  administration: 'Administration',
  devices: 'Where you are signed in',

  // Sharing.
  share: 'Share',
  shareTitle: (title: string) => `Share “${title}”`,
  addPerson: 'Name or mail',
  nobodyFound: 'Nobody here has that name.',
  peopleWithAccess: 'People',
  you: 'you',
  roles: { owner: 'Owner', editor: 'Can edit', commenter: 'Can comment', viewer: 'Can view' },
  roleOf: (name: string) => `What ${name} may do`,
  remove: 'Remove',
  wantsAccess: (name: string) => `${name} would like to edit`,
  decline: 'Decline',
  letIn: 'Let in',
  link: 'Link',
  reaches: {
    restricted: 'Only the people above',
    members: 'Everybody with an account',
    anyone: 'Anyone with the link',
  },
  reachesMore: {
    restricted: 'The link opens for nobody else',
    members: 'Whoever can sign in here',
    anyone: 'Guests choose a name; no account needed',
  },
  whoReaches: 'Who else may open it',
  whatReaches: 'What others may do',
  whatNewMay: 'What the new person may do',
  seeAs: { restricted: 'See as a viewer', members: 'See as others do', anyone: 'See as a guest' },
  seenAs: {
    viewer: 'You see this document as somebody does who can view it.',
    commenter: 'You see this document as somebody does who can comment on it.',
    editor: 'You see this document as somebody does who can edit it.',
  },
  backToMine: 'Back to my view',
  linkPassword: 'Password of the link',
  passwordSet: 'set',
  passwordNone: 'none',
  removePassword: 'Remove',
  change: 'Change',
  ends: 'Ends',
  never: 'never',
  done: 'Done',
  sharedByOwner: 'Its owners decide who may open it.',
}

export type AccountWords = typeof english

export const accountWords: AccountWords = overlay(english, words.account)
