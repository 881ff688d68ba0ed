import { bind, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { isDense } from '../dense/dense.ts'
import { Csr } from '../sparse/csr.ts'
import { type ColumnSketch, factorOf, sketchDenseSteps, sketchSparseSteps } from './apply.steps.ts'
import type { SketchOperator } from './kinds.ts'
import { type MixingSketch, sketchMixingSteps } from './mixing.steps.ts'

const sketchDense = bind('sketchDense', sketchDenseSteps)
const sketchSparse = bind('sketchSparse', sketchSparseSteps)
const sketchMixing = bind('sketchMixing', sketchMixingSteps)

/** Whether an operator mixes all rows. */
export const isMixing = (S: SketchOperator): S is MixingSketch => S.kind === 'srht' || S.kind === 'fast-jl'

/** S A of a checked operator and matrix that fit. */
export function* sketchOf(S: SketchOperator, A: Dense | CsrData): Steps<Dense> {
  const { columns } = shapeOf(A)
  const C = float64(S.rows * columns)
  if (isMixing(S)) yield* run(sketchMixing, S, (isDense(A) ? A : Csr.from(A).toDense()).values, columns, C)
  else {
    yield* addSketch(S, A, 0, C)
    scale(C, factorOf(S))
  }
  return { rows: S.rows, columns, values: C }
}

/** C += S A without the factor of S, where A's rows are `first` on of all. */
export const addSketch = (S: ColumnSketch, A: Dense | CsrData, first: number, C: Float64Array): Steps<void> =>
  isDense(A) ? run(sketchDense, S, A.values, A.columns, first, C) : run(sketchSparse, S, A, first, C)

/** C *= factor */
export const scale = (C: Float64Array, factor: number): void => {
  for (let at = 0; at < C.length; at++) C[at]! *= factor
}

/** Rows and columns of a dense or sparse matrix. */
export const shapeOf = (A: Dense | CsrData) => ('pattern' in A ? A.pattern : A)
