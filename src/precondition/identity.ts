import { recipe } from './recipe.ts'

/** No preconditioner: z = r. */
export const identity = recipe<object, object>(
  'identity',
  [],
  (_, options) => options,
  // biome-ignore lint/correctness/useYield: a recipe builds in steps, and this one needs none
  function* () {
    return { kind: 'identity' }
  },
)
