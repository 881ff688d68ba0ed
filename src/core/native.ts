import { native } from './backend.ts'
import type { Control } from './control.ts'
import { KrylovError } from './errors.ts'

/*
 * One call of a native method. The control block is shared memory that the job polls and writes:
 * int32[0] cancel, float64[1] iteration, float64[2] residual norm.
 */

const BLOCK_BYTES = 24
const PROGRESS_EVERY = 16 // milliseconds: one frame

type Sync = (timeLimit: number, threads: number, onIteration: unknown, ...args: readonly unknown[]) => unknown
type Start = (timeLimit: number, threads: number, block: Float64Array, ...args: readonly unknown[]) => Promise<unknown>

/** Runs a native method on this thread; `onProgress` is called between iterations. */
export function callNative(name: string, args: readonly unknown[], control: Control): unknown {
  const { onProgress, start } = control
  const onIteration =
    onProgress &&
    ((iteration: number, residualNorm: number) =>
      onProgress({ iteration, residualNorm, elapsed: performance.now() - start }))
  const run = table('sync', name) as Sync
  return translate(() => run(remaining(control), control.threads, onIteration, ...args))
}

/** Runs a native method on a job's own thread; abort and progress ride on the control block. */
export function startNative(name: string, args: readonly unknown[], control: Control): Promise<unknown> {
  const { signal, onProgress, start } = control
  const block = new Float64Array(new SharedArrayBuffer(BLOCK_BYTES))
  const run = table('start', name) as Start
  let job: Promise<unknown>
  try {
    job = run(remaining(control), control.threads, block, ...args).catch(rethrow)
  } catch (error) {
    return Promise.reject(retyped(error))
  }
  if (signal === undefined && onProgress === undefined) return job
  const cancel = () => Atomics.store(new Int32Array(block.buffer), 0, 1)
  signal?.addEventListener('abort', cancel, { once: true })
  const settled = () => signal?.removeEventListener('abort', cancel)
  if (onProgress === undefined) return job.finally(settled)

  return new Promise<unknown>((resolve, reject) => {
    let seen = -1
    const report = () => {
      if (block[1] === seen) return
      seen = block[1]!
      onProgress({ iteration: seen, residualNorm: block[2]!, elapsed: performance.now() - start })
    }
    const fail = (error: unknown) => {
      cancel()
      reject(error)
    }
    const timer = setInterval(() => attempt(report, fail), PROGRESS_EVERY)
    const end = () => {
      clearInterval(timer)
      settled()
    }
    job.then(
      value => {
        end()
        attempt(() => {
          if (block[1] !== 0) report()
          resolve(value)
        }, reject)
      },
      error => {
        end()
        reject(error)
      },
    )
    signal?.addEventListener('abort', end, { once: true })
  })
}

const table = (form: 'sync' | 'start', name: string): unknown =>
  (native?.[form] as Readonly<Record<string, unknown>>)[name]

function attempt(act: () => void, fail: (error: unknown) => void): void {
  try {
    act()
  } catch (error) {
    fail(error)
  }
}

const remaining = ({ deadline }: Control): number =>
  deadline === Number.POSITIVE_INFINITY ? deadline : Math.max(0, deadline - performance.now())

function translate<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw retyped(error)
  }
}

function rethrow(error: unknown): never {
  throw retyped(error)
}

/** The border throws plain errors with a code of ours; users see one error class. */
function retyped(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof KrylovError) return error
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && code.startsWith('ERR_KRYLOV_')
    ? new KrylovError(code.replace('KRYLOV_', '') as KrylovError['code'], error.message)
    : error
}
