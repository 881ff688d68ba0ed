import type { Arguments } from './arguments.ts'
import { readPreconditioner } from './preconditioners.ts'
import { backends, type SolveDefaults } from './solve-options.ts'
import { AUTO, type BackendName, type Request } from './solve-run.ts'
import { solverNamed, usualPreconditioner } from './solvers.ts'
import { UsageError } from './usage-error.ts'

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
  const given = args.all('preconditioner')
  const wanted = given.length > 0 ? given : defaults.preconditioners
  const method = args.text('method') ?? (wanted === undefined ? AUTO : 'cg')
  if (method === AUTO && given.length > 0)
    throw new UsageError('--method auto chooses the preconditioner too: leave --preconditioner out')
  const preconditioners = method === AUTO ? [''] : (wanted ?? [usualPreconditioner(solverNamed(method))])
  for (const text of preconditioners) if (text !== '') readPreconditioner(text)
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
    backend: args.oneOf('backend', backends) ?? defaults.backend,
    out: args.text('out'),
    report,
  }
}
