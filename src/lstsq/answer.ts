import type { Steps } from '../core/steps.ts'
import type { Problem } from './problem.ts'
import type { Refined } from './refine.ts'

/** The ways to solve a least-squares problem. */
export type LstsqMethod = 'gram' | 'tsqr' | 'spir' | 'svd' | 'qr'

/** What one of them found. */
export interface Answer extends Refined {
  readonly method: LstsqMethod
  readonly condition: number
  readonly rank: number
}

/** A way to solve, which may find that it does not apply: undefined then. */
export type Rung = (problem: Problem) => Steps<Answer | undefined>
