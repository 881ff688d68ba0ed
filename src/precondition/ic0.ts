import { numberOption, recipe } from './recipe.ts'
import { buildIncompleteCholesky, type IncompleteCholeskyOptions } from './ric0.ts'

/** Incomplete Cholesky on A's own pattern, IC(0) (Meijerink and van der Vorst 1977). */
export const ic0 = recipe<IncompleteCholeskyOptions, number>(
  'ic0',
  ['shift'],
  (method, { shift = 0 }) => numberOption(method, 'shift', shift, 0, 1e6),
  (method, A, shift) => buildIncompleteCholesky('ic0', method, A, 0, shift),
)
