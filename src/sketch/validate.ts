import { refuse } from '../core/errors.ts'
import type { FastJl, Sjlt, SketchOperator, SparseStack, VerySparse } from './kinds.ts'
import * as operators from './operators.ts'

/** An operator that may have been loaded or made by hand, checked by making it anew. */
export function checkSketch(method: string, given: SketchOperator): SketchOperator {
  const { kind, state } = (given ?? {}) as Partial<SketchOperator>
  const make = typeof kind === 'string' && Object.hasOwn(makers, kind) ? makers[kind] : undefined
  if (make === undefined || typeof state !== 'object' || state === null)
    throw refuse('ERR_TYPE', method, 'operator', 'a sketching operator, such as sparseStack makes', given)
  return make(given as never, { rows: given.rows, columns: given.columns, ...state })
}

const makers: {
  readonly [K in SketchOperator['kind']]: (S: never, options: operators.SketchOptions) => SketchOperator
} = {
  'sparse-stack': ({ zeta }: SparseStack, options) => operators.sparseStack({ ...options, zeta }),
  sjlt: ({ zeta }: Sjlt, options) => operators.sjlt({ ...options, zeta }),
  'very-sparse': ({ density }: VerySparse, options) => operators.verySparse({ ...options, density }),
  gaussian: (_, options) => operators.gaussian(options),
  srht: (_, options) => operators.srht(options),
  'fast-jl': ({ q }: FastJl, options) => operators.fastJL({ ...options, q }),
}
