import { float64 } from '../../src/core/shared.ts'
import { fastJL, gaussian, type SketchOperator, sjlt, sparseStack, srht, verySparse } from '../../src/index.ts'
import { sketchAdjointSteps, sketchDenseSteps, sketchSparseSteps } from '../../src/sketch/apply.steps.ts'
import { mixingAdjointSteps, sketchMixingSteps } from '../../src/sketch/mixing.steps.ts'
import { normalsSteps } from '../../src/sketch/normals.steps.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { sparseTimesSteps } from '../../src/sparse/times.steps.ts'
import { randomVector } from './random.ts'

const columnMakers = [sparseStack, sjlt, verySparse, gaussian]
const mixingMakers = [srht, fastJL]

/** One of the operators, by the order of A, without what it says of the next. */
function operatorOf(A: Csr, makers: readonly ((options: { rows: number; columns: number }) => SketchOperator)[]) {
  const columns = Math.max(1, A.rows)
  const rows = Math.min(columns, 1 + (A.rows % 40))
  const { next: _, ...S } = makers[A.rows % makers.length]!({ rows, columns }) as SketchOperator & { next: unknown }
  return S
}

const COLUMNS = 5

/** The twins of the sketching methods, see `border/methods.test.ts`. */
export const sketchTwins = {
  normals: { steps: normalsSteps, args: (A: Csr) => [float64(20 * A.rows + 1), 7, A.rows, 3], tolerance: 0 },
  sparseTimes: {
    steps: sparseTimesSteps,
    args: (A: Csr, random: () => number) => [A, randomVector(random, 3 * A.rows), float64(3 * A.rows), 3],
    tolerance: 1e-14,
  },
  sketchDense: {
    steps: sketchDenseSteps,
    args: (A: Csr, random: () => number) => {
      const S = operatorOf(A, columnMakers)
      return [S, randomVector(random, COLUMNS * A.rows), COLUMNS, 0, float64(COLUMNS * S.rows)]
    },
    tolerance: 1e-12,
  },
  sketchSparse: {
    steps: sketchSparseSteps,
    args: (A: Csr) => {
      const S = operatorOf(A, columnMakers)
      return [S, A, 0, float64(A.columns * S.rows)]
    },
    tolerance: 1e-12,
  },
  sketchAdjointOf: {
    steps: sketchAdjointSteps,
    args: (A: Csr, random: () => number) => {
      const S = operatorOf(A, columnMakers)
      return [S, randomVector(random, COLUMNS * S.rows), COLUMNS, float64(COLUMNS * S.columns)]
    },
    tolerance: 1e-12,
  },
  sketchMixing: {
    steps: sketchMixingSteps,
    args: (A: Csr, random: () => number) => {
      const S = operatorOf(A, mixingMakers)
      return [S, randomVector(random, COLUMNS * S.columns), COLUMNS, float64(COLUMNS * S.rows)]
    },
    tolerance: 1e-12,
  },
  mixingAdjoint: {
    steps: mixingAdjointSteps,
    args: (A: Csr, random: () => number) => {
      const S = operatorOf(A, mixingMakers)
      return [S, randomVector(random, COLUMNS * S.rows), COLUMNS, float64(COLUMNS * S.columns)]
    },
    tolerance: 1e-12,
  },
}
