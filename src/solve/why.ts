import type { BlockSolution } from '../krylov/cg-block.ts'
import type { Solution } from '../krylov/solution.ts'
import { type Cost, total } from './costs.ts'
import type { Rung } from './rung.ts'
import type { System } from './system.ts'

/* What `solve` says of its choice. */

/** A rung that was tried, and what came of it: an answer, converged or not, or why there is none. */
export interface Tried {
  readonly rung: Rung
  readonly found: Solution | BlockSolution | undefined
  readonly failure: string | undefined
}

/** A rung, and what it is expected to cost. */
export interface Candidate {
  readonly rung: Rung
  readonly cost: Cost
}

/** What came of an attempt, in words. */
export function outcomeOf({ rung, found, failure }: Tried): string {
  if (found === undefined) return failure!
  const { reason, iterations, relativeResidual } = found
  const steps = rung.strength === 'direct' ? '' : ` after ${iterations} iterations`
  return `${reason}${steps}, residual ${relativeResidual.toExponential(1)}`
}

/** Why a rung was taken: what was seen, what had failed, what it and the next one were expected to cost. */
export function whyTaken(
  system: System,
  looked: string,
  failed: readonly Tried[],
  { rung, cost }: Candidate,
  after: Candidate | undefined,
): string {
  const { method } = rung
  let failures = ''
  for (const before of failed) failures += `${before.rung.method} failed (${outcomeOf(before)}); `
  const against = after === undefined ? 'less than anything else' : `against ${ms(after.cost)} for ${after.rung.method}`
  return `${describeSystem(system)}; ${looked}${failures}${method} was expected to cost ${ms(cost)} of counted work, ${against}`
}

const ms = (cost: Cost): string => {
  const value = total(cost) / 1e6
  return `${value < 10 ? value.toPrecision(2) : Math.round(value)} ms`
}

/** What was seen of the matrix, in words. */
export function describeSystem({ kind, n, columns, structure, dense, sparse, nullspace }: System): string {
  const { couplings, negativeDiagonal, dominant, positive } = structure
  const full = dense !== undefined
  if (kind === 'rectangular')
    return `${n} x ${columns}, ${full ? 'full' : `${sparse().nonZeros} entries`}, in the sense of least squares`
  let text = kind === 'symmetric' ? 'symmetric' : 'not symmetric'
  text += `, n = ${n}, ${full ? 'full' : `${(couplings / Math.max(n, 1)).toFixed(1)} couplings a row`}`
  if (negativeDiagonal > 0) text += `, ${negativeDiagonal} diagonal entries not positive`
  if (!full && dominant >= 0.9) text += ', dominant diagonal'
  if (!full && couplings > 0 && positive <= 0.1) text += ', couplings negative'
  return nullspace === undefined ? text : `${text}, singular`
}
