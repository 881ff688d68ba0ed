import { beforeAll, describe, expect, it } from 'vitest'
import { native } from '../../src/core/backend.ts'
import { Csr, ic0, poisson2d } from '../../src/index.ts'
import { leastSquares, solvers } from '../../src/methods.ts'

/* The memory that a solver takes besides its operands and its answer, as its row in the table of methods says. */

const A = poisson2d(100, 100)
const b = new Float64Array(A.rows).fill(1)

/** Products of two blocks of vectors that are summed up in one sweep, where a recycled space is renewed. */
const products: Record<string, number> = { gcrodr: 20 * 21, deflatedCg: 20 * 41, recyclingMinres: 82 ** 2 }

/** Partial sums for every 1024 rows, up to three times as many as a basis has vectors, and their alignment. */
const partialSums = (products = 0) => 8 * (A.rows / 1024) * (128 + products) + 1024

/** Vectors of a recycled basis begin at most this many entries further apart than they are long. */
const APART = 63

/** Bytes of workspace of the last job: what native code writes into its control block. */
let bytes = Number.NaN

beforeAll(() => {
  const start = native!.start as Record<string, (...args: unknown[]) => Promise<unknown>>
  for (const { name } of [...solvers, ...leastSquares]) {
    const method = start[name]!
    start[name] = async (...args) => {
      const answer = await method(...args)
      bytes = (args[2] as Float64Array)[3]!
      return answer
    }
  }
})

describe.each(solvers)('workspace of $name', ({ name, async: solve, workspace }) => {
  it.each([
    ['without a preconditioner', {}, workspace[0]],
    ['with one', { preconditioner: ic0 }, workspace[1]],
  ])('%s', async (_, options, vectors) => {
    bytes = Number.NaN
    await solve(A, b, options)
    expect(bytes).toBeGreaterThanOrEqual(vectors * A.rows * 8)
    const apart = name in products ? APART : 0
    expect(bytes).toBeLessThanOrEqual(vectors * (A.rows + apart) * 8 + partialSums(products[name]))
  })
})

it.each(leastSquares)('workspace of $name', async ({ async: solve, workspace: [rows, columns] }) => {
  const tall = Csr.fromTriplets(
    A.rows,
    5000,
    b.map((_, i) => i),
    b.map((_, i) => (i * 7) % 5000),
    b,
  )
  bytes = Number.NaN
  await solve(tall, b)
  const wanted = 8 * (rows * A.rows + columns * 5000)
  expect(bytes).toBeGreaterThanOrEqual(wanted)
  expect(bytes).toBeLessThanOrEqual(wanted + partialSums())
})
