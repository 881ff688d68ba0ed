import type { Call } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import type { Attempt, Limits } from './attempts.ts'
import type { Cost } from './costs.ts'
import type { System, SystemKind } from './system.ts'

/** What attempts have shown of the matrix. */
export interface Seen {
  /** Digits that an iteration with the diagonal gains, where a few of them went well. */
  readonly pace: number | undefined
  /** A is not positive definite: a negative eigenvalue was met, or a pivot that is not positive. */
  readonly indefinite: boolean
}

/**
 * One way to solve a system. A method joins `solve` by a row of this table: where it applies, what it is expected to
 * cost, and how it is tried.
 */
export interface Rung {
  /** As the solution names it. */
  readonly method: string
  /** What it is for, as the manual says it. */
  readonly suits: string
  readonly serves: readonly SystemKind[]
  /** Why it does not apply, or undefined. */
  readonly refuses: (system: System, seen: Seen) => string | undefined
  readonly cost: (system: System, digits: number, seen: Seen) => Cost
  /** The same with more work, where that is not wasted if the method is chosen. */
  readonly count?: (system: System) => Steps<Cost>
  /** Iterative methods can be cut short and go on from where they are; of two, the stronger converges faster. */
  readonly strength: 'direct' | number
  /** By how much a guessed cost is raised where it stands against a known one. */
  readonly risk: (system: System, seen: Seen) => number
  readonly attempt: (call: Call, system: System, limits: Limits) => Steps<Attempt>
}

/** The risk of a direct method, whose cost is known, and of one whose iterations are guessed. */
export const known: Rung['risk'] = () => 1
export const guessed =
  (risk: number): Rung['risk'] =>
  () =>
    risk
