import { setTimeout as sleep } from 'node:timers/promises'
import { backend, cg, normal, poisson2d } from '../../src/index.ts'
import { median } from '../median.ts'
import type { Measure } from './figure.ts'

/** From `abort()` to the rejection, at moments spread over the iteration. */
export const measure: Measure = async quick => {
  const A = poisson2d(1000)
  const b = normal(1, A.rows)
  const times: number[] = []
  const count = quick ? 5 : 25
  for (let i = 0; i < count; i++) {
    const stop = new AbortController()
    let begun = 0
    const solve = cg(A, b, { signal: stop.signal, rtol: 1e-30 }).catch(() => void times.push(performance.now() - begun))
    await sleep(150 + 7 * i)
    begun = performance.now()
    stop.abort()
    await solve
    await sleep(30) // the job drains
  }
  const about = { n: A.rows, nnz: A.nonZeros, threads: backend().threads, iterations: count }
  return [
    { ...about, method: 'abort to reject, median', solve: median(times) },
    { ...about, method: 'abort to reject, worst', solve: Math.max(...times) },
  ]
}
