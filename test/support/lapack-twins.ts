import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { float64, int32 } from '../../src/core/shared.ts'
import { eighSteps } from '../../src/dense/eigh.steps.ts'
import { gemmSteps } from '../../src/dense/gemm.steps.ts'
import { gramSteps } from '../../src/dense/gram.steps.ts'
import { denseLuSolveSteps, denseLuSteps } from '../../src/dense/lu.steps.ts'
import { qrSteps } from '../../src/dense/qr.steps.ts'
import { svdSteps } from '../../src/dense/svd.steps.ts'
import { denseFactsSteps } from '../../src/dense/symmetric.steps.ts'
import { solveTriangularRightSteps, solveTriangularSteps } from '../../src/dense/triangular.steps.ts'
import { reference } from '../../src/kernels/reference.ts'
import { sketchedQrcpSteps } from '../../src/lowrank/qrcp.steps.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { square } from './dense-twins.ts'
import { matfunTwins } from './matfun-twins.ts'
import { randomVector } from './random.ts'
import type { Twin } from './solver-twins.ts'

const MOST = 40 // rows: entries stay comparable though errors grow with the order
const sizeOf = (A: Csr) => Math.min(A.rows, MOST)

/** A tall or, where A's order is odd, wide matrix. */
const oblong = (A: Csr): [m: number, n: number] => {
  const n = sizeOf(A)
  return A.rows % 2 === 0 ? [3 * n, n] : [n, n + 7]
}

/** U and V are determined up to the signs of their columns: values, and what the factors make together. */
const reassembled = (part: unknown): unknown => {
  const [, [, m, n, U, s, V]] = part as [number, [unknown, number, number, Float64Array, Float64Array, Float64Array]]
  const k = s.length
  const product = Float64Array.from({ length: m * n }, (_, at) => {
    let sum = 0
    for (let c = 0; c < k; c++) sum += U[Math.floor(at / n) * k + c]! * s[c]! * V[(at % n) * k + c]!
    return sum
  })
  return [s, product]
}

/** Likewise. */
const rebuilt = (part: unknown): unknown => {
  const [, [V, n, w]] = part as [number, [Float64Array, number, Float64Array]]
  return reassembled([0, [V, n, n, V, w, V]])
}

const factored = (A: Csr, random: () => number): [Float64Array, number, Int32Array] => {
  const n = sizeOf(A)
  const F = float64(n * n)
  const pivots = int32(n)
  runSync(denseLuSteps(reference, randomVector(random, n * n), n, F, pivots), makeControl('test', {}))
  return [F, n, pivots]
}

/** The twins of the methods that call LAPACK, see `border/methods.test.ts`. */
export const lapackTwins: Readonly<Record<string, Twin>> = {
  ...matfunTwins,
  denseFacts: {
    steps: denseFactsSteps,
    args: (A, random) => {
      const [a, n] = square(A, random, 0)
      if (A.rows === 1023) a[3 * n + 5] = Number.NaN
      if (A.rows === 1024) a[n] = 7
      return [a, n]
    },
    tolerance: 0,
    spans: part => {
      const [facts] = part as [{ notFinite: number }]
      return facts.notFinite < 0 ? facts : facts.notFinite
    },
  },
  gemm: {
    steps: gemmSteps,
    args: (A, random) => {
      const [m, n] = oblong(A)
      const k = A.rows
      const [left, right, C] = [m * k, k * n, m * n].map(length => randomVector(random, length))
      return [0.5, left, A.rows % 2 === 0, right, A.rows % 3 === 0, A.rows % 2, C, m, n, k]
    },
    tolerance: 1e-13,
  },
  gram: {
    steps: gramSteps,
    args: (A, random) => {
      const n = sizeOf(A)
      return [randomVector(random, 3 * n * n), n, float64(n * n)]
    },
    tolerance: 1e-13,
  },
  qr: {
    steps: qrSteps,
    args: (A, random) => {
      const [m, n] = oblong(A)
      const k = Math.min(m, n)
      const pivots = int32(A.rows % 3 === 0 ? n : 0)
      return [randomVector(random, m * n), m, n, float64(A.rows === 17 ? 0 : m * k), float64(k * n), pivots]
    },
    tolerance: 1e-12,
  },
  svd: {
    steps: svdSteps,
    args: (A, random) => {
      const [m, n] = oblong(A)
      const k = Math.min(m, n)
      return [randomVector(random, m * n), m, n, float64(m * k), float64(k), float64(n * k)]
    },
    tolerance: 1e-13,
    spans: reassembled,
  },
  eigh: {
    steps: eighSteps,
    args: (A, random) => {
      const [a, n] = square(A, random, 0)
      return [a, n, float64(n), true]
    },
    tolerance: 1e-12,
    spans: rebuilt,
  },
  solveTriangular: {
    steps: solveTriangularSteps,
    args: (A, random) => {
      const n = sizeOf(A)
      const T = randomVector(random, n * n)
      for (let i = 0; i < n; i++) T[i * n + i]! += 2 * n
      return [T, n, randomVector(random, 3 * n), 3, A.rows % 2 === 0, A.rows % 3 === 0, A.rows === 1023]
    },
    tolerance: 1e-11,
  },
  solveTriangularRight: {
    steps: solveTriangularRightSteps,
    args: (A, random) => {
      const n = sizeOf(A)
      const T = randomVector(random, n * n)
      for (let i = 0; i < n; i++) T[i * n + i]! += 2 * n
      const order = int32(A.rows % 3 === 0 ? 0 : n)
      order.forEach((_, j) => {
        order[j] = n - 1 - j
      })
      return [T, n, randomVector(random, 3 * n), order, float64(3 * n), A.rows % 2 === 0]
    },
    tolerance: 1e-11,
  },
  sketchedQrcp: {
    steps: sketchedQrcpSteps,
    args: (A, random) => {
      const [m, n] = oblong(A)
      const k = Math.min(m, n)
      return [
        randomVector(random, m * n),
        m,
        n,
        randomVector(random, 9 * n),
        7,
        float64(m * k),
        float64(k * n),
        int32(n),
      ]
    },
    tolerance: 1e-10,
    spans: part => (part as [unknown, unknown[]])[1].slice(6), // the sketch is workspace
  },
  denseLu: {
    steps: denseLuSteps,
    args: (A, random) => {
      const n = sizeOf(A)
      return [randomVector(random, n * n), n, float64(n * n), int32(n)]
    },
    tolerance: 1e-11,
  },
  denseLuSolve: {
    steps: denseLuSolveSteps,
    args: (A, random) => [...factored(A, random), randomVector(random, 3 * sizeOf(A)), 3],
    tolerance: 1e-9,
  },
}
