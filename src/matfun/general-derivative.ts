import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { blockOf, columnNorm, doubled, reversed, turned } from './blocks.ts'
import { combined } from './dense-steps.ts'
import { exponentialsAlong } from './general-exp.ts'
import { quasiLog } from './general-log.ts'
import { product } from './lyapunov.ts'
import { fromSchur, quasiSylvester } from './schur.ts'
import type { GeneralKind, SchurState } from './state.ts'

/*
 * Derivatives of functions of general matrices: that of f at A along E is the (1, 2) block of f([[A, E], [0, A]]), and its adjoint
 * is the derivative at A^T (Higham 2008, theorems 3.6 and 3.13). Where A = Z T Z^T, the block matrix is quasi-triangular already;
 * A^T has the Schur form J T^T J with the vectors Z J, J the identity with its columns in reverse.
 */

/** The derivative along G, or with `adjoint` its adjoint's value. */
export function* schurDerivative(
  method: string,
  state: SchurState,
  G: Float64Array,
  adjoint: boolean,
): Steps<Float64Array> {
  const { n, count } = state
  if (state.function === 'exponential')
    return yield* exponentialsAlong(method, { n, count, values: state.triangles }, G, adjoint)
  return yield* each(
    state,
    [G],
    function* ([g], A, n) {
      const at = adjoint ? flipped(A, n) : A
      return yield* along(method, state.function, at, g!, n)
    },
    adjoint,
  )
}

/** The derivative of the adjoint's value at G where A moves along E. */
export function* schurHessian(
  method: string,
  state: SchurState,
  G: Float64Array,
  E: Float64Array,
): Steps<Float64Array> {
  const moved = transposes(E, state)
  if (state.function === 'exponential') return yield* exponentialHessian(method, state, G, moved)
  return yield* each(
    state,
    [G, moved],
    function* ([g, e], A, n) {
      return yield* along2(method, state.function, flipped(A, n), g!, e!, n)
    },
    true,
  )
}

function transposes(E: Float64Array, { n, count }: SchurState): Float64Array {
  const out = float64(E.length)
  for (let i = 0; i < count; i++) out.set(turned(E.subarray(i * n * n, (i + 1) * n * n), n), i * n * n)
  return out
}

/** Of e^A: the second derivative at A^T along G and E is the (1, 2) block of the first at [[A^T, E], [0, A^T]] along [[G, 0], [0, G]]. */
function* exponentialHessian(
  method: string,
  { n, count, triangles }: SchurState,
  G: Float64Array,
  E: Float64Array,
): Steps<Float64Array> {
  const [values, along] = [float64(4 * triangles.length), float64(4 * triangles.length)]
  const out = float64(triangles.length)
  const factors = new Float64Array(count)
  const own = (list: Float64Array, i: number) => blockOf(list, n, i * n, 0, n, n)
  for (let i = 0; i < count; i++) {
    const A = turned(own(triangles, i), n)
    factors[i] = alike(A, own(E, i), n)
    values.set(doubled(A, scaled(own(E, i), factors[i]!), n), 4 * i * n * n)
    along.set(doubled(own(G, i), float64(n * n), n), 4 * i * n * n)
  }
  const found = yield* exponentialsAlong(method, { n: 2 * n, count, values }, along, false)
  for (let i = 0; i < count; i++) {
    if (factors[i] === 0) continue
    out.set(scaled(blockOf(found, 2 * n, 2 * i * n, n, n, n), 1 / factors[i]!), i * n * n)
  }
  return out
}

/** J R^T J, which is quasi-triangular as R is. */
const flipped = (A: Float64Array, n: number): Float64Array => reversed(turned(A, n))

/** Takes directions into the coordinates of the Schur form, and what `act` makes of them back. */
function* each(
  { n, count, vectors, triangles }: SchurState,
  directions: readonly Float64Array[],
  act: (directions: readonly Float64Array[], A: Float64Array, n: number) => Steps<Float64Array>,
  flip: boolean,
): Steps<Float64Array> {
  const out = float64(count * n * n)
  for (let i = 0; i < count; i++) {
    const own = (list: Float64Array) => blockOf(list, n, i * n, 0, n, n)
    const given = directions.map(own)
    const Z = own(vectors)
    const inside: Float64Array[] = []
    for (const D of given) {
      const turn = yield* product(yield* product(turned(Z, n), D, n), Z, n)
      inside.push(flip ? reversed(turn) : turn)
    }
    const found = yield* act(inside, own(triangles), n)
    out.set(yield* fromSchur(Z, flip ? reversed(found) : found, n), i * n * n)
  }
  return out
}

/** What makes ||factor E||_1 = ||A||_1: the derivative is linear in E, the choice of degrees is not. */
function alike(A: Float64Array, E: Float64Array, n: number): number {
  const [a, e] = [columnNorm(A, n), columnNorm(E, n)]
  return e > 0 ? (a > 0 ? a : 1) / e : 0
}

const scaled = (A: Float64Array, factor: number) => combined(factor, A, 0, A)

function* along(
  method: string,
  kind: GeneralKind,
  A: Float64Array,
  given: Float64Array,
  n: number,
): Steps<Float64Array> {
  if (kind === 'root') return yield* quasiSylvester(A, n, A, n, given)
  const factor = alike(A, given, n)
  if (factor === 0) return float64(n * n)
  const E = scaled(given, factor)
  const both = yield* quasiLog(method, doubled(A, E, n), 2 * n)
  return scaled(blockOf(both, 2 * n, 0, n, n, n), 1 / factor)
}

/** The second derivative along G and E: the (1, 4) block of f of [[A, E], [0, A]] doubled with [[G, 0], [0, G]]. */
function* along2(
  method: string,
  kind: GeneralKind,
  A: Float64Array,
  g: Float64Array,
  e: Float64Array,
  n: number,
): Steps<Float64Array> {
  if (kind === 'root') {
    // R L + L R = E twice; R M + M R = -(L_G L_E + L_E L_G)
    const [LG, LE] = [yield* quasiSylvester(A, n, A, n, g), yield* quasiSylvester(A, n, A, n, e)]
    const pairs = combined(-1, yield* product(LG, LE, n), -1, yield* product(LE, LG, n))
    return yield* quasiSylvester(A, n, A, n, pairs)
  }
  const [one, two] = [alike(A, g, n), alike(A, e, n)]
  if (one === 0 || two === 0) return float64(n * n)
  const G = doubled(scaled(g, one), float64(n * n), n)
  const both = doubled(A, scaled(e, two), n)
  const factor = 1 / (one * two)
  const all = yield* quasiLog(method, doubled(both, G, 2 * n), 4 * n)
  return scaled(blockOf(all, 4 * n, 0, 3 * n, n, n), factor)
}
