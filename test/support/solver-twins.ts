import { float64 } from '../../src/core/shared.ts'
import type { Steps } from '../../src/core/steps.ts'
import type { Kernels } from '../../src/kernels/kernels.ts'
import { bicgstabSteps } from '../../src/krylov/bicgstab.steps.ts'
import { cgSteps } from '../../src/krylov/cg.steps.ts'
import { cgBlockSteps } from '../../src/krylov/cg-block.steps.ts'
import { fgmresSteps } from '../../src/krylov/fgmres.steps.ts'
import { flexibleCgSteps } from '../../src/krylov/flexible-cg.steps.ts'
import { gmresSteps } from '../../src/krylov/gmres.steps.ts'
import { idrsSteps } from '../../src/krylov/idrs.steps.ts'
import { lsmrSteps } from '../../src/krylov/lsmr.steps.ts'
import { lsqrSteps } from '../../src/krylov/lsqr.steps.ts'
import { minresSteps } from '../../src/krylov/minres.steps.ts'
import { minresQlpSteps } from '../../src/krylov/minresQlp.steps.ts'
import { type DeflatedOutcome, deflatedCgSteps } from '../../src/recycle/deflatedCg.steps.ts'
import { gcrodrSteps, type RecyclingOutcome } from '../../src/recycle/gcrodr.steps.ts'
import { guessSteps } from '../../src/recycle/guess.steps.ts'
import { type RecycledOutcome, recyclingMinresSteps } from '../../src/recycle/recyclingMinres.steps.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { randomVector } from './random.ts'

/** A native method's reference, and what to call both with. */
export interface Twin {
  readonly steps: (k: Kernels, ...args: never[]) => Steps<unknown>
  /** Fresh arguments: outputs are written in place. */
  readonly args: (A: Csr, random: () => number) => unknown[]
  /** How far results may differ, relative to their size. */
  readonly tolerance: number
  /** Whether the number of iterations may differ. */
  readonly iterates?: boolean
  /** What is compared of the result and the arguments, where bases are only determined up to what they span. */
  readonly spans?: (part: unknown) => unknown
}

/** A copy on shared memory. */
export const shared = (vector: Float64Array) => {
  const copy = float64(vector.length)
  copy.set(vector)
  return copy
}

export const stopping = { rtol: 1e-10, atol: 0, maxIterations: 1000, warm: true, history: true, slow: 0 }
const jacobi = (A: Csr) => ({ kind: 'jacobi', inverseDiagonal: shared(A.diagonal().map(d => 1 / d)) })
const solverArgs = (A: Csr, random: () => number, ...extra: number[]) => {
  const [b, x] = [randomVector(random, A.rows), randomVector(random, A.rows, 1)]
  return [A, b, x, jacobi(A), float64(0), stopping, ...extra]
}
/** The same for solvers that know of no null space. */
const generalArgs = (A: Csr, random: () => number, ...extra: unknown[]) => {
  const [system, b, x, M, , stop] = solverArgs(A, random)
  return [system, b, x, M, stop, ...extra]
}
/** A few steps, since late ones depend on rounding. */
const leastArgs = (A: Csr, random: () => number, damp: number) => {
  const b = randomVector(random, A.rows)
  return [A, A.transpose(), b, float64(A.rows), damp, { ...stopping, maxIterations: 12 }]
}

/** The solvers of A x = b. */
export const solverTwins: Readonly<Record<string, Twin>> = {
  cg: { steps: cgSteps, args: (A, random) => solverArgs(A, random), tolerance: 1e-7, iterates: true },
  flexibleCg: {
    steps: flexibleCgSteps,
    args: (A, random) => solverArgs(A, random, 2),
    tolerance: 1e-7,
    iterates: true,
  },
  minres: { steps: minresSteps, args: (A, random) => solverArgs(A, random), tolerance: 1e-7, iterates: true },
  minresQlp: { steps: minresQlpSteps, args: (A, random) => solverArgs(A, random), tolerance: 1e-7, iterates: true },
  lsqr: {
    steps: lsqrSteps,
    args: (A, random) => leastArgs(A, random, A.rows % 2),
    tolerance: 1e-6,
    iterates: true,
  },
  lsmr: {
    steps: lsmrSteps,
    args: (A, random) => leastArgs(A, random, A.rows % 2),
    tolerance: 1e-6,
    iterates: true,
  },
  gmres: {
    steps: gmresSteps,
    args: (A, random) => generalArgs(A, random, 12, A.rows % 2 === 1 ? 'left' : 'right'),
    tolerance: 1e-7,
    iterates: true,
  },
  bicgstab: { steps: bicgstabSteps, args: (A, random) => generalArgs(A, random, 2), tolerance: 1e-7, iterates: true },
  idrs: {
    steps: idrsSteps,
    args: (A, random) => generalArgs(A, random, Math.max(1, Math.min(3, A.rows)), 7),
    tolerance: 1e-7,
    iterates: true,
  },
  fgmres: { steps: fgmresSteps, args: (A, random) => generalArgs(A, random, 12), tolerance: 1e-7, iterates: true },
  gcrodr: {
    steps: gcrodrSteps,
    args: (A, random) => {
      const [restart, recycle] = [Math.min(12, A.rows), Math.min(5, A.rows - 1)]
      const space = randomVector(random, 3 * A.rows, 1)
      return generalArgs(A, random, Math.max(restart, 1), Math.max(recycle, 0), space, float64(0), true, 1)
    },
    tolerance: 1e-7,
    iterates: true,
    spans: part => {
      const [{ U, C, moved, renewal, ...outcome }, args] = part as [RecyclingOutcome, unknown[]]
      return [U.length, C.length, outcome, args]
    },
  },
  deflatedCg: {
    steps: deflatedCgSteps,
    args: (A, random) => generalArgs(A, random, 3, 8, 5, randomVector(random, 2 * A.rows, 1)),
    tolerance: 1e-6,
    iterates: true,
    spans: part => {
      const [{ U, values, ...outcome }, args] = part as [DeflatedOutcome, unknown[]]
      return [U.length, outcome, args]
    },
  },
  recyclingMinres: {
    steps: recyclingMinresSteps,
    args: (A, random) => {
      const most = Math.min(3, Math.floor(A.rows / 2))
      return generalArgs(A, random, 6, most, randomVector(random, 2 * A.rows, 1), float64(0))
    },
    tolerance: 1e-6,
    iterates: true,
    spans: part => {
      const [{ U, C, ...outcome }, args] = part as [RecycledOutcome, unknown[]]
      return [U.length, C.length, outcome, args]
    },
  },
  guess: {
    steps: guessSteps,
    args: (A, random) => {
      const [b, x] = [randomVector(random, A.rows), randomVector(random, A.rows, 1)]
      return [A, b, x, randomVector(random, 3 * A.rows), stopping]
    },
    tolerance: 1e-9,
  },
  cgBlock: {
    steps: cgBlockSteps,
    args: (A, random) => {
      const [b, x] = [randomVector(random, 3 * A.rows), randomVector(random, 3 * A.rows, 1)]
      return [A, b, x, 3, jacobi(A), float64(0), float64(3), stopping]
    },
    tolerance: 1e-7,
    iterates: true,
  },
}
