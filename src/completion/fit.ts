import { copied } from '../core/shared.ts'
import { iterate, type Steps } from '../core/steps.ts'
import type { CompletionReason, Factors } from './model.ts'
import { heldError, type Problem } from './problem.ts'

const BEYOND = 1e6 // times the objective at the start: it will not come back

/** How long a fit goes on. */
export interface Limits {
  readonly maxSweeps: number
  readonly tolerance: number
  readonly patience: number
  /** Whether no sweep may raise the objective, so that one which does has come to rounding. */
  readonly monotone: boolean
  /** Share of the size of the values that is an error of rounding. */
  readonly exact: number
}

/** What one sweep leaves: the sum of weighted squares of errors, and what is added to that in the objective. */
export interface Swept {
  readonly square: number
  readonly penalty: number
  /** Whether it had a ridge of its own, and says nothing of the objective. */
  readonly opening?: boolean
}

/** How a fit went. */
export interface Fitted {
  readonly sweeps: number
  readonly reason: CompletionReason
  readonly train: number[]
  readonly validation: number[]
}

/** Runs sweeps over factors, which are changed in place, until one of the reasons to end. */
export function* sweepUntil(
  problem: Problem,
  factors: Factors,
  { maxSweeps, tolerance, patience, monotone, exact }: Limits,
  sweepOnce: () => Steps<Swept>,
): Steps<Fitted> {
  const [train, validation]: [number[], number[]] = [[], []]
  const isHeld = problem.held !== undefined
  let kept = copyOf(factors)
  let least = Number.POSITIVE_INFINITY
  let objective = Number.POSITIVE_INFINITY
  let first = Number.POSITIVE_INFINITY
  let reason: CompletionReason = 'max-iterations'
  for (let done = 1; done <= maxSweeps; done++) {
    const before = isHeld ? undefined : shallow(factors)
    const { square, penalty, opening = false } = yield* sweepOnce()
    const error = Math.sqrt(square / problem.weight)
    const next = square + penalty
    if (done === 1) first = Math.max(next, problem.weight * problem.size ** 2)
    if (!(next <= BEYOND * first)) {
      restore(factors, isHeld ? kept : before!)
      reason = 'diverged'
      break
    }
    train.push(error)
    if (isHeld) {
      validation.push(yield* heldError(problem, factors))
      if (validation.at(-1)! < least) {
        least = validation.at(-1)!
        kept = copyOf(factors)
      }
    }
    const late = yield* iterate(done, error)
    const still = monotone ? next >= (1 - tolerance) * objective : Math.abs(objective - next) <= tolerance * next
    const settled = error <= exact * problem.size || (still && !opening)
    objective = next
    if (settled) reason = 'converged'
    else if (isHeld && validation.length - 1 - validation.indexOf(least) >= patience) reason = 'stagnated'
    else if (late) reason = 'time-limit'
    else continue
    break
  }
  if (isHeld && reason === 'stagnated') restore(factors, kept)
  return { sweeps: train.length, reason, train, validation }
}

const shallow = ({ left, right }: Factors) => ({ left, right, rowBiases: undefined, columnBiases: undefined })

const copyOf = ({ left, right, rowBiases, columnBiases }: Factors) => ({
  left: copied(left),
  right: copied(right),
  rowBiases: copied(rowBiases),
  columnBiases: copied(columnBiases),
})

function restore(factors: Factors, from: ReturnType<typeof copyOf> | ReturnType<typeof shallow>): void {
  factors.left = from.left
  factors.right = from.right
  if (from.rowBiases !== undefined) factors.rowBiases.set(from.rowBiases)
  if (from.columnBiases !== undefined) factors.columnBiases.set(from.columnBiases)
}
