import { expect } from 'vitest'
import type { ErrorCode } from '../../src/core/errors.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'

/*
 * What the tests of misuse share: small things that are wrong, and a way to hand them to typed functions.
 */

/** Something wrong, the code it gets, what the text must name (argument, wanted, given), and the arguments. */
export type Misuse = readonly [what: string, code: ErrorCode, text: RegExp, A: unknown, b: unknown, options?: unknown]

/** A function that takes anything. */
export type Loose = (...args: readonly unknown[]) => unknown

/** What `act` throws. */
export function failure(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return expect.fail('nothing was thrown')
}

export const A = poisson2d(3)
export const b = new Float64Array(9).fill(1)

export const record = (
  rowPointers: number[],
  columnIndices: number[],
  values: number[],
  columns = rowPointers.length - 1,
) => ({
  pattern: {
    rows: rowPointers.length - 1,
    columns,
    rowPointers: Int32Array.from(rowPointers),
    columnIndices: Int32Array.from(columnIndices),
  },
  values: Float64Array.from(values),
})

export function detached(): Float64Array {
  const array = new Float64Array(9).fill(1)
  structuredClone(array.buffer, { transfer: [array.buffer] })
  return array
}

export function resizable(): Float64Array {
  const Resizable = ArrayBuffer as unknown as new (bytes: number, options: object) => ArrayBuffer
  return new Float64Array(new Resizable(72, { maxByteLength: 144 })).fill(1)
}

export const withEntry = (at: number, value: number): Csr =>
  A.withValues(A.values.map((a, k) => (k === at ? value : a)))
export const operator = (apply: unknown) => ({ rows: 9, columns: 9, apply })
