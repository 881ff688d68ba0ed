import { backend } from '../core/backend.ts'
import type { Progress } from '../core/control.ts'
import type { Spectrum } from '../krylov/solution.ts'
import type { SolverOptions } from '../krylov/solver.ts'
import type { Reason } from '../krylov/stopping.ts'
import { solve as solveByChoice } from '../solve/solve.ts'
import type { Csr } from '../sparse/csr.ts'
import { recipeOf } from './preconditioners.ts'
import { solverNamed } from './solvers.ts'

export type BackendName = 'native' | 'ts'

/** The method that chooses the method. */
export const AUTO = 'auto'

/** What is to be solved, and how: plain data, so that a worker can be told. */
export interface Request {
  readonly method: string
  readonly preconditioner: string
  readonly options: Pick<SolverOptions, 'rtol' | 'atol' | 'maxIterations' | 'threads' | 'timeLimit' | 'nullspace'>
  readonly history: boolean
}

/** One solve by one backend: plain data. */
export interface Run {
  readonly backend: BackendName
  readonly driver: BackendName
  readonly simd: string
  readonly threads: number
  readonly method: string
  /** Empty where there is none: a direct method. */
  readonly preconditioner: string
  /** Why this method, where it was not asked for. */
  readonly why: string | undefined
  readonly converged: boolean
  readonly reason: Reason
  readonly iterations: number
  readonly residualNorm: number
  readonly relativeResidual: number
  /** Of the preconditioned matrix. */
  readonly spectrum: Spectrum
  /** Milliseconds. */
  readonly time: { readonly setup: number; readonly solve: number }
  readonly history: Float64Array | undefined
  readonly x: Float64Array
}

/** Solves with the backend that this thread has loaded. */
export async function runHere(
  A: Csr,
  b: Float64Array,
  { method, preconditioner, options, history }: Request,
  onProgress: (progress: Progress) => void,
): Promise<Run> {
  const asked = { ...options, history, onProgress }
  const chosen = method === AUTO ? await solveByChoice(A, b, asked) : undefined
  const solution =
    chosen ?? (await solverNamed(method).async(A, b, { ...asked, preconditioner: recipeOf(preconditioner) }))
  const [named = method, by = ''] = chosen?.method.split(' + ') ?? [method, preconditioner]
  const { converged, reason, iterations, residualNorm, relativeResidual, spectrum, time, driver, threads, x } = solution
  const { name, simd } = backend()
  return {
    ...{ backend: name, driver, simd, threads, method: named, preconditioner: by, why: chosen?.why },
    ...{ converged, reason, iterations, residualNorm, relativeResidual, spectrum, time, x },
    history: solution.history,
  }
}
