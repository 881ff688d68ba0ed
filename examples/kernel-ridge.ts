/*
 * Kernel ridge regression: (K + mu I) c = y with K a full matrix of Gaussian kernels, by conjugate gradients. Most eigenvalues
 * of K are far below mu; those above it are what the iteration spends its time on, and a Nystrom approximation takes them away.
 *
 * npx tsx examples/kernel-ridge.ts --points 10000
 */
import { parseArgs } from 'node:util'
import { cg, type Dense, dense, gemmSync, normal, nystrom, nystromPreconditioner, type Operator, uniform } from 'krylov'

const { values: flags } = parseArgs({ strict: false, options: { points: { type: 'string' } } })
const n = Number(flags.points ?? 800)
const [length, noise, rank] = [0.1, 0.1, 200]
const mu = noise ** 2

/** What is to be learnt, on the unit square; points are rows. */
const truth = ({ rows, values: x }: Dense): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => Math.sin(6 * x[2 * i]!) * Math.cos(9 * x[2 * i]! * x[2 * i + 1]!))

/** exp(-|x - z|^2 / (2 length^2)) for all x of X and z of Z. */
function kernel({ rows, values: x }: Dense, { rows: columns, values: z }: Dense): Dense {
  const K = dense(rows, columns, new Float64Array(new SharedArrayBuffer(8 * rows * columns))) // shared: is not copied
  for (let i = 0, at = 0; i < rows; i++)
    for (let j = 0; j < columns; j++, at++) {
      const [dx, dy] = [x[2 * i]! - z[2 * j]!, x[2 * i + 1]! - z[2 * j + 1]!]
      K.values[at] = Math.exp((dx * dx + dy * dy) / (-2 * length * length))
    }
  return K
}

const column = (values: Float64Array): Dense => ({ rows: values.length, columns: 1, values })

const X = dense(n, 2, uniform(1, 2 * n))
const errors = normal(2, n)
const y = truth(X).map((value, i) => value + noise * errors[i]!)
const K = kernel(X, X)

const A: Operator = {
  rows: n,
  columns: n,
  apply(x, Ax) {
    Ax.set(x)
    gemmSync(K, column(x), { beta: mu, out: column(Ax) })
  },
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`

let begun = performance.now()
const plain = await cg(A, y, { rtol: 1e-8 })
console.log(`plain: ${plain.iterations} iterations, ${seconds(begun)}`)

begun = performance.now()
const preconditioner = nystromPreconditioner(await nystrom(K, { rank, seed: 3 }), mu)
const better = await cg(A, y, { preconditioner, rtol: 1e-8 })
console.log(`Nystrom of rank ${rank}: ${better.iterations} iterations, ${seconds(begun)} with its set-up`)

const Z = dense(1000, 2, uniform(4, 2000))
const wanted = truth(Z)
const found = gemmSync(kernel(Z, X), column(better.x)).values
const error = Math.sqrt(found.reduce((sum, value, i) => sum + (value - wanted[i]!) ** 2, 0) / Z.rows)
console.log(`root mean square error at ${Z.rows} new points: ${error.toFixed(4)}, of the data ${noise}`)

if (!plain.converged || !better.converged) throw new Error('not converged')
if (better.iterations > 0.2 * plain.iterations) throw new Error('the preconditioner is of little use')
if (!(error < noise / 2)) throw new Error('nothing was learnt')
