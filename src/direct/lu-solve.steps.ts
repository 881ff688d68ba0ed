import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { LuFactor } from './kinds.ts'
import { solveLu } from './levels-solve.steps.ts'
import { type Refinement, refine } from './refine.steps.ts'

/** X = A^-1 B by an LU factor, refined. Workspace: 3 n s + 2 n. */
export function* luSolveSteps(k: Kernels, A: CsrData, F: LuFactor, ...given: Refinement): Steps<number> {
  return yield* refine(k, A, (R, Z) => solveColumns(k, F, R, Z, given[2]), ...given)
}

/** Z = A^-1 R, column by column of a row-major block of s. */
function* solveColumns(k: Kernels, F: LuFactor, R: Float64Array, Z: Float64Array, s: number): Steps<void> {
  const n = F.rows.length
  const z = float64(n)
  for (let c = 0; c < s; c++) {
    for (let i = 0; i < n; i++) z[i] = R[i * s + c]!
    yield* solveLu(k, F, z, z)
    for (let i = 0; i < n; i++) Z[i * s + c] = z[i]!
    yield tick
  }
}
