import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { normal } from '../../src/core/random.ts'
import { serve } from './serve.ts'

/* ml-matrix or mathjs as a contender on dense matrices, as npm run bench:setup installed them. */

const [, , library = ''] = process.argv
const installed = fileURLToPath(new URL('../../.cache/rivals/', import.meta.url))
const require = createRequire(installed)

type Methods = Readonly<Record<string, (A: unknown, S: unknown) => unknown>>
type Rows = number[][]

interface MlMatrix {
  readonly Matrix: new (rows: Rows) => { readonly mmul: (other: unknown) => unknown }
  readonly CholeskyDecomposition: new (A: unknown) => unknown
  readonly LuDecomposition: new (A: unknown) => unknown
  readonly QrDecomposition: new (A: unknown) => { readonly orthogonalMatrix: unknown }
  readonly EigenvalueDecomposition: new (A: unknown, options: { readonly assumeSymmetric: boolean }) => unknown
  readonly SingularValueDecomposition: new (A: unknown) => unknown
}

function mlMatrix(): { readonly methods: Methods; readonly make: (rows: Rows) => unknown } {
  const ml = require('ml-matrix') as MlMatrix
  type Matrix = InstanceType<MlMatrix['Matrix']>
  return {
    make: rows => new ml.Matrix(rows),
    methods: {
      gemm: (A, S) => (A as Matrix).mmul(S),
      cholesky: (_, S) => new ml.CholeskyDecomposition(S),
      lu: A => new ml.LuDecomposition(A),
      qr: A => new ml.QrDecomposition(A).orthogonalMatrix,
      eigh: (_, S) => new ml.EigenvalueDecomposition(S, { assumeSymmetric: true }),
      svd: A => new ml.SingularValueDecomposition(A),
    },
  }
}

interface MathJs {
  readonly matrix: (rows: Rows) => unknown
  readonly multiply: (A: unknown, B: unknown) => unknown
  readonly lup: (A: unknown) => unknown
  readonly qr: (A: unknown) => unknown
  readonly eigs: (A: unknown) => unknown
}

function mathJs(): { readonly methods: Methods; readonly make: (rows: Rows) => unknown } {
  const math = require('mathjs') as MathJs
  return {
    make: math.matrix,
    methods: {
      gemm: (A, S) => math.multiply(A, S),
      lu: A => math.lup(A),
      qr: A => math.qr(A),
      eigh: (_, S) => math.eigs(S),
    },
  }
}

const { methods, make } = library === 'mathjs' ? mathJs() : mlMatrix()
const described = readFileSync(`${installed}node_modules/${library}/package.json`, 'utf8')
const { version } = JSON.parse(described) as { readonly version: string }

let made: { readonly n: number; readonly A: unknown; readonly S: unknown } | undefined

function problem(n: number): NonNullable<typeof made> {
  const values = normal(1, n * n)
  const square = (entry: (i: number, j: number) => number) =>
    make(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => entry(i, j))))
  const at = (i: number, j: number) => values[i * n + j]!
  return { n, A: square(at), S: square((i, j) => (at(i, j) + at(j, i)) / 2 + (i === j ? 4 * n : 0)) }
}

await serve(`${library} ${version}`, ({ method, preconditioner, count }) => {
  const n = Number(preconditioner)
  if (made?.n !== n) made = problem(n)
  const begun = performance.now()
  for (let k = 0; k < count; k++) methods[method]!(made.A, made.S)
  return { setup: 0, solve: performance.now() - begun, iterations: count, relativeResidual: 0 }
})
