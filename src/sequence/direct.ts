import { refuse } from '../core/errors.ts'
import { checkOptions, type Learner, type LearnerState } from './learner.ts'

/** A parameter that is known rather than learnt: it has one arm. */
export interface Direct extends Learner {
  readonly name: 'fixed' | 'formula'
}

/** Whether a learner stands for a value. */
export const isDirect = (learner: Learner): learner is Direct => learner.name === 'fixed' || learner.name === 'formula'

const direct = (name: Direct['name'], options: object): Direct => {
  const start = (): LearnerState => ({ learner: name })
  return { name, options, start, choose: () => 0, update: state => state }
}

/** Always this omega; or, among preconditioners, always the arm of this index. */
export function fixed(value: number): Learner {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw refuse('ERR_OPTION', 'fixed', 'value', 'a finite number', value)
  return direct('fixed', { value })
}

/** Options of {@link formula}. */
export interface FormulaOptions {
  /**
   * 1 - the spectral radius of the Jacobi iteration matrix I - D^-1 A, where the context tells it, as a stencil does. Default:
   * estimated by Lanczos steps, again when the matrix's mean weight off the diagonal has moved by 10%, and after any other
   * change once ten times as many iterations were made as the estimate took steps.
   */
  readonly jacobiGap?: (context: ArrayLike<number>) => number
}

/**
 * omega by a formula: for SOR Young's 1 + (beta / (1 + sqrt(1 - beta^2)))^2, for SSOR-CG
 * min(1.95, 2 / (1 + sqrt(2 (1 - beta)))), beta the spectral radius of I - D^-1 A.
 */
export function formula(options: FormulaOptions = {}): Learner {
  checkOptions('formula', options, ['jacobiGap'])
  const { jacobiGap } = options
  if (jacobiGap !== undefined && typeof jacobiGap !== 'function')
    throw refuse('ERR_OPTION', 'formula', 'option jacobiGap', 'a function of the context', jacobiGap)
  return direct('formula', options)
}

/**
 * Young's omega from 1 - beta (Young 1950): exact where A is consistently ordered, as coloured by two.
 *
 * @throws KrylovError ERR_TYPE where the gap is no number
 */
export function youngOmega(jacobiGap: number): number {
  const gap = Math.min(1, checkGap('youngOmega', jacobiGap))
  const root = Math.sqrt(gap * (2 - gap)) // sqrt(1 - beta^2) without cancellation
  return Math.min(2 / (1 + root), 2 - 1e-12)
}

/**
 * The omega of SSOR-CG from 1 - beta.
 *
 * @throws KrylovError ERR_TYPE where the gap is no number
 */
export const ssorOmega = (jacobiGap: number): number =>
  Math.min(1.95, 2 / (1 + Math.sqrt(2 * Math.min(2, checkGap('ssorOmega', jacobiGap)))))

function checkGap(method: string, jacobiGap: number): number {
  if (typeof jacobiGap !== 'number' || Number.isNaN(jacobiGap))
    throw refuse('ERR_TYPE', method, 'jacobiGap', 'a number', jacobiGap)
  return Math.max(0, jacobiGap)
}
