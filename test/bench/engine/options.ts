// Arguments that all scenarios share: `--peers`, `--quick`, `--runs N`, `--only a,b`, and numbers of their own.

export interface BenchOptions {
  readonly peers: boolean
  readonly runs: number
  /** A small run that shows that all of it works. */
  readonly isQuick: boolean
  readonly only: readonly string[] | undefined
  /** The number behind `--name`, or the default. */
  number(name: string, otherwise: number): number
  /** What stands behind `--name`. */
  text(name: string): string | undefined
}

export function benchOptions(args: readonly string[]): BenchOptions {
  const textOf = (name: string) => {
    const at = args.indexOf(`--${name}`)
    return at < 0 ? undefined : args[at + 1]
  }
  const number = (name: string, otherwise: number) => {
    const text = textOf(name)
    const value = text === undefined ? otherwise : Number(text)
    if (!Number.isFinite(value)) throw new Error(`--${name} is a number; it cannot be “${text}”.`)
    return value
  }
  const isQuick = args.includes('--quick')
  const runs = number('runs', isQuick ? 1 : 3)
  return { peers: args.includes('--peers'), runs, isQuick, only: textOf('only')?.split(','), number, text: textOf }
}
