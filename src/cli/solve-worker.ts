import { parentPort, workerData } from 'node:worker_threads'
import type { Progress } from '../core/control.ts'
import type { CsrData } from '../core/types.ts'
import { explain } from './explain.ts'
import type { Request, Run } from './solve-run.ts'

/** What a worker is given; the arrays are on shared memory and not copied. */
export interface Job {
  readonly A: CsrData
  readonly b: Float64Array
  readonly requests: readonly Request[]
}

/** What a worker says. */
export type Message =
  | { readonly kind: 'progress'; readonly request: number; readonly progress: Progress }
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }

/** Runs the job of this worker with the backend that its environment names. */
export async function serve(): Promise<void> {
  const { A, b, requests } = workerData as Job
  const say = (message: Message): void => parentPort!.postMessage(message)
  try {
    const { Csr } = await import('../sparse/csr.ts')
    const { runHere } = await import('./solve-run.ts')
    // Checked before the clock starts: in the main thread the file reader has done it.
    const matrix = Csr.from(A)
    for (const [request, asked] of requests.entries())
      say({
        kind: 'run',
        run: await runHere(matrix, b, asked, progress => say({ kind: 'progress', request, progress })),
      })
  } catch (error) {
    const { kind, message } = explain(error)
    say({ kind: 'failed', code: kind, message })
  }
}
