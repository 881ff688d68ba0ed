import { run } from '../core/method.ts'
import { fillNormal, fillUniform } from '../core/random.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { cgMethod } from '../krylov/cg.ts'
import { amg } from '../precondition/amg.ts'
import type { Csr } from '../sparse/csr.ts'
import { upperTriangleOf } from '../sparse/upper.ts'
import type { FactorLoss, FactorSample } from './factor-loss.steps.ts'
import { factorFeatures, lowerOf } from './factor-network.steps.ts'
import { startFactor } from './learned-factor.ts'
import { COLUMNS } from './samples.ts'
import type { FactorWeights } from './weights.ts'

/** Unknowns that a matrix may have to be learned from with its factor. */
export const MOST_FACTORED = 2500

/** A matrix with its incomplete factor and random systems; undefined where no factor has positive pivots. */
export function* prepareFactor(
  method: string,
  A: Csr,
  start: FactorWeights['start'],
  loss: FactorLoss,
  seed: number,
  stream: number,
): Steps<FactorSample | undefined> {
  const M = yield* startFactor(method, A, start)
  if (M.kind !== 'factor') return undefined
  const triangle = yield* upperTriangleOf(A.pattern, 1)
  const { entries, diagonal } = lowerOf(triangle, M.upper.values, M.inverseDiagonal)
  const { edges, nodes } = yield* factorFeatures(A, triangle, { entries, diagonal })
  const solution = float64(A.rows * COLUMNS)
  const rhs = float64(A.rows * COLUMNS)
  const exact = yield* amg({ precision: 'double' }).build(method, A)
  const stopping = { rtol: 1e-13, atol: 0, maxIterations: 1000, warm: false, history: false, slow: 0 }
  for (let c = 0; c < COLUMNS; c++) {
    const b = float64(A.rows)
    // in the paper's data sources are positive, so that solutions are mostly smooth
    if (loss === 'neuralPCG') fillUniform(b, seed, stream * COLUMNS + c)
    else fillNormal(b, seed, stream * COLUMNS + c)
    const x = float64(A.rows)
    yield* run(cgMethod, A, b, x, exact, float64(0), stopping)
    for (let i = 0; i < A.rows; i++) {
      solution[i * COLUMNS + c] = x[i]!
      rhs[i * COLUMNS + c] = b[i]!
    }
  }
  const { rowPointers, columnIndices } = A.pattern
  const pattern = triangle.pattern
  return { pattern, rowPointers, columnIndices, values: A.values, entries, diagonal, edges, nodes, solution, rhs }
}
