import { KrylovError } from '../core/errors.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { applyDenseLu, denseLuOf } from '../dense/lu.ts'
import { columnNorm, excess, shiftedBy } from './blocks.ts'
import { FAMILY, firstDifference, powerDifference } from './differences.ts'
import { product } from './lyapunov.ts'
import { blockStarts } from './quasi-triangular.steps.ts'
import { quasiRoot } from './schur.ts'

/** ||X|| up to which the [m/m] Pade approximant of log(I + X) is good to rounding, m = 1, 2 .. (Al-Mohy and Higham 2012, table 2.1). */
const REACH = [1.59e-5, 2.31e-3, 1.94e-2, 6.21e-2, 1.28e-1, 2.06e-1, 2.88e-1]
const MOST_ROOTS = 100

/**
 * The principal logarithm of a quasi-triangular T without eigenvalues on the closed negative axis: inverse scaling and squaring,
 * 2^k r_m(T^(1 / 2^k) - I), with blocks on the diagonal and what stands between single ones by formulas (Al-Mohy and Higham 2012;
 * Al-Mohy, Higham and Relton 2013).
 */
export function* quasiLog(method: string, T: Float64Array, n: number): Steps<Float64Array> {
  const e = excess(T)
  if (e !== 0) {
    const L = yield* quasiLog(method, shiftedBy(T, -e), n)
    for (let r = 0; r < n; r++) L[r * n + r]! += e * Math.LN2
    return L
  }
  let root = T
  let k = 0
  let second = false // whether a further root has been tried to lower the degree
  for (; k < MOST_ROOTS && !(spread(T, n, k) <= REACH[6]!); k++) root = yield* quasiRoot(root, n)
  for (; k < MOST_ROOTS; k++, root = yield* quasiRoot(root, n)) {
    const X = awayFromIdentity(root, T, n, k)
    const size = yield* effectiveNorm(X, n)
    const m = REACH.findIndex(reach => size <= reach) + 1
    // a root halves X and costs as much as two degrees
    if (m > 5 && !second && size / 2 <= REACH[4]!) {
      second = true
      continue
    }
    if (m === 0) continue
    const L = yield* padeLog(X, n, m, 2 ** k)
    exactDiagonal(T, n, L, value => value, 1)
    return L
  }
  throw new KrylovError('ERR_UNSUPPORTED', `${method}: ${MOST_ROOTS} square roots have not come near the identity`)
}

/** max |lambda^(1 / 2^k) - 1| */
function spread(T: Float64Array, n: number, k: number): number {
  let most = 0
  for (const [j, next] of blocks(T, n)) {
    const [x, y] = blockRoot(logOfBlock(T, n, j, next - j), k)
    most = Math.max(most, Math.hypot(x, y))
  }
  return most
}

const blocks = (T: Float64Array, n: number): [number, number][] => {
  const starts = blockStarts(T, n)
  return starts.slice(1).map((next, b) => [starts[b]!, next])
}

type Complex = readonly [re: number, im: number]

/** log lambda of a block, with a positive imaginary part where it is a pair. */
function logOfBlock(T: Float64Array, n: number, j: number, size: number): Complex {
  if (size === 1) return [Math.log(T[j * n + j]!), 0]
  const [theta, mu] = pairOf(T, n, j)
  return [Math.log(Math.hypot(theta, mu)), Math.atan2(mu, theta)]
}

/** theta and mu of a block with the eigenvalues theta +- i mu. */
function pairOf(T: Float64Array, n: number, j: number): Complex {
  const at = j * n + j
  const half = (T[at]! - T[at + n + 1]!) / 2
  return [(T[at]! + T[at + n + 1]!) / 2, Math.sqrt(Math.max(-(half * half + T[at + 1]! * T[at + n]!), 0))]
}

/** e^(z / 2^k) - 1, without cancellation. */
function blockRoot([x, y]: Complex, k: number): Complex {
  const [a, b] = [x / 2 ** k, y / 2 ** k]
  return [Math.expm1(a) * Math.cos(b) - 2 * Math.sin(b / 2) ** 2, Math.exp(a) * Math.sin(b)]
}

/** T^(1 / 2^k) - I. */
function awayFromIdentity(root: Float64Array, T: Float64Array, n: number, k: number): Float64Array {
  const X = float64(n * n)
  X.set(root)
  for (let r = 0; r < n; r++) X[r * n + r]! -= 1
  exactDiagonal(T, n, X, log => blockRoot(log, k), 2 ** -k, k > 0)
  return X
}

/** Writes the diagonal blocks g(log lambda), and what stands beside two single ones: a divided difference of x^p, or of log for p = 1. */
function exactDiagonal(
  T: Float64Array,
  n: number,
  X: Float64Array,
  g: (log: Complex) => Complex,
  p: number,
  powers = false,
): void {
  const list = blocks(T, n)
  for (const [b, [j, next]] of list.entries()) {
    const at = j * n + j
    const [x, y] = g(logOfBlock(T, n, j, next - j))
    if (next - j === 2) {
      // x I + (y / mu) (B - theta I)
      const [theta, mu] = pairOf(T, n, j)
      const share = y / mu
      X[at] = x + share * (T[at]! - theta)
      X[at + 1] = share * T[at + 1]!
      X[at + n] = share * T[at + n]!
      X[at + n + 1] = x + share * (T[at + n + 1]! - theta)
      continue
    }
    X[at] = x
    const after = list[b + 1]
    if (after === undefined || after[1] - after[0] !== 1 || (p !== 1 && !powers)) continue
    const [u, v] = [T[at]!, T[at + n + 1]!]
    const slope = p === 1 ? firstDifference(FAMILY.log, 0, sample(u), sample(v)) : powerDifference(p, u, v)
    X[at + 1] = slope * T[at + 1]!
  }
}

const sample = (x: number) => ({ x, f: 0, slope: 0 })

/** The least of max(||X^p||^(1 / p), ||X^(p + 1)||^(1 / (p + 1))), p = 2, 3, 4: what decides instead of ||X|| (Al-Mohy and Higham 2009). */
function* effectiveNorm(X: Float64Array, n: number): Steps<number> {
  const [X2, norms] = [yield* product(X, X, n), [] as number[]]
  norms.push(columnNorm(X2, n) ** (1 / 2))
  const X3 = yield* product(X2, X, n)
  norms.push(columnNorm(X3, n) ** (1 / 3))
  norms.push(columnNorm(yield* product(X2, X2, n), n) ** (1 / 4))
  norms.push(columnNorm(yield* product(X2, X3, n), n) ** (1 / 5))
  const [two, three, four, five] = norms as [number, number, number, number]
  const second = Math.max(two, three)
  if (second <= REACH[1]!) return second
  return Math.min(Math.max(three, four), Math.max(four, five))
}

/** factor sum_j w_j (I + x_j X)^-1 X, x_j and w_j of Gauss's quadrature on [0, 1]. */
function* padeLog(X: Float64Array, n: number, m: number, factor: number): Steps<Float64Array> {
  const sum = float64(n * n)
  for (const [x, w] of gauss(m)) {
    const M = float64(n * n)
    for (let at = 0; at < n * n; at++) M[at] = x * X[at]!
    for (let r = 0; r < n; r++) M[r * n + r]! += 1
    const F = yield* denseLuOf({ rows: n, columns: n, values: M })
    const Y = float64(n * n)
    Y.set(X)
    yield* applyDenseLu(F, Y, n)
    for (let at = 0; at < n * n; at++) sum[at]! += factor * w * Y[at]!
  }
  return sum
}

/** Nodes and weights on [0, 1], from the zeros of Legendre's polynomial by Newton's method. */
function gauss(m: number): [x: number, w: number][] {
  return Array.from({ length: m }, (_, j) => {
    let x = Math.cos((Math.PI * (j + 0.75)) / (m + 0.5))
    let slope = 1
    for (let step = 0; step < 20; step++) {
      let [last, p] = [0, 1]
      for (let d = 1; d <= m; d++) [last, p] = [p, ((2 * d - 1) * x * p - (d - 1) * last) / d]
      slope = (m * (x * p - last)) / (x * x - 1)
      x -= p / slope
    }
    return [(1 + x) / 2, 1 / ((1 - x * x) * slope * slope)]
  })
}
