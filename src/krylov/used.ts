import { amg } from '../precondition/amg.ts'
import type { Amg, AnyPreconditioner, Noted, Preconditioner } from '../precondition/kinds.ts'
import { isRecipe, type Recipe } from '../precondition/recipe.ts'
import { ric0 } from '../precondition/ric0.ts'
import type { Outcome, Reason } from './stopping.ts'
import { SLOW } from './stopping.ts'

/** Which preconditioner a solve used in the end. */
export interface PreconditionerReport {
  /** The name of its recipe, `'none'`, or `'function'`. */
  readonly used: string
  readonly why: string
}

/** Where a method takes none. */
export const unpreconditioned: PreconditionerReport = { used: 'none', why: 'none was asked for' }

/** What a record carries besides, which may be made by hand. */
function notesOf(M: AnyPreconditioner): Noted {
  if (typeof M === 'function') return {}
  const { learned, why } = M as Noted
  const rate = typeof learned === 'number' && learned > 0 && learned < 1
  return { ...(rate && { learned }), ...(typeof why === 'string' && { why }) }
}

const nameOf = (M: AnyPreconditioner): string => {
  if (typeof M === 'function') return 'function'
  if (M.kind === 'identity') return 'none'
  if (notesOf(M).learned !== undefined) return 'learned'
  return 'method' in M ? M.method : M.kind
}

/** What stands in a solution for the preconditioner `M` that came of the option `asked`. */
export function reportOf(M: AnyPreconditioner, asked: unknown): PreconditionerReport {
  const used = nameOf(M)
  const { why } = notesOf(M)
  if (why !== undefined) return { used, why }
  if (isRecipe(asked) && used === 'jacobi' && asked.recipe !== 'jacobi')
    return { used, why: `${asked.recipe} found no positive definite one` }
  return { used, why: asked === undefined ? 'none was asked for' : isRecipe(asked) ? 'as asked for' : 'as given' }
}

const TOLERATED = 1.3 // of the rate in training
/** With a single level residuals may rise before they fall, and rates depend on the size: that far is too far. */
const RISEN = 1e3

/** The share of the residual that SLOW iterations may leave; 0 where the preconditioner is no learned one. */
export function guardOf(M: AnyPreconditioner): number {
  const { learned } = notesOf(M)
  if (learned === undefined) return 0
  return (M as Preconditioner).kind === 'amg' ? Math.min(0.95, TOLERATED * learned) ** SLOW : RISEN
}

const endings: readonly Reason[] = [
  'stagnated',
  'diverged',
  'indefinite-operator',
  'indefinite-preconditioner',
  'breakdown',
  'not-finite',
]

/** Whether a guarded solve has to go on with the classical preconditioner. */
export const gaveUp = ({ reason }: Outcome): boolean => endings.includes(reason)

/** The recipe of the classical one that a learned one stands for. */
export function classicalOf(M: Preconditioner): Recipe {
  if (M.kind !== 'amg') return ric0
  const { cycle, degree, inverseDiagonal } = M as Amg
  return amg({ cycle, degree, precision: inverseDiagonal instanceof Float32Array ? 'single' : 'double' })
}

/** What two runs of a solver, the second from where the first ended, came to together. */
export function together(first: Outcome, second: Outcome): Outcome {
  return {
    ...second,
    iterations: first.iterations + second.iterations,
    operator: first.operator + second.operator,
    preconditioner: first.preconditioner + second.preconditioner,
    history: Float64Array.from([...first.history, ...second.history.subarray(1)]),
  }
}
