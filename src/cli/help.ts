import { type CommandShape, everywhere, type OptionShape } from './arguments.ts'

export const exitCodes = `Exit codes:
  0  solved, or done
  1  not converged: the reason is shown
  2  bad usage
  3  bad input: a file that cannot be read, is malformed, or does not fit the method
  4  krylov itself failed, or the backend asked for does not load`

const LEFT = 26

const row = (left: string, right: string): string =>
  left.length > LEFT ? `  ${left}\n${' '.repeat(LEFT + 4)}${right}` : `  ${left.padEnd(LEFT)}  ${right}`

const optionRow = ([name, { value, help }]: [string, OptionShape]): string =>
  row(`--${name}${value === undefined ? '' : ` ${value}`}`, help)

/** The help of one subcommand. */
export async function commandHelp({ name, summary, operands, options, notes }: CommandShape): Promise<string> {
  return [
    `krylov ${name} ${[...operands, '[options]'].join(' ')}`,
    '',
    summary,
    '',
    'Options:',
    ...Object.entries({ ...options, ...everywhere }).map(optionRow),
    ...(notes === undefined ? [] : ['', await notes()]),
    '',
    exitCodes,
  ].join('\n')
}

/** The help of the program. */
export function programHelp(commands: Readonly<Record<string, string>>): string {
  return [
    'krylov <command> [arguments] [options]',
    '',
    'Numerical linear algebra for Node.',
    '',
    'Commands:',
    ...Object.entries(commands).map(([name, summary]) => row(name, summary)),
    '',
    'Options:',
    row('--help', 'this text; after a command, what that command takes'),
    row('--version', 'the version'),
    optionRow(['json', everywhere.json!]),
    '',
    exitCodes,
  ].join('\n')
}
