import { monitorEventLoopDelay } from 'node:perf_hooks'
import { expect, it } from 'vitest'
import { Csr, cg, cgSync, dense, ic0, poisson2d, spmv, uniform } from '../../src/index.ts'
import type { Factor } from '../../src/precondition/kinds.ts'

const residual = (A: ReturnType<typeof poisson2d>, x: Float64Array, b: Float64Array): number => {
  const { rowPointers, columnIndices } = A.pattern
  let square = 0
  for (let i = 0; i < A.rows; i++) {
    let r = b[i]!
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) r -= A.values[k]! * x[columnIndices[k]!]!
    square += r * r
  }
  return Math.sqrt(square)
}

it('50 asynchronous solves at once, synchronous ones between them', async () => {
  const systems = Array.from({ length: 50 }, (_, i) => {
    const A = poisson2d(10 + (i % 7) * 8)
    return { A, b: uniform(i, A.rows) }
  })
  const solves = systems.map(({ A, b }, i) => cg(A, b, { rtol: 1e-10, ...(i % 3 === 0 && { preconditioner: ic0 }) }))
  for (const { A, b } of systems.slice(0, 10))
    expect(residual(A, cgSync(A, b, { rtol: 1e-10 }).x, b)).toBeLessThan(1e-8)
  const answers = await Promise.all(solves)
  answers.forEach(({ converged, x }, i) => {
    const { A, b } = systems[i]!
    expect(converged).toBe(true)
    expect(residual(A, x, b)).toBeLessThan(1e-9 * Math.sqrt(A.rows))
  })
})

it('the event loop turns while a solve of a second runs', async () => {
  const A = poisson2d(1000)
  const b = uniform(1, A.rows)
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  const answer = await cg(A, b, { rtol: 1e-300, timeLimit: 1000 })
  delay.disable()
  expect(answer.reason).toBe('time-limit')
  expect(delay.percentile(99) / 1e6).toBeLessThan(100)
})

it('denormal numbers stay what they are', async () => {
  const half = (x: number) => x / 2
  const A = poisson2d(210)
  const b = uniform(1, A.rows)
  cgSync(A, b, { maxIterations: 3 })
  await cg(A, b, { maxIterations: 3 })
  expect(half(2.2250738585072014e-308)).toBe(1.1125369292536007e-308)

  // on the team's threads: a product that two of them share
  const tiny = b.map(value => value * 1e-310)
  expect(spmv(A, tiny).some(y => y !== 0 && Math.abs(y) < 2.2250738585072014e-308)).toBe(true)
  // on a job's: a factor whose entries off the diagonal are denormal
  const weak = Csr.fromDense(dense(2, 2, [1, 1e-310, 1e-310, 1]))
  expect((await ic0(weak)) as Factor).toMatchObject({ upper: { values: Float64Array.of(1e-310) } })
})
