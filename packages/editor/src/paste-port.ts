// What pasting asks of the editor, and tells whoever embeds it.

/** Plain text was pasted as what its Markdown means. */
export interface FormattedPaste {
  /** Takes it back, and pastes it as it stood. False once something was written since. */
  keepPlain(): boolean
}

export interface PasteOptions {
  readonly undo: () => boolean
  /** @param paste null when the last one can no longer be taken back */
  readonly onFormatted: (paste: FormattedPaste | null) => void
}
