import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { backend, cg, normal, poisson2d } from '../../src/index.ts'
import { median } from '../median.ts'
import type { Figure, Measure } from './figure.ts'

/** How long `fs.stat` takes while 4 solves are in flight, and with none. */
export const measure: Measure = async quick => {
  const A = poisson2d(300)
  const b = normal(1, A.rows)
  const samples = quick ? 50 : 300
  const idle = await stats(samples)
  const stop = new AbortController()
  const solves = [1, 2, 3, 4].map(() => cg(A, b, { rtol: 0, signal: stop.signal }).catch(() => {}))
  await sleep(50)
  const busy = await stats(samples)
  stop.abort()
  await Promise.all(solves)
  const about = { n: A.rows, nnz: A.nonZeros, threads: backend().threads, iterations: samples }
  const figures: readonly Figure[] = [
    { ...about, method: 'fs.stat median, idle', solve: idle },
    { ...about, method: 'fs.stat median, 4 solves', solve: busy },
  ]
  return figures
}

async function stats(count: number): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const begun = performance.now()
    await stat(import.meta.filename)
    times.push(performance.now() - begun)
    await sleep(1)
  }
  return median(times)
}
