import { expect } from 'vitest'

/** What differs from run to run, and is no part of the answer. */
const VOLATILE = new Set(['time', 'threads'])

/** Everything in a result but its times, typed arrays as their bits. */
function bits(value: unknown): unknown {
  if (value instanceof Float64Array) return Array.from(new BigUint64Array(value.slice().buffer), String)
  if (ArrayBuffer.isView(value)) return Array.from(value as Int32Array)
  if (Array.isArray(value)) return value.map(bits)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => !VOLATILE.has(key))
  return Object.fromEntries(entries.map(([key, entry]) => [key, bits(entry)]))
}

/** Runs both forms of a method on the same arguments, insists on the same bits, and returns the answer. */
export async function both<Args extends readonly unknown[], R>(
  sync: (...args: Args) => R,
  async: (...args: Args) => Promise<R>,
  ...args: Args
): Promise<R> {
  const blocking = sync(...args)
  const awaited = await async(...args)
  expect(bits(awaited)).toEqual(bits(blocking))
  return blocking
}
