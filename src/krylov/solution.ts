import { hasNative, threadsFor } from '../core/backend.ts'
import { type Call, runsNative } from '../core/method.ts'
import { tridiagonalExtremes } from '../dense/tridiagonal.ts'
import type { Outcome, Reason } from './stopping.ts'
import { type PreconditionerReport, unpreconditioned } from './used.ts'

/** Estimates of the extreme eigenvalues of the preconditioned operator, free of charge from CG's coefficients. */
export interface Spectrum {
  readonly smallest: number
  readonly largest: number
  /** largest / smallest */
  readonly condition: number
}

/** What a solution carries, however the solve ended. */
export interface Common {
  /** The last iterate: a fresh array, always finite. */
  readonly x: Float64Array
  readonly iterations: number
  /** Norm of the true residual ||b - A x||_2, recomputed from x. */
  readonly residualNorm: number
  /** residualNorm / ||b||_2; 0 for b = 0. */
  readonly relativeResidual: number
  /** Residual norm by iteration, from the first guess on, where asked for. */
  readonly history?: Float64Array
  readonly applications: { readonly operator: number; readonly preconditioner: number }
  /** Which preconditioner was used in the end, and why. */
  readonly preconditioner: PreconditionerReport
  /** Lazily computed from the Lanczos matrix; NaN where nothing was iterated. */
  readonly spectrum: Spectrum
  /** Milliseconds: preparing (checks, preconditioner), and iterating. */
  readonly time: { readonly setup: number; readonly solve: number }
  readonly backend: 'native' | 'ts'
  /** `'ts'` where a user function made TypeScript drive native kernels. */
  readonly driver: 'native' | 'ts'
  readonly threads: number
}

/** How a solve ended: discriminated on `converged`. */
export type Solution =
  | (Common & { readonly converged: true; readonly reason: 'converged' })
  | (Common & { readonly converged: false; readonly reason: Exclude<Reason, 'converged'> })

/** Computes the spectrum when it is asked for: most callers never do. */
class Solved {
  readonly #lanczos: Pick<Outcome, 'diagonal' | 'offDiagonal'>
  readonly #unit: number
  declare readonly reason: Reason

  constructor(
    { diagonal, offDiagonal }: Outcome,
    unit: number,
    fields: Omit<Common, 'spectrum'> & { readonly converged: boolean; readonly reason: Reason },
  ) {
    this.#lanczos = { diagonal, offDiagonal }
    this.#unit = unit
    Object.assign(this, fields)
  }

  get spectrum(): Spectrum {
    const { smallest, largest } = tridiagonalExtremes(this.#lanczos.diagonal, this.#lanczos.offDiagonal)
    return { smallest: smallest * this.#unit, largest: largest * this.#unit, condition: largest / smallest }
  }
}

interface Context {
  readonly begun: number
  readonly history: boolean
  readonly preconditioner?: PreconditionerReport
  /** What residuals and eigenvalues were multiplied by. */
  readonly units: { readonly residual: number; readonly eigenvalue: number }
}

/** Assembles what the user sees from what the inside of a solver returned. */
export function solution(
  call: Call,
  method: string,
  operands: readonly unknown[],
  x: Float64Array,
  rhsNorm: number,
  outcome: Outcome,
  { begun, history, preconditioner = unpreconditioned, units }: Context,
): Solution {
  const { reason, iterations, residualNorm } = outcome
  const size = 1 / units.residual
  const { start, threads } = call.control
  const native = hasNative(method)
  return new Solved(outcome, 1 / units.eigenvalue, {
    converged: reason === 'converged',
    reason,
    x,
    iterations,
    residualNorm: residualNorm * size,
    relativeResidual: rhsNorm > 0 ? residualNorm / rhsNorm : 0,
    ...(history ? { history: size === 1 ? outcome.history : outcome.history.map(norm => norm * size) } : undefined),
    applications: { operator: outcome.operator, preconditioner: outcome.preconditioner },
    preconditioner,
    time: { setup: begun - start, solve: performance.now() - begun },
    backend: native ? 'native' : 'ts',
    driver: runsNative(method, operands) ? 'native' : 'ts',
    threads: native ? threadsFor(threads) : 1,
  }) as unknown as Solution
}
