import { setTimeout as sleep } from 'node:timers/promises'
import { backend, cg, normal, poisson2d } from '../../src/index.ts'
import { quantile } from '../median.ts'
import type { Figure, Measure } from './figure.ts'

const INTERVAL = 10

/** How late a 10 ms interval timer fires during a solve of 2 s; beside it the same with nothing to do. */
export const measure: Measure = async quick => {
  const A = poisson2d(1000)
  const b = normal(1, A.rows)
  const rounds = quick ? 1 : 5
  const idle: number[] = []
  const busy: number[] = []
  for (let round = 0; round < rounds; round++) {
    idle.push(...(await lags(sleep(2000))))
    busy.push(...(await lags(cg(A, b, { timeLimit: 2000, rtol: 1e-30 }))))
  }
  const figure = (method: string, sample: readonly number[], q: number): Figure => ({
    method,
    n: A.rows,
    nnz: A.nonZeros,
    threads: backend().threads,
    solve: quantile(sample, q),
    iterations: sample.length,
  })
  return [
    figure('timer lag p99, idle', idle, 0.99),
    figure('timer lag p99, solving', busy, 0.99),
    figure('timer lag median, idle', idle, 0.5),
    figure('timer lag median, solving', busy, 0.5),
    figure('timer lag worst, solving', busy, 1),
  ]
}

async function lags(work: Promise<unknown>): Promise<readonly number[]> {
  const late: number[] = []
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    late.push(Math.max(0, now - last - INTERVAL))
    last = now
  }, INTERVAL)
  await work
  late.push(Math.max(0, performance.now() - last - INTERVAL))
  clearInterval(timer)
  return late
}
