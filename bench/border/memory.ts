import { backend, cg, normal, poisson2d } from '../../src/index.ts'
import type { Measure } from './figure.ts'

/** Growth of the resident set over many small asynchronous solves, after a warm-up. */
export const measure: Measure = async quick => {
  const A = poisson2d(8)
  const b = normal(1, A.rows)
  const count = quick ? 5000 : 50_000
  const solve = async (times: number) => {
    for (let i = 0; i < times; i++) await cg(A, b)
  }
  await solve(count / 10)
  const before = resident()
  const begun = performance.now()
  await solve(count)
  const elapsed = performance.now() - begun
  const bytes = resident() - before
  const about = { n: A.rows, nnz: A.nonZeros, threads: backend().threads }
  return [{ ...about, method: `RSS growth, ${count} solves`, solve: elapsed, iterations: count, bytes }]
}

function resident(): number {
  globalThis.gc?.()
  return process.memoryUsage.rss()
}
