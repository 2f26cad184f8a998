// The sentences of the tools around the text, in one place.

export const toolWords = {
  insertBelow: 'Insert below',
  blockMenu: 'Block menu',
  turnInto: 'Turn into',
  duplicate: 'Duplicate',
  copyLink: 'Copy link to block',
  copyHeadingLink: 'Copy link to heading',
  moveUp: 'Move up',
  moveDown: 'Move down',
  delete: 'Delete',
} as const
