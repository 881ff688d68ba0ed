import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { float64, int32 } from '../../src/core/shared.ts'
import { reference } from '../../src/kernels/reference.ts'
import { matrixExponentialSteps } from '../../src/matfun/exponential.steps.ts'
import { spectralHessianSteps } from '../../src/matfun/hessian.steps.ts'
import { polarRootSteps } from '../../src/matfun/polar.steps.ts'
import { schedules } from '../../src/matfun/polar-schedule.ts'
import { quasiRootSteps, quasiSylvesterSteps } from '../../src/matfun/quasi-triangular.steps.ts'
import { schurSteps, schurValueSteps } from '../../src/matfun/schur.steps.ts'
import { eighBatchSteps, spectralDerivativeSteps, spectralValueSteps } from '../../src/matfun/spectral.steps.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { randomVector } from './random.ts'
import { shared, type Twin } from './solver-twins.ts'

const COUNT = 3
const orderOf = (A: Csr) => Math.min(A.rows, 20)

/** A batch of positive definite matrices. */
function batch(n: number, random: () => number): Float64Array {
  const values = float64(COUNT * n * n)
  for (let i = 0; i < COUNT; i++) {
    const R = randomVector(random, n * n)
    for (let r = 0; r < n; r++)
      for (let c = 0; c < n; c++) {
        let sum = r === c ? 0.5 : 0
        for (let k = 0; k < n; k++) sum += (R[r * n + k]! * R[c * n + k]!) / n
        values[i * n * n + r * n + c] = sum
      }
  }
  return values
}

/** Its eigenbases by the reference. */
function bases(values: Float64Array, n: number): [V: Float64Array, w: Float64Array] {
  const [V, w] = [float64(values.length), float64(COUNT * n)]
  runSync(eighBatchSteps(reference, values, n, COUNT, V, w, float64(3 * COUNT)), makeControl('test', {}))
  return [V, w]
}

/** Eigenvectors have a sign to choose: what they make with the eigenvalues. */
const remade = (part: unknown): unknown => {
  const [, [, n, count, V, w, facts]] = part as [
    unknown,
    [unknown, number, number, Float64Array, Float64Array, unknown],
  ]
  const sums = Float64Array.from({ length: count * n * n }, (_, at) => {
    const [i, r, c] = [Math.floor(at / n / n), Math.floor(at / n) % n, at % n]
    let sum = 0
    for (let k = 0; k < n; k++) sum += V[(i * n + k) * n + r]! * w[i * n + k]! * V[(i * n + k) * n + c]!
    return sum
  })
  return [w, sums, facts]
}

/** A quasi-triangular matrix with eigenvalues to the right of the imaginary axis, every third one of a pair. */
function quasiTriangular(n: number, random: () => number): Float64Array {
  const T = randomVector(random, n * n)
  for (let r = 0; r < n; r++)
    for (let c = 0; c < n; c++) {
      if (r === c) T[r * n + c] = 2 + Math.abs(T[r * n + c]!)
      else if (c < r) T[r * n + c] = r === c + 1 && r % 3 === 1 ? -3 : 0
      else T[r * n + c] = c === r + 1 && c % 3 === 1 ? 1 : T[r * n + c]! / n
    }
  return T
}

/** Schur forms differ in the order of eigenvalues: what they make together, whether Z is orthogonal, and how many lead. */
const schurRemade = (part: unknown): unknown => {
  const [, [, n, count, , T, Z, leading]] = part as [
    unknown,
    [unknown, number, number, boolean, Float64Array, Float64Array, Int32Array],
  ]
  return Array.from({ length: count }, (_, i) => {
    if (leading[i]! < 0) return leading[i]
    const own = (list: Float64Array) => list.subarray(i * n * n, (i + 1) * n * n)
    return [leading[i], ...formRemade(own(T), own(Z), n)]
  })
}

function formRemade(T: Float64Array, Z: Float64Array, n: number): Float64Array[] {
  const A = Float64Array.from({ length: n * n }, (_, at) => {
    const [r, c] = [Math.floor(at / n), at % n]
    let sum = 0
    for (let k = 0; k < n; k++)
      for (let l = Math.max(0, k - 1); l < n; l++) sum += Z[r * n + k]! * T[k * n + l]! * Z[c * n + l]!
    return sum
  })
  const gram = Float64Array.from({ length: n * n }, (_, at) => {
    let sum = 0
    for (let k = 0; k < n; k++) sum += Z[Math.floor(at / n) * n + k]! * Z[(at % n) * n + k]!
    return sum
  })
  return [A, gram]
}

/** What an exponential's residual is made of is rounding. */
const exponentialsFound = (part: unknown): unknown => {
  const [, args] = part as [unknown, readonly unknown[]]
  return [args[5], args[7]]
}

/** The twins of functions of matrices, see `border/methods.test.ts`. */
export const matfunTwins: Readonly<Record<string, Twin>> = {
  eighBatch: {
    steps: eighBatchSteps,
    args: (A, random) => {
      const n = orderOf(A)
      const values = batch(n, random)
      return [values, n, COUNT, float64(values.length), float64(COUNT * n), float64(3 * COUNT)]
    },
    tolerance: 1e-13,
    spans: remade,
  },
  schur: {
    steps: schurSteps,
    args: (A, random) => {
      const n = orderOf(A)
      const values = randomVector(random, COUNT * n * n)
      if (A.rows === 1024) values[1] = Number.NaN
      return [values, n, COUNT, A.rows % 2 === 1, float64(values.length), float64(values.length), int32(COUNT)]
    },
    tolerance: 1e-12,
    spans: schurRemade,
  },
  quasiRoot: {
    steps: quasiRootSteps,
    args: (A, random) => {
      const n = Math.min(A.rows, 90)
      const T = shared(Float64Array.of(...quasiTriangular(n, random), ...quasiTriangular(n, random)))
      return [T, n, 2, float64(T.length)]
    },
    tolerance: 1e-13,
  },
  schurValue: {
    steps: schurValueSteps,
    args: (A, random) => {
      const n = orderOf(A)
      const given = () => randomVector(random, COUNT * n * n)
      const T = A.rows % 2 === 0 ? float64(0) : given()
      return [given(), given(), given(), T, n, COUNT, float64(COUNT * n * n), float64(COUNT)]
    },
    tolerance: 1e-12,
  },
  quasiSylvester: {
    steps: quasiSylvesterSteps,
    args: (A, random) => {
      const [m, n] = [Math.min(A.rows, 90), Math.min(A.rows, 50)]
      return [quasiTriangular(m, random), m, quasiTriangular(n, random), n, randomVector(random, m * n)]
    },
    tolerance: 1e-13,
  },
  spectralHessian: {
    steps: spectralHessianSteps,
    args: (A, random) => {
      const n = orderOf(A)
      const values = batch(n, random)
      const [V, w] = bases(values, n)
      const family = [1, 2, 3, 1][A.rows % 4]!
      const p = [0.5, -0.5, 3, 0.3][A.rows % 5] ?? 0.5
      const f = shared(w.map(x => x ** p))
      const [G, E] = [randomVector(random, values.length), randomVector(random, values.length)]
      const none = float64(0)
      return [V, w, f, none, none, n, COUNT, family, p, G, E, float64(values.length)]
    },
    tolerance: 1e-12,
  },
  polarRoot: {
    steps: polarRootSteps,
    args: (A, random) => {
      const n = orderOf(A)
      const values = batch(n, random)
      if (A.rows === 1024) values[n * n + 1] = Number.NaN
      if (A.rows === 1025) values[n * n] = -1
      const out = [float64(values.length), float64(COUNT), float64(3 * COUNT)]
      return [values, n, COUNT, A.rows % 2 === 0, schedules(float64), ...out]
    },
    tolerance: 1e-12,
  },
  spectralValue: {
    steps: spectralValueSteps,
    args: (A, random) => {
      const n = orderOf(A)
      const values = batch(n, random)
      const [V, w] = bases(values, n)
      const f = shared(w.map(x => (A.rows === 1025 ? Math.log(x) : A.rows === 1024 ? -x : Math.sqrt(x))))
      return [values, V, w, f, n, COUNT, A.rows % 2 === 0, float64(values.length), float64(COUNT)]
    },
    tolerance: 1e-13,
  },
  matrixExponential: {
    steps: matrixExponentialSteps,
    args: (A, random) => {
      const n = orderOf(A)
      const size = [0.01, 0.3, 2, 8, 60][A.rows % 5]! / n
      const values = shared(randomVector(random, COUNT * n * n).map(x => size * x))
      const E = A.rows % 2 === 0 ? float64(0) : randomVector(random, values.length)
      return [values, E, n, COUNT, A.rows % 3 === 0, float64(values.length), float64(COUNT), float64(COUNT)]
    },
    spans: exponentialsFound,
    tolerance: 1e-12,
  },
  spectralDerivative: {
    steps: spectralDerivativeSteps,
    args: (A, random) => {
      const n = orderOf(A)
      const values = batch(n, random)
      const [V, w] = bases(values, n)
      const family = A.rows % 4
      const p = [0.5, -0.5, 3, -2, 0.3][A.rows % 5]!
      const f = shared(w.map(x => (family === 1 ? x ** p : x ** 2)))
      if (A.rows === 1023) w[2] = Number.NaN
      const slopes = family === 0 ? shared(w.map(x => 2 * x)) : float64(0)
      const G = randomVector(random, values.length)
      return [V, w, f, slopes, n, COUNT, family, p, G, float64(values.length), float64(COUNT)]
    },
    tolerance: 1e-12,
  },
}
