import { recipe } from './recipe.ts'
import { buildIncompleteCholesky, checkIncompleteCholesky, type IncompleteCholeskyOptions } from './ric0.ts'

/** Incomplete Cholesky on A's own pattern, IC(0) (Meijerink and van der Vorst 1977). */
export const ic0 = recipe<IncompleteCholeskyOptions, Required<IncompleteCholeskyOptions>>(
  'ic0',
  ['shift', 'schedule', 'precision', 'blocks'],
  checkIncompleteCholesky,
  (method, A, options) => buildIncompleteCholesky('ic0', method, A, 0, options),
)
