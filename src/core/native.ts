import { whenAborted } from './abort.ts'
import { stayAwake } from './awake.ts'
import { native } from './backend.ts'
import type { Control } from './control.ts'
import { KrylovError } from './errors.ts'
import { assemble, flatten, type Layout } from './leaves.ts'
import { sharedFloat64 } from './shared.ts'

/*
 * One call of a native method. The control block is shared memory that the job polls and writes:
 * int32[0] cancel, float64[1] iteration, float64[2] residual norm, float64[3] bytes of workspace once it has ended.
 */

const BLOCK_BYTES = 32
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
  return (...args) => translate(name, () => kernel.sync(...leavesOf(kernel, args, [threads])))
}

/** `onProgress` could detach an array of the user's that native code is reading: it gets a copy. */
function borrowNothing(leaf: unknown, at: number, leaves: unknown[]): void {
  if (leaf instanceof Float64Array) leaves[at] = sharedFloat64(leaf)
}

/** A native method whose arguments are leaves, on this thread, without anything around it. */
export function directNative(name: string, threads: number): (...args: readonly unknown[]) => unknown {
  const { sync } = entry(name)
  return (...args) => sync(Number.POSITIVE_INFINITY, threads, undefined, ...args)
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
  if (onIteration !== undefined) leaves.forEach(borrowNothing)
  return assemble(
    translate(control.method, () => method.sync(...leaves)),
    method.result,
  )
}

/**
 * Runs a native method on a job's own thread; abort and progress ride on the control block. On abort, or where
 * `onProgress` throws, the promise rejects at once and the job drains on memory it owns.
 */
export function startNative(name: string, args: readonly unknown[], control: Control): Promise<unknown> {
  const block = new Float64Array(new SharedArrayBuffer(BLOCK_BYTES))
  const method = entry(name)
  const leaves = leavesOf(method, args, [remaining(control), control.threads, block])
  const job = translate(control.method, () => method.start(...leaves) as Promise<unknown>)
  return new Promise((resolve, reject) => {
    const watch = watchJob(block, control, reject)
    const ended = stayAwake()
    job.then(
      result => {
        ended()
        watch.end()
        resolve(assemble(result, method.result))
      },
      error => {
        ended()
        watch.end()
        reject(retyped(control.method, error))
      },
    )
  })
}

/** Passes an abort on to a job and its progress to the user, until either fails or `end` is called. */
function watchJob(
  block: Float64Array,
  { signal, onProgress, start }: Control,
  fail: (error: unknown) => void,
): { readonly end: () => void } {
  let watching = true
  let seen = 0
  const stop = () => {
    watching = false
    clearInterval(timer)
    forget?.()
  }
  const giveUp = (error: unknown) => {
    stop()
    Atomics.store(new Int32Array(block.buffer), 0, 1)
    fail(error)
  }
  const report = () => {
    if (!watching || onProgress === undefined || block[1] === seen) return
    seen = block[1]!
    try {
      onProgress({ iteration: seen, residualNorm: block[2]!, elapsed: performance.now() - start })
    } catch (error) {
      giveUp(error)
    }
  }
  const timer = onProgress && setInterval(report, PROGRESS_EVERY)
  const forget = signal && whenAborted(signal, () => giveUp(signal.reason))
  return {
    end: () => {
      report()
      stop()
    },
  }
}

const remaining = ({ deadline }: Control): number =>
  deadline === Number.POSITIVE_INFINITY ? deadline : Math.max(0, deadline - performance.now())

function translate<T>(method: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw retyped(method, error)
  }
}

/** The border throws plain errors with a code of ours; users see one error class. */
function retyped(method: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof KrylovError) return error
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && code.startsWith('ERR_KRYLOV_')
    ? new KrylovError(code.replace('KRYLOV_', '') as KrylovError['code'], `${method}: ${error.message}`)
    : error
}
