import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { normal } from '../../src/core/random.ts'
import { float64 } from '../../src/core/shared.ts'
import { eighSync } from '../../src/dense/eigh.ts'
import { gemmSync } from '../../src/dense/gemm.ts'
import { qrSync } from '../../src/dense/qr.ts'
import type { Dense } from '../../src/index.ts'
import { readMatrixMarket } from '../../src/io/matrix-market.ts'
import type { RootOptions } from '../../src/matfun/roots.ts'
import { sqrtmSync } from '../../src/matfun/sqrtm.ts'
import type { Row } from '../row.ts'

/* How wrong square roots and their gradients are: of matrices with known eigenvalues, and of covariances of real data. */

/** What is compared; the name as in the figures. */
export const methods: readonly (readonly [name: string, options: RootOptions])[] = [
  ['eigh', { method: 'eigh' }],
  ['polar', { method: 'polar', backward: 'lyapunov' }],
  ['denman-beavers', { method: 'denman-beavers', backward: 'lyapunov' }],
  ['newton-schulz', { method: 'newton-schulz', backward: 'lyapunov' }],
  ['newton-schulz, 5 steps', { method: 'newton-schulz', degree: 5 }],
  ['pade (MPA) and 8 steps', { method: 'pade', backward: 'lyapunov', backwardSteps: 8 }],
  ['partial-fraction', { method: 'partial-fraction' }],
  ['taylor (MTP) and 8 steps', { method: 'taylor', backward: 'lyapunov', backwardSteps: 8 }],
  ['exact root and 8 steps', { method: 'polar', backward: 'lyapunov', backwardSteps: 8 }],
  ['exact root and 20 steps', { method: 'polar', backward: 'lyapunov', backwardSteps: 20 }],
]

const LARGE = ['eigh', 'polar', 'pade (MPA) and 8 steps'] // the others take minutes there

/** A = Q diag(w) Q^T, its root and what takes cotangents back. */
interface Known {
  readonly name: string
  readonly A: Dense
  readonly G: Dense
  readonly root: Dense
  readonly gradient: Dense
  readonly kappa: number
}

const map = ({ rows, columns, values }: Dense, f: (x: number, r: number, c: number) => number): Dense => {
  const out = float64(values.length)
  for (let at = 0; at < out.length; at++) out[at] = f(values[at]!, Math.floor(at / columns), at % columns)
  return { rows, columns, values: out }
}
const symmetric = (A: Dense) => map(A, (x, r, c) => (x + A.values[c * A.columns + r]!) / 2)
const from = (Q: Dense, M: Dense) => symmetric(gemmSync(gemmSync(Q, M), Q, { transposeB: true }))

function known(name: string, Q: Dense, w: Float64Array, given?: Dense): Known {
  const n = w.length
  const s = w.map(Math.sqrt)
  const diagonal = (d: Float64Array) =>
    map({ rows: n, columns: n, values: float64(n * n) }, (_, r, c) => (r === c ? d[r]! : 0))
  const G = symmetric({ rows: n, columns: n, values: normal(7, n * n) })
  const inside = gemmSync(gemmSync(Q, G, { transposeA: true }), Q)
  return {
    name,
    A: given ?? from(Q, diagonal(w)),
    G,
    root: from(Q, diagonal(s)),
    gradient: from(
      Q,
      map(inside, (x, r, c) => x / (s[r]! + s[c]!)),
    ),
    kappa: Math.max(...w) / Math.min(...w),
  }
}

/** Eigenvalues from 1 to 1 / kappa by equal factors. */
export const logSpaced = (n: number, kappa: number): Known =>
  known(
    'spd',
    qrSync({ rows: n, columns: n, values: normal(3, n * n) }).q,
    Float64Array.from({ length: n }, (_, i) => kappa ** (-i / Math.max(n - 1, 1))),
  )

const folder = fileURLToPath(new URL('../../../shared/data/cov/', import.meta.url))

/** The covariances that lie beside the checkout, but for one of deficient rank; none where there are none. */
async function covariances(): Promise<readonly Known[]> {
  if (!existsSync(folder)) {
    console.error(`  no covariances: ${folder} is absent`)
    return []
  }
  const found: Known[] = []
  const take = (name: string, given: Dense) => {
    const A = symmetric(given)
    const { values, vectors } = eighSync(A)
    if (values[0]! > 1e-13 * values.at(-1)!) found.push(known(name, vectors, values, A))
  }
  for (const name of ['iris', 'wine', 'breast_cancer', 'corr_breast_cancer', 'patches8_china']) {
    const base = `${folder}${name.startsWith('corr') ? '' : 'cov_'}${name}.mtx`
    const file = existsSync(base) ? base : `${base}.gz`
    if (existsSync(file)) take(name.replaceAll('_', ' '), densely(await readMatrixMarket(file)))
  }
  const digits = `${folder}cov_digits_per_class.f64.gz`
  if (existsSync(digits)) {
    const bytes = gunzipSync(readFileSync(digits))
    const all = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
    take('digit 0', { rows: 64, columns: 64, values: all.subarray(0, 64 * 64) })
  }
  return found
}

type Read = Awaited<ReturnType<typeof readMatrixMarket>> | Dense

function densely(A: Read): Dense {
  if (!('pattern' in A)) return A
  const { rows, columns } = A
  const out = float64(rows * columns)
  for (let r = 0; r < rows; r++)
    for (let k = A.pattern.rowPointers[r]!; k < A.pattern.rowPointers[r + 1]!; k++)
      out[r * columns + A.pattern.columnIndices[k]!] = A.values[k]!
  return { rows, columns, values: out }
}

const frobenius = (values: Float64Array) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0))
const apart = (X: Dense, wanted: Dense) =>
  frobenius(X.values.map((x, at) => x - wanted.values[at]!)) / frobenius(wanted.values)

function rowsOf({ name, A, G, root, gradient, kappa }: Known): readonly Row[] {
  const n = A.rows
  const problem = `${name}_${n}_${kappa.toExponential(1)}`
  const list = n > 256 ? methods.filter(([label]) => LARGE.includes(label)) : methods
  return list.flatMap(([label, options]): Row[] => {
    const given = {
      subject: 'matfun',
      problem,
      n,
      nnz: n * n,
      backend: 'native',
      threads: 1,
      setup: 0,
      iterations: 1,
    } as const
    try {
      if (n <= 64) sqrtmSync(A, options).pullback(G) // loads and compiles
      const begun = performance.now()
      const found = sqrtmSync(A, options)
      const middle = performance.now()
      const back = found.pullback(G)
      const end = performance.now()
      return [
        { ...given, method: `${label}: root`, solve: middle - begun, relativeResidual: apart(found.value, root) },
        { ...given, method: `${label}: gradient`, solve: end - middle, relativeResidual: apart(back, gradient) },
      ]
    } catch (error) {
      return [{ ...given, method: `${label}: root`, absent: error instanceof Error ? error.message : String(error) }]
    }
  })
}

/** Errors and times of all methods over conditions, orders and real covariances. */
export async function errors(quick: boolean): Promise<readonly Row[]> {
  const halves = quick ? [1, 4, 8] : Array.from({ length: 23 }, (_, i) => 1 + i / 2)
  const orders = quick ? [8, 32] : [8, 16, 32, 128, 256]
  const all = [
    ...halves.map(power => logSpaced(64, 10 ** power)),
    ...orders.flatMap(n => [1e1, 1e4, 1e8, 1e12].map(kappa => logSpaced(n, kappa))),
    ...(quick ? [] : [logSpaced(512, 1e4), logSpaced(1024, 1e4)]),
    ...(await covariances()),
  ]
  return all.flatMap(rowsOf)
}
