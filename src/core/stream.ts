import { refuse } from './errors.ts'
import type { Call } from './method.ts'
import { ask, type Steps } from './steps.ts'

/** Whether a matrix argument is a stream of blocks of rows. */
export const isStream = <T>(A: unknown): A is AsyncIterable<T> =>
  typeof A === 'object' && A !== null && Symbol.asyncIterator in A

/** Hands each block of a stream to `use`; where that fails the stream is let go. Asynchronous form only. */
export function* eachBlock<T>(call: Call, stream: AsyncIterable<T>, use: (block: T) => Steps<void>): Steps<void> {
  if (call.form === 'sync') {
    const promise = call.name.replace(/Sync$/, '')
    throw refuse('ERR_OPTION', call.name, 'A', `a matrix: a stream needs ${promise}`, 'a stream')
  }
  const iterator = yield* ask('A', () =>
    (stream[Symbol.asyncIterator] as (() => AsyncIterator<T>) | undefined)?.call?.(stream),
  )
  if (typeof iterator?.next !== 'function')
    throw refuse('ERR_TYPE', call.name, 'A', 'a matrix, or an asynchronous iterable of its rows', stream)
  try {
    for (;;) {
      const next = yield* ask('A', () => iterator.next())
      if (typeof next !== 'object' || next === null)
        throw refuse('ERR_TYPE', call.name, 'A', 'an asynchronous iterable of rows', stream)
      if (next.done) return
      yield* use(next.value)
    }
  } catch (error) {
    void Promise.resolve(iterator.return?.()).catch(() => {})
    throw error
  }
}
