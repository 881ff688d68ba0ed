import { recipe } from './recipe.ts'

/** No preconditioner: z = r. */
// biome-ignore lint/correctness/useYield: a recipe builds in steps, and this one needs none
export const identity = recipe<object, object>(
  'identity',
  [],
  (_, options) => options,
  function* () {
    return { kind: 'identity' }
  },
)
