// What is loaded together when the text has the focus for the first time.

export { BubbleView } from './bubble-view.ts'
export { SlashMenuView } from './slash-view.ts'
