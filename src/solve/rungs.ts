import { bunchKaufmanOf } from '../dense/bunch-kaufman.ts'
import { choleskyOf } from '../dense/cholesky.ts'
import { symbolicOf } from '../direct/ldlt.ts'
import { amg } from '../precondition/amg.ts'
import { ic0 } from '../precondition/ic0.ts'
import { ict } from '../precondition/ict.ts'
import { jacobi } from '../precondition/jacobi.ts'
import { ric0 } from '../precondition/ric0.ts'
import { withCg, withMinres } from './attempts.ts'
import {
  CALL,
  denseFactor,
  densePivoted,
  dimension,
  entriesOf,
  envelopeFactor,
  factorIteration,
  incompleteFactor,
  isBounded,
  isLaplacianLike,
  isMassLike,
  isUniform,
  iterationsFor,
  multigrid,
  sparseFactor,
  sparseFactorGuess,
  sweep,
  thresholdFactor,
} from './costs.ts'
import { withDense, withDiagonal, withEnvelope, withLdlt } from './direct.ts'
import { generalRungs } from './general-rungs.ts'
import { leastSquaresRungs } from './least-squares.ts'
import { guessed, known, type Rung, type Seen } from './rung.ts'
import type { System } from './system.ts'

const MOST_DENSE = 2500 // unknowns for which a sparse matrix is factored as a full one: 50 MB
const MOST_BYTES = 2 ** 32
const MOST_IN_ENVELOPE = 2 ** 25 // entries: 256 MB

const MASS = 8 // condition number with the diagonal where all entries are positive

type Test = Rung['refuses']

const singular = ({ nullspace }: System) => (nullspace === undefined ? undefined : 'A is singular')
const indefinite = (_: System, seen: Seen) => (seen.indefinite ? 'A is not positive definite' : undefined)
const perhapsDefinite: Test = (_, seen) => (seen.indefinite ? undefined : 'A may be positive definite')
const extreme = ({ ordinary }: System) => (ordinary ? undefined : 'numbers are too large or too small')
const tooWide: Test = system =>
  system.dense !== undefined
    ? tooLarge(system)
    : system.structure.profile > MOST_IN_ENVELOPE
      ? 'its envelope is too wide'
      : undefined
const tooLarge = ({ n, dense }: System) =>
  8 * n * n > MOST_BYTES || (dense === undefined && n > MOST_DENSE) ? 'n^2 numbers are too many' : undefined

const first =
  (...tests: readonly Test[]): Test =>
  (system, seen) => {
    for (const test of tests) {
      const why = test(system, seen)
      if (why !== undefined) return why
    }
    return undefined
  }

/** Iterations of conjugate gradients with the diagonal: as they went so far, or by dominance and the mesh's model. */
function jacobiIterations(system: System, digits: number, { pace }: Seen): number {
  const { n, structure } = system
  if (pace !== undefined) return Math.max(3, digits / pace)
  const model = (isLaplacianLike(structure) ? 0.45 : 1.5) * digits * n ** (1 / dimension(system))
  if (isMassLike(structure)) return iterationsFor(MASS, digits)
  const bound = structure.dominance > 0 ? iterationsFor((2 - structure.dominance) / structure.dominance, digits) : n
  return Math.max(3, Math.min(model, bound, 10 * n))
}

/** Without a bound, a model or a look the iterations with the diagonal may be many times what is guessed. */
const unlessSeen =
  (risk: number, blind: number): Rung['risk'] =>
  ({ structure }, { pace }) =>
    pace !== undefined || isBounded(structure) || isLaplacianLike(structure) ? risk : blind

/** An incomplete factor saves two iterations of three. */
const factorIterations: Iterations = (system, digits, seen) => Math.max(3, jacobiIterations(system, digits, seen) / 2.9)

/** On grids a relaxed one needs the square root of the iterations, more where A jumps; elsewhere no fewer than a plain one. */
const relaxedIterations: Iterations = (system, digits, seen) => {
  const { n, structure } = system
  const plain = factorIterations(system, digits, seen)
  if (!isUniform(system)) return 1.5 * plain
  const model = dimension(system) === 2 ? 0.5 * n ** (1 / 4) : 0.65 * n ** (1 / 6)
  const jumps = structure.largest > 100 * structure.smallest ? 1.8 : 1
  return Math.min(plain, jumps * digits * model)
}

type Iterations = (system: System, digits: number, seen: Seen) => number

const withFactor = (iterations: Iterations) => (system: System, digits: number, seen: Seen) => ({
  setup: incompleteFactor(system.n, entriesOf(system)),
  iteration: factorIteration(system),
  iterations: iterations(system, digits, seen),
})

export const cholesky: Rung = {
  method: 'cholesky',
  suits: 'positive definite: full matrices, and sparse ones with a narrow envelope',
  serves: ['symmetric'],
  refuses: first(extreme, singular, indefinite, tooWide),
  cost: system => (system.dense === undefined ? envelopeFactor(system) : denseFactor(system.n)),
  strength: 'direct',
  risk: known,
  attempt: (call, system, limits) =>
    system.dense === undefined ? withEnvelope(call, system, limits) : withDense(call, system, limits, choleskyOf),
}

export const cgJacobi: Rung = {
  method: 'cg + jacobi',
  suits: 'strongly dominant diagonal, so that few iterations are needed',
  serves: ['symmetric'],
  refuses: indefinite,
  cost: (system, digits, seen) => ({
    setup: 2 * CALL,
    iteration: system.s * sweep(system),
    iterations: jacobiIterations(system, digits, seen),
  }),
  strength: 1,
  risk: unlessSeen(1.2, 1.8),
  attempt: (call, system, limits) => withCg(call, system, limits, jacobi),
}

export const rungs: readonly Rung[] = [
  {
    method: 'diagonal',
    suits: 'diagonal matrices',
    serves: ['symmetric'],
    refuses: first(extreme, ({ structure, dense }) =>
      structure.couplings > 0 || dense !== undefined ? 'A is not diagonal' : undefined,
    ),
    cost: ({ n }) => ({ setup: 0, iteration: n, iterations: 1 }),
    strength: 'direct',
    risk: known,
    attempt: withDiagonal,
  },
  cholesky,
  {
    method: 'bunch-kaufman',
    suits: 'full matrices, indefinite; sparse ones that are small',
    serves: ['symmetric'],
    refuses: first(extreme, singular, perhapsDefinite, tooLarge),
    cost: ({ n }) => densePivoted(n),
    strength: 'direct',
    risk: known,
    attempt: (call, system, limits) => withDense(call, system, limits, bunchKaufmanOf),
  },
  {
    method: 'ldlt',
    suits: 'small systems, meshes of the plane, ill-conditioned and indefinite matrices; fill is counted first',
    serves: ['symmetric'],
    refuses: first(extreme, singular, ({ dense }) => (dense === undefined ? undefined : 'A is full')),
    cost: sparseFactorGuess,
    count: function* (system) {
      const { entries, flops } = yield* symbolicOf(system.sparse().pattern)
      return sparseFactor(system, entries, flops)
    },
    strength: 'direct',
    risk: known,
    attempt: withLdlt,
  },
  {
    method: 'cg + ric0',
    suits: 'Laplacian-like: negative couplings, dominant diagonal',
    serves: ['symmetric'],
    refuses: first(indefinite, ({ structure }) =>
      isLaplacianLike(structure) ? undefined : 'A is not like a Laplacian, which relaxed factors are for',
    ),
    cost: withFactor(relaxedIterations),
    strength: 2,
    risk: guessed(1.2),
    attempt: (call, system, limits) => withCg(call, system, limits, ric0),
  },
  {
    method: 'cg + amg',
    suits: 'large Laplacian-like matrices, jumps and irregular meshes included',
    serves: ['symmetric'],
    refuses: first(indefinite, ({ n, structure }) =>
      n < 1000 || structure.positive > 0.2 || !(structure.smallest > 0)
        ? 'A is not large, or not like a Laplacian, which plain aggregation is for'
        : undefined,
    ),
    cost: (system, digits) => multigrid(system, entriesOf(system), digits),
    strength: 4,
    risk: guessed(1.4),
    attempt: (call, system, limits) =>
      withCg(call, system, limits, system.nullspace === 'constant' ? amg({ nullspace: 'constant' }) : amg),
  },
  {
    method: 'cg + ict',
    suits: 'positive definite, without more structure; fill is kept by size',
    serves: ['symmetric'],
    refuses: indefinite,
    cost: thresholdFactor,
    strength: 3,
    risk: guessed(1.1),
    attempt: (call, system, limits) => withCg(call, system, limits, ict),
  },
  {
    method: 'cg + ic0',
    suits: 'positive definite, where fill is not to be had',
    serves: ['symmetric'],
    refuses: indefinite,
    cost: withFactor(factorIterations),
    strength: 2,
    risk: unlessSeen(1.2, 1.6),
    attempt: (call, system, limits) => withCg(call, system, limits, ic0),
  },
  cgJacobi,
  {
    method: 'minres + jacobi',
    suits: 'indefinite matrices too large to factor; the last resort',
    serves: ['symmetric'],
    refuses: () => undefined,
    cost: (system, digits, seen) => ({
      setup: 2 * CALL,
      iteration: system.s * (sweep(system) + 14 * system.n),
      iterations: 3 * jacobiIterations(system, digits, seen),
    }),
    strength: 0,
    risk: guessed(1.6),
    attempt: (call, system, limits) => withMinres(call, system, limits, jacobi),
  },
  ...generalRungs,
  ...leastSquaresRungs,
]
