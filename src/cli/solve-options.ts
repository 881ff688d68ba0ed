import type { OptionShape } from './arguments.ts'
import type { BackendName } from './solve-run.ts'

export const solveOptions: Readonly<Record<string, OptionShape>> = {
  method: { value: 'NAME', help: 'auto or an iterative method; default auto, cg with --preconditioner' },
  preconditioner: {
    value: 'NAME[:key=value,...]',
    repeats: true,
    help: 'see below; given again, each is tried',
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

/** The rest of the help: it loads the methods, which nothing but the help may do before the arguments are read. */
export const solveNotes =
  async (): Promise<string> => `A.mtx and b.mtx are Matrix Market files, gzipped or not. Without b.mtx, b is A times ones.

${(await import('./solvers.ts')).methodsHelp()}
Their options: ssor:omega=1  ic0:shift=0  ric0:omega=0.99,shift=0  chebyshev:degree=4,ratio=30

Plots in the report need the package echarts.`

export const backends = ['native', 'ts', 'both'] as const

/** What differs between the commands that solve. */
export interface SolveDefaults {
  readonly preconditioners: readonly string[] | undefined
  readonly backend: BackendName | 'both' | undefined
  readonly report: string | undefined
}
