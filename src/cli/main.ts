import { createRequire } from 'node:module'
import { Arguments, checkName, everywhere } from './arguments.ts'
import { type Command, type ExitCode, exit, type Terminal } from './command.ts'
import { explain } from './explain.ts'
import { commandHelp, programHelp } from './help.ts'
import { standardTerminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

const summaries = {
  solve: 'solve A x = b',
  info: 'what a matrix is like: size, symmetry, bandwidth, spectrum, pattern',
  bench: 'the benchmarks, in a checkout of krylov',
  backend: 'which half computes, native or TypeScript, and on what',
}

const commands: Readonly<Record<string, (entry: URL) => Promise<Command>>> = {
  solve: async entry => (await import('./solve.ts')).solveCommand(entry),
  info: async () => (await import('./info.ts')).infoCommand,
  bench: async () => (await import('./bench.ts')).benchCommand,
  backend: async () => (await import('./backend.ts')).backendCommand,
  demo: async entry => (await import('./demo.ts')).demoCommand(entry),
}

/** Runs one call of `krylov`; `entry` is the program file, where workers start. */
export async function main(argv: readonly string[], entry: URL, terminal = standardTerminal()): Promise<ExitCode> {
  const json = argv.includes('--json')
  try {
    return await dispatch(argv, entry, terminal)
  } catch (error) {
    const { code, message, kind } = explain(error)
    terminal.progress('')
    if (json) terminal.print(JSON.stringify({ error: { code: kind, message } }, null, 2))
    else terminal.note(`krylov: ${message}`)
    return code
  }
}

async function dispatch(argv: readonly string[], entry: URL, terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = argv
  if (name === undefined || name.startsWith('-')) return withoutCommand(argv, terminal)
  const command = await commands[checkName('the command', name, Object.keys(commands))]!(entry)
  const { shape } = command
  if (shape.raw !== true) {
    const args = new Arguments(shape, rest)
    if (!args.has('help')) return command.run(args, terminal)
  } else if (!rest.includes('--help')) return command.run(new Arguments(shape, []), terminal)
  const help = await commandHelp(shape)
  terminal.print(rest.includes('--json') ? JSON.stringify({ help }) : help)
  return exit.solved
}

function withoutCommand(argv: readonly string[], terminal: Terminal): ExitCode {
  const shape = { name: '', summary: '', operands: [], options: { version: { help: '' } } }
  const args = new Arguments(shape, argv)
  const json = args.has('json')
  if (args.has('version')) {
    const { version } = createRequire(import.meta.url)('krylov/package.json') as { readonly version: string }
    terminal.print(json ? JSON.stringify({ version }) : version)
    return exit.solved
  }
  const help = programHelp(summaries)
  if (!args.has('help')) throw new UsageError(`no command given\n\n${help}`)
  terminal.print(json ? JSON.stringify({ help, commands: summaries, options: everywhere }) : help)
  return exit.solved
}
