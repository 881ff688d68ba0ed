import { Worker } from 'node:worker_threads'
import { backend } from '../core/backend.ts'
import { type ErrorCode, KrylovError } from '../core/errors.ts'
import type { Csr } from '../sparse/csr.ts'
import { type BackendName, type Request, type Run, runHere } from './solve-run.ts'
import type { Job, Message } from './solve-worker.ts'

/** A backend that was asked for and does not load. */
export interface Absent {
  readonly backend: BackendName
  readonly absent: string
}

type Show = (text: string) => void

/** Runs every request on every backend: the one that is loaded here, others each in a worker of its own. */
export async function runAll(
  entry: URL,
  backends: readonly BackendName[],
  A: Csr,
  b: Float64Array,
  requests: readonly Request[],
  show: Show,
): Promise<readonly (Run | Absent)[]> {
  const results: (Run | Absent)[] = []
  for (const name of backends) {
    if (name === backend().name)
      for (const request of requests)
        results.push(await runHere(A, b, request, progress => show(progressLine(name, request, progress))))
    else results.push(...(await runInWorker(entry, name, { A, b, requests }, show)))
  }
  return results
}

function runInWorker(entry: URL, name: BackendName, job: Job, show: Show): Promise<readonly (Run | Absent)[]> {
  const { pattern, values } = job.A
  const { rows, columns, rowPointers, columnIndices } = pattern
  const A = { pattern: { rows, columns, rowPointers, columnIndices }, values }
  return new Promise((resolve, reject) => {
    const runs: Run[] = []
    const worker = new Worker(entry, {
      env: { ...process.env, KRYLOV_BACKEND: name },
      workerData: { ...job, A } satisfies Job,
    })
    worker.on('message', (message: Message) => {
      if (message.kind === 'progress') show(progressLine(name, job.requests[message.request]!, message.progress))
      else if (message.kind === 'run') runs.push(message.run)
      else if (message.code === 'ERR_BACKEND') resolve([{ backend: name, absent: message.message }])
      else reject(new KrylovError(message.code as ErrorCode, message.message))
    })
    worker.on('error', reject)
    worker.on('exit', () => resolve(runs))
  })
}

function progressLine(
  name: BackendName,
  { method, preconditioner }: Request,
  { iteration, residualNorm, elapsed }: { iteration: number; residualNorm: number; elapsed: number },
): string {
  return (
    `${method} ${preconditioner}`.trim() +
    ` (${name}): iteration ${iteration}, ` +
    `residual ${residualNorm.toExponential(2)}, ${(elapsed / 1000).toFixed(1)} s`
  )
}
