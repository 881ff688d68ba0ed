import type { Arguments, CommandShape } from './arguments.ts'

/** How a process of `krylov` ends. */
export const exit = { solved: 0, notConverged: 1, usage: 2, input: 3, internal: 4 } as const
export type ExitCode = (typeof exit)[keyof typeof exit]

/** Where a command writes to. */
export interface Terminal {
  /** One block of text, or with `--json` one document, to standard output. */
  print(text: string): void
  /** One line to standard error. */
  note(text: string): void
  /** Overwrites the progress line; does nothing where standard error is no terminal. */
  progress(text: string): void
}

/** A subcommand: what it takes, and what it does. */
export interface Command {
  readonly shape: CommandShape
  run(args: Arguments, terminal: Terminal): Promise<ExitCode>
}
