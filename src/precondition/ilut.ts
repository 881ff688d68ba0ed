import { refuse } from '../core/errors.ts'
import { checkLu, type LuOptions, luRecord } from './lu.ts'
import { numberOption, recipe } from './recipe.ts'

/** Options of {@link ilut}. */
export interface IlutOptions extends LuOptions {
  /** Entries up to this share of their row's largest are dropped, both scaled. Default 1e-3; 0 drops none. */
  readonly dropTolerance?: number
  /** Entries that a row of either factor may have more than A has there: the largest are kept. Default 10; may be Infinity. */
  readonly maxFill?: number
}

/**
 * Incomplete LU with threshold and pivoting (Saad 2003, section 10.4): fill where it is large. The order of elimination is by
 * default the one A has, and pivots leave the diagonal where that is below a tenth of its row's largest entry.
 */
export const ilut = recipe<IlutOptions, Required<IlutOptions>>(
  'ilut',
  ['dropTolerance', 'maxFill', 'ordering', 'pivotTolerance'],
  (method, { dropTolerance = 1e-3, maxFill = 10, ordering = 'natural', pivotTolerance = 0.1 }) => {
    if (maxFill !== Number.POSITIVE_INFINITY && !(Number.isInteger(maxFill) && maxFill >= 0))
      throw refuse('ERR_OPTION', method, 'option maxFill', 'a non-negative integer, or Infinity', maxFill)
    return {
      dropTolerance: numberOption(method, 'dropTolerance', dropTolerance, 0, 1e300),
      maxFill,
      pivotTolerance,
      ...checkLu(method, { ordering, pivotTolerance }),
    }
  },
  (method, A, { ordering, ...settings }) => luRecord('ilut', method, A, ordering, settings),
)
