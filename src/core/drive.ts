import { whenAborted } from './abort.ts'
import type { Control } from './control.ts'
import { refuse } from './errors.ts'
import { kernelsFor } from './kernels.ts'
import { callNative, startNative } from './native.ts'
import type { Iteration, Steps, Yielded } from './steps.ts'

/*
 * The two drivers: the same steps, run to the end at once, or in slices of 8 ms with the event loop between.
 */

const SLICE = 8 // milliseconds: half of a 60 Hz frame, so that timers of 10 ms stay near their time
const SHARED = 2 // milliseconds where several calls take turns, so that files and timers have theirs soon

/** Calls that wait for their next slice, in order. */
const waiting: (() => void)[] = []

const endOfSlice = (): number => performance.now() + (waiting.length === 0 ? SLICE : SHARED)

/** Lets the event loop go round, once for each call that waits: only one of them has a slice between two rounds. */
export function pause(): Promise<void> {
  return new Promise(resume => {
    waiting.push(resume)
    if (waiting.length === 1) setImmediate(nextSlice)
  })
}

function nextSlice(): void {
  waiting.shift()!()
  if (waiting.length > 0) setImmediate(nextSlice)
}

/** Runs `steps` to their end on this thread. */
export function runSync<R>(steps: Steps<R>, control: Control): R {
  control.signal?.throwIfAborted()
  let answer: unknown
  for (;;) {
    const { done, value } = steps.next(answer)
    if (done) return value
    answer = answerSync(value, control)
  }
}

function answerSync(request: Yielded, control: Control): unknown {
  switch (request.kind) {
    case 'tick':
      return undefined
    case 'kernels':
      return kernelsFor(control.threads)
    case 'iteration':
      report(request, control)
      return performance.now() >= control.deadline
    case 'native':
      return callNative(request.name, request.args, control)
    case 'ask': {
      const result = request.call()
      if (isThenable(result)) {
        result.then(undefined, () => {}) // refused below: its own failure must not surface as unhandled
        throw refuse('ERR_OPTION', control.method, request.who, 'a synchronous function', result)
      }
      return result
    }
  }
}

/** Runs `steps` in slices between events; rejects at once with the signal's reason when aborted. */
export async function runAsync<R>(steps: Steps<R>, control: Control): Promise<R> {
  const { signal } = control
  signal?.throwIfAborted()
  let sliceEnd = endOfSlice()
  let answer: unknown
  for (;;) {
    const { done, value } = steps.next(answer)
    if (done) return value
    answer = undefined
    if (value.kind === 'kernels') {
      answer = kernelsFor(control.threads)
      continue
    }
    if (value.kind === 'native') {
      signal?.throwIfAborted()
      answer = await startNative(value.name, value.args, control)
      sliceEnd = endOfSlice()
      continue
    }
    if (value.kind === 'ask') {
      answer = value.call()
      if (isThenable(answer)) {
        answer = await abortable(Promise.resolve(answer), signal)
        sliceEnd = endOfSlice()
      }
      signal?.throwIfAborted()
    }
    const now = performance.now()
    if (value.kind === 'iteration') {
      if (control.onProgress !== undefined) reportEvery16(value, control, now)
      answer = now >= control.deadline
    }
    if (now >= sliceEnd) {
      await pause()
      signal?.throwIfAborted()
      sliceEnd = endOfSlice()
    }
  }
}

function report({ iteration, residualNorm }: Iteration, { onProgress, start }: Control): void {
  onProgress?.({ iteration, residualNorm, elapsed: performance.now() - start })
}

const lastReport = new WeakMap<Control, number>()

function reportEvery16(request: Iteration, control: Control, now: number): void {
  if (now - (lastReport.get(control) ?? Number.NEGATIVE_INFINITY) < 16) return
  lastReport.set(control, now)
  report(request, control)
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'

/** `promise`, or the signal's reason as soon as it is aborted; what still runs then drains on memory it owns. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    const forget = whenAborted(signal, () => reject(signal.reason))
    promise.then(resolve, reject).finally(forget)
  })
}
