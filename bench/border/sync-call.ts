import { cgSync, normal, poisson2d } from '../../src/index.ts'
import { median } from '../median.ts'
import type { Measure } from './figure.ts'

const BATCH = 1000

/** What one call costs where there is next to nothing to compute. */
export const measure: Measure = quick => {
  const A = poisson2d(4)
  const b = normal(1, 16)
  const batches = quick ? 20 : 100
  const call = (maxIterations: number): number => {
    const times: number[] = []
    for (let batch = 0; batch < batches; batch++) {
      const begun = performance.now()
      for (let i = 0; i < BATCH; i++) cgSync(A, b, { maxIterations })
      times.push((performance.now() - begun) / BATCH)
    }
    return median(times)
  }
  call(1)
  const about = { n: 16, nnz: A.nonZeros, threads: 1, iterations: batches * BATCH }
  return [
    { ...about, method: 'sync call, no iteration', solve: call(0) },
    { ...about, method: 'sync call, solved', solve: call(1000) },
  ]
}

export const realtime = true
