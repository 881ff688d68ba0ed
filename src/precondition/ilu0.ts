import { bind, run } from '../core/method.ts'
import { requireFinite } from '../sparse/examine.ts'
import { trust } from '../sparse/pattern.ts'
import { ilu0Steps } from './ilu0.steps.ts'
import { recipe } from './recipe.ts'

const incompleteLu = bind('ilu0', ilu0Steps)

/**
 * Incomplete LU on the pattern of A, without pivoting: the cheapest factor of a matrix that is not symmetric. Pivots that are
 * nearly zero are replaced; where many are, `ilut` serves better.
 */
export const ilu0 = recipe<object, object>(
  'ilu0',
  [],
  (_, options) => options,
  function* (method, A) {
    yield* requireFinite(method, A)
    const { replaced: _, ...arrays } = yield* run(incompleteLu, A)
    trust(arrays.lower.pattern)
    trust(arrays.upper.pattern)
    return { kind: 'lu', method: 'ilu0', ...arrays }
  },
)
