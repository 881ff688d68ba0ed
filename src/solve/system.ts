import { KrylovError, refuse } from '../core/errors.ts'
import { bind, type Call, run } from '../core/method.ts'
import { sharedFloat64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Dense, Operator } from '../core/types.ts'
import { isDense } from '../dense/dense.ts'
import { checkDense } from '../dense/own.ts'
import { checkSquareDense, denseFacts, isSymmetricDense } from '../dense/symmetric.ts'
import { largestOf, unitOf } from '../krylov/units.ts'
import type { Preconditioner } from '../precondition/kinds.ts'
import type { Recipe } from '../precondition/recipe.ts'
import { Csr } from '../sparse/csr.ts'
import { isSymmetric, keepFacts, requireFinite } from '../sparse/examine.ts'
import { isOperator } from '../sparse/operator.steps.ts'
import { lookSteps, type Structure, unseen } from './structure.steps.ts'

const look = bind('look', lookSteps)

const known = new WeakMap<Csr, Structure>()

/** What is known of a matrix, found out once. */
export function* structureOf(A: Csr): Steps<Structure> {
  const before = known.get(A)
  if (before !== undefined) return before
  const { facts, structure } = yield* run(look, A)
  keepFacts(A, facts)
  known.set(A, structure)
  return structure
}

export type SystemKind = 'symmetric' | 'nonsymmetric' | 'rectangular'

/** A system to solve, and what is known of it. */
export interface System {
  readonly kind: SystemKind
  /** The matrix as a sparse one: a full one is converted when that is wanted. */
  readonly sparse: () => Csr
  /** The matrix as a dense record, where it was given as one and most of its entries are not zero. */
  readonly dense: Dense | undefined
  /** Checked, and ours where another thread may read it. */
  readonly b: Float64Array | Dense
  /** Right-hand sides. */
  readonly s: number
  /** Rows, and columns. */
  readonly n: number
  readonly columns: number
  readonly structure: Structure
  /** The null space given, or `'constant'` where every row sums to zero; undefined: none is known. */
  readonly nullspace: 'constant' | Dense | undefined
  /** Whether all numbers are of a size whose squares doubles can hold. */
  readonly ordinary: boolean
  /** Preconditioners of earlier attempts. */
  readonly built: Map<Recipe, Preconditioner>
}

const FEW = 0.1 // share of non-zeros below which a dense record is solved as a sparse matrix,
const SMALL = 1e4 // where it has more entries than this
const ROUNDING = 1e-13 // of a row sum, relative to the row

/** Checks A and b and looks at them. */
export function* systemOf(
  call: Call,
  given: CsrData | Dense | Operator,
  b: Float64Array | Dense,
  nullspace: 'constant' | Dense | undefined,
): Steps<System> {
  const method = call.name
  if (typeof given !== 'object' || given === null)
    throw refuse('ERR_TYPE', method, 'A', 'a Csr or a dense matrix', given)
  if (!isDense(given) && isOperator(given))
    throw new KrylovError(
      'ERR_UNSUPPORTED',
      `${method}: an operator has no entries to choose by: use cg, minres or gmres`,
    )
  const matrix = isDense(given) ? yield* fromDense(method, given) : yield* fromSparse(method, given)
  const s = isDense(b) ? b.columns : 1
  const rhs = largestOf(isDense(b) ? b.values : b)
  const { kind, n, columns, dense, structure, sparse, size } = matrix
  const constant = kind === 'symmetric' && structure.rowSum <= ROUNDING && structure.couplings > 0
  const space = nullspace ?? (constant ? 'constant' : undefined)
  const ordinary = unitOf(size) === 1 && unitOf(rhs) === 1
  return { kind, n, columns, dense, structure, sparse, b, s, nullspace: space, ordinary, built: new Map() }
}

interface Matrix extends Pick<System, 'kind' | 'dense' | 'n' | 'columns' | 'structure'> {
  /** max |a_ij| */
  readonly size: number
  readonly sparse: () => Csr
}

function* fromSparse(method: string, given: CsrData): Steps<Matrix> {
  const A = Csr.from(given, method)
  const structure = yield* structureOf(A)
  const facts = yield* requireFinite(method, A)
  const { rows: n, columns } = A
  const kind = n !== columns ? 'rectangular' : isSymmetric(facts) ? 'symmetric' : 'nonsymmetric'
  return { kind, n, columns, dense: undefined, structure, size: facts.largest, sparse: () => A }
}

/** A full matrix that is not square is not looked at: least squares do that as they go. */
function rectangular(method: string, given: Dense): Matrix {
  const dense = checkDense(method, 'A', given)
  const { rows: n, columns } = dense
  return { kind: 'rectangular', n, columns, dense, structure: unknown, size: 1, sparse: () => Csr.fromDense(dense) }
}

/** Nothing is promised of rows that are not looked at. */
const unknown = { ...unseen, dominance: -1, dominant: 0, rowSum: 1 }

/** Of a full matrix only the diagonal is looked at: what it costs to factor it is known without. */
function* fromDense(method: string, given: Dense): Steps<Matrix> {
  const n = given.rows
  if (n !== given.columns) return rectangular(method, given)
  const values = sharedFloat64(checkSquareDense(method, given))
  const facts = yield* denseFacts(method, values, n)
  const size = n * n
  if (size >= SMALL && 2 * facts.zeros > (1 - FEW) * size) return yield* fromSparse(method, Csr.fromDense(given))
  let made: Csr | undefined
  const sparse = () => {
    made ??= Csr.fromDense(given)
    return made
  }
  const diagonal = Array.from({ length: n }, (_, i) => values[i * n + i]!)
  const looked = {
    ...unknown,
    couplings: size - n - 2 * facts.zeros,
    zeroDiagonal: diagonal.filter(d => d === 0).length,
    negativeDiagonal: diagonal.filter(d => d < 0).length,
    smallest: diagonal.reduce((least, d) => Math.min(least, d), Number.POSITIVE_INFINITY),
    largest: diagonal.reduce((most, d) => Math.max(most, d), Number.NEGATIVE_INFINITY),
  }
  const kind = isSymmetricDense(facts) ? 'symmetric' : 'nonsymmetric'
  return { kind, n, columns: n, dense: { ...given, values }, structure: looked, size: facts.largest, sparse }
}
