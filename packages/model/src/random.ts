// Ids inside contents (spans, tables, rows, columns) are random strings, never client and clock.

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export function randomId(length: number): string {
  let id = ''
  for (let i = 0; i < length; i++) id += alphabet[Math.floor(Math.random() * alphabet.length)]!
  return id
}
