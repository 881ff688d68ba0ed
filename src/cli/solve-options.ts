import type { Arguments, OptionShape } from './arguments.ts'
import { checkName } from './arguments.ts'
import { preconditionerNames, readPreconditioner } from './preconditioners.ts'
import type { BackendName, Request } from './solve-run.ts'
import { solvers } from './solvers.ts'

const methodNames = Object.keys(solvers)

export const solveOptions: Readonly<Record<string, OptionShape>> = {
  method: {
    value: 'NAME',
    help: methodNames.map(name => `${name} (${solvers[name]!.title})`).join(', '),
  },
  preconditioner: {
    value: 'NAME[:key=value,...]',
    repeats: true,
    help: `${preconditionerNames.join(', ')}; given again, each is tried`,
  },
  rtol: { value: 'X', help: 'stop at ||b - A x|| <= X ||b||; default 1e-8' },
  atol: { value: 'X', help: 'or at ||b - A x|| <= X; default 0' },
  'max-iterations': { value: 'N', help: 'default max(1000, 10 n), at most 100 000' },
  'time-limit': { value: 'MS', help: 'milliseconds after which the best so far is returned' },
  nullspace: { value: 'constant', help: 'A is singular and maps constant vectors to zero' },
  threads: { value: 'N', help: 'threads to use; default: all' },
  backend: { value: 'native|ts|both', help: 'both shows them side by side; default: native where it loads' },
  out: { value: 'x.mtx', help: 'write the solution; with .gz compressed' },
  report: { value: 'report.html', help: 'write a report: table, convergence, sparsity pattern' },
}

export const solveNotes = `A.mtx and b.mtx are Matrix Market files, gzipped or not. Without b.mtx, b is A times ones.
Options of preconditioners: ssor:omega=1  ic0:shift=0  ric0:omega=0.99,shift=0  chebyshev:degree=4,ratio=30
Plots in the report need the package echarts.`

/** What differs between the commands that solve. */
export interface SolveDefaults {
  readonly preconditioners: readonly string[] | undefined
  readonly backend: BackendName | 'both' | undefined
  readonly report: string | undefined
}

/** What the arguments ask for. */
export interface SolvePlan {
  readonly requests: readonly Request[]
  /** Undefined: the one that loads. */
  readonly backend: BackendName | 'both' | undefined
  readonly out: string | undefined
  readonly report: string | undefined
}

/** Reads the options of a solving command. */
export function solvePlan(args: Arguments, defaults: SolveDefaults): SolvePlan {
  const method = checkName('--method', args.text('method') ?? 'cg', methodNames)
  const given = args.all('preconditioner')
  const preconditioners = given.length > 0 ? given : (defaults.preconditioners ?? [solvers[method]!.preconditioner])
  for (const text of preconditioners) readPreconditioner(text)
  const report = args.text('report') ?? defaults.report
  const options = Object.fromEntries(
    Object.entries({
      rtol: args.number('rtol', 0),
      atol: args.number('atol', 0),
      maxIterations: args.number('max-iterations', 0, true),
      timeLimit: args.number('time-limit', 0),
      threads: args.number('threads', 1, true),
      nullspace: args.oneOf('nullspace', ['constant']),
    }).filter(([, value]) => value !== undefined),
  ) as Request['options']
  return {
    requests: preconditioners.map(preconditioner => ({
      method,
      preconditioner,
      options,
      history: report !== undefined,
    })),
    backend: args.oneOf('backend', ['native', 'ts', 'both']) ?? defaults.backend,
    out: args.text('out'),
    report,
  }
}
