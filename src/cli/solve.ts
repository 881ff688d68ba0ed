import type { Arguments } from './arguments.ts'
import { type Command, type ExitCode, exit, type Terminal } from './command.ts'
import { backends, type SolveDefaults, solveNotes, solveOptions } from './solve-options.ts'

const defaults: SolveDefaults = { preconditioners: undefined, backend: undefined, report: undefined }

/** `krylov solve` */
export const solveCommand = (entry: URL): Command => ({
  shape: {
    name: 'solve',
    summary: 'Solves A x = b, by the method that suits A or by one that is named.',
    operands: ['A.mtx', '[b.mtx]'],
    options: solveOptions,
    notes: solveNotes,
  },
  run: (args, terminal) => solveFiles(args, defaults, args.operands, entry, terminal),
})

/** Reads, solves, and shows: what all solving commands do. */
export async function solveFiles(
  args: Arguments,
  defaults: SolveDefaults,
  [matrix, rhs]: readonly string[],
  entry: URL,
  terminal: Terminal,
): Promise<ExitCode> {
  const backend = args.oneOf('backend', backends) ?? defaults.backend
  // Read by the library when it is loaded, which the imports below do.
  if (backend === 'native' || backend === 'ts') process.env.KRYLOV_BACKEND = backend
  const { solvePlan } = await import('./solve-plan.ts')
  const plan = solvePlan(args, defaults)
  const { solveSystem } = await import('./solve-system.ts')
  const solved = await solveSystem(matrix!, rhs, plan, entry, terminal)
  const { solveDocument, solveText } = await import('./solve-show.ts')
  terminal.print(args.has('json') ? JSON.stringify(solveDocument(solved), null, 2) : solveText(solved))
  return solved.runs.length > 0 && solved.runs.every(run => run.converged) ? exit.solved : exit.notConverged
}
