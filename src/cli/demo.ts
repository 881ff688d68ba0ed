import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import type { Command } from './command.ts'
import { solveFiles } from './solve.ts'
import { type SolveDefaults, solveNotes, solveOptions } from './solve-options.ts'
import { UsageError } from './usage-error.ts'

const EXAMPLE = 'diffusion.mtx.gz'

/** `krylov demo`: what `npm start` runs. */
export const demoCommand = (entry: URL): Command => ({
  shape: {
    name: 'demo',
    summary: 'Solves an example, or the system given, on both backends and writes krylov-report.html.',
    operands: ['[A.mtx]', '[b.mtx]'],
    options: solveOptions,
    notes: solveNotes,
  },
  async run(args, terminal) {
    const { INIT_CWD, KRYLOV_BACKEND, npm_lifecycle_event } = process.env
    // npm runs its scripts in the package's folder; the user's paths are relative to where npm was called.
    if (npm_lifecycle_event === 'start' && INIT_CWD !== undefined) process.chdir(INIT_CWD)
    const defaults: SolveDefaults = {
      preconditioners: ['jacobi', 'ic0', 'ric0'],
      backend: KRYLOV_BACKEND === 'native' || KRYLOV_BACKEND === 'ts' ? KRYLOV_BACKEND : 'both',
      report: 'krylov-report.html',
    }
    return solveFiles(args, defaults, args.operands.length > 0 ? args.operands : [example()], entry, terminal)
  },
})

function example(): string {
  const root = dirname(createRequire(import.meta.url).resolve('krylov/package.json'))
  const path = join(root, 'examples', EXAMPLE)
  if (!existsSync(path)) throw new UsageError('the example is in the repository only: name a Matrix Market file')
  return relative(process.cwd(), path)
}
