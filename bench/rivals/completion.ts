import { setThreads } from '../../src/core/backend.ts'
import { Sweeps } from '../completion/sweeps.ts'
import { serve } from './serve.ts'

/* krylov as a contender on a sweep of matrix completion: answers `altMin|als n,entries-of-a-row 0 rank` lines. */

const threads = Number(process.env.KRYLOV_THREADS ?? 1)
setThreads(threads)
let made: { readonly key: string; readonly sweeps: Sweeps } | undefined

await serve('krylov', ({ method, preconditioner: key, count: rank }) => {
  if (made?.key !== key) {
    const [n = 0, perRow = 0] = key.split(',').map(Number)
    made = { key, sweeps: new Sweeps(n, perRow) }
  }
  const solve = made.sweeps.time(rank, method === 'als' ? 0 : 3, 1, threads)
  return { setup: 0, solve, iterations: 1, relativeResidual: 0 }
})
