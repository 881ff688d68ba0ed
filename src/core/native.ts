import { native } from './backend.ts'
import type { Control } from './control.ts'
import { KrylovError } from './errors.ts'
import { assemble, flatten, type Layout } from './leaves.ts'

/*
 * One call of a native method. The control block is shared memory that the job polls and writes:
 * int32[0] cancel, float64[1] iteration, float64[2] residual norm.
 */

const BLOCK_BYTES = 24
const PROGRESS_EVERY = 16 // milliseconds: one frame

type Function = (...args: readonly unknown[]) => unknown

interface Entry {
  readonly sync: Function
  readonly start: Function
  readonly args: readonly Layout[]
  readonly result: Layout
}

const entries = new Map<string, Entry>()
let layouts: Readonly<Record<string, string>> | undefined

function entry(name: string): Entry {
  const known = entries.get(name)
  if (known !== undefined) return known
  layouts ??= native!.layouts()
  const [args, result] = JSON.parse(layouts[name]!) as [readonly Layout[], Layout]
  const { sync, start, kernels } = native!
  const made = { sync: (sync[name] ?? kernels[name])!, start: start[name]!, args, result }
  entries.set(name, made)
  return made
}

function leavesOf({ args: layout }: Entry, args: readonly unknown[], leaves: unknown[]): unknown[] {
  for (let i = 0; i < layout.length; i++) flatten(args[i], layout[i]!, leaves)
  return leaves
}

/** A native kernel as a plain function of its arguments, on at most `threads` threads. */
export function nativeKernel(name: string, threads: number): (...args: readonly unknown[]) => unknown {
  const kernel = entry(name)
  return (...args) => translate(() => kernel.sync(...leavesOf(kernel, args, [threads])))
}

/** Runs a native method on this thread; `onProgress` is called between iterations. */
export function callNative(name: string, args: readonly unknown[], control: Control): unknown {
  const { onProgress, start } = control
  const onIteration =
    onProgress &&
    ((iteration: number, residualNorm: number) =>
      onProgress({ iteration, residualNorm, elapsed: performance.now() - start }))
  const method = entry(name)
  const leaves = leavesOf(method, args, [remaining(control), control.threads, onIteration])
  return assemble(
    translate(() => method.sync(...leaves)),
    method.result,
  )
}

/** Runs a native method on a job's own thread; abort and progress ride on the control block. */
export function startNative(name: string, args: readonly unknown[], control: Control): Promise<unknown> {
  const { signal, onProgress, start } = control
  const block = new Float64Array(new SharedArrayBuffer(BLOCK_BYTES))
  const method = entry(name)
  let job: Promise<unknown>
  try {
    const leaves = leavesOf(method, args, [remaining(control), control.threads, block])
    job = (method.start(...leaves) as Promise<unknown>).then(result => assemble(result, method.result), rethrow)
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
