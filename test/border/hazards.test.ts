import { MessageChannel } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { Csr, cg, cgSync, ic0, jacobi, KrylovError, poisson2d, spmv, uniform } from '../../src/index.ts'
import { digest } from '../support/digest.ts'

/* Memory that its owner gives away, shrinks or grows while krylov uses it. */

const A = poisson2d(220)
const b = uniform(1, A.rows)
const options = { maxIterations: 60, preconditioner: jacobi }
const wanted = digest(cgSync(A, b, options).x)
const plain = (vector: Float64Array): Float64Array<ArrayBuffer> => Float64Array.from(vector)

/** Gives a buffer away and reuses its memory for something else. */
function giveAway(...buffers: ArrayBufferLike[]): void {
  for (const buffer of buffers) if (buffer instanceof ArrayBuffer) structuredClone(buffer, { transfer: [buffer] })
  ;(globalThis as { gc?: () => void }).gc?.()
  for (let k = 0; k < 20; k++) new Float64Array(A.rows).fill(Number.NaN)
}

function caught(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error
  }
}

describe('arrays given away after an asynchronous call has started', () => {
  it('right after, by structuredClone', async () => {
    for (let round = 0; round < 10; round++) {
      const [right, guess, values] = [plain(b), plain(b).fill(0), plain(A.values)]
      const solve = cg(A.withValues(values), right, { ...options, x0: guess })
      giveAway(right.buffer, guess.buffer, values.buffer)
      expect(right.length).toBe(0)
      expect(digest((await solve).x)).toBe(wanted)
    }
  })

  it('later, by a message port', async () => {
    const { port1, port2 } = new MessageChannel()
    const right = plain(b)
    const solve = cg(A, right, options)
    await new Promise(setImmediate)
    port1.postMessage(right, [right.buffer])
    expect(digest((await solve).x)).toBe(wanted)
    port1.close()
    port2.close()
  })

  it('arrays of a hand-made record', async () => {
    const { rows, columns } = A
    const record = {
      pattern: {
        rows,
        columns,
        rowPointers: A.pattern.rowPointers.slice(),
        columnIndices: A.pattern.columnIndices.slice(),
      },
      values: plain(A.values),
    }
    const solve = cg(record, b, options)
    giveAway(record.pattern.rowPointers.buffer, record.pattern.columnIndices.buffer, record.values.buffer)
    expect(digest((await solve).x)).toBe(wanted)
    await expect(cg(record, b, options)).rejects.toBeInstanceOf(KrylovError)
  })
})

describe('arrays given away from inside a synchronous call', () => {
  it('by onProgress', () => {
    const [right, guess] = [plain(b), plain(b).fill(0)]
    const solution = cgSync(A, right, {
      ...options,
      x0: guess,
      onProgress: () => {
        if (right.length > 0) giveAway(right.buffer, guess.buffer)
      },
    })
    expect(digest(solution.x)).toBe(wanted)
  })

  it('by a user operator: an error at the next kernel, or the answer', () => {
    const right = plain(b)
    const apply = (x: Float64Array, y: Float64Array) => {
      spmv(A, x, y)
      if (right.length > 0) giveAway(right.buffer)
    }
    const outcome = caught(() => cgSync({ rows: A.rows, columns: A.columns, apply }, right))
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(KrylovError)
  })

  it('by the operator: the vectors it was handed', () => {
    const apply = (x: Float64Array, y: Float64Array) => {
      spmv(A, x, y)
      expect(() => structuredClone(x.buffer, { transfer: [x.buffer as ArrayBuffer] })).toThrow()
    }
    expect(cgSync({ rows: A.rows, columns: A.columns, apply }, b, { rtol: 1e-2 }).converged).toBe(true)
  })
})

describe('buffers that were given away before', () => {
  it('give a KrylovError', async () => {
    const right = plain(b)
    giveAway(right.buffer)
    expect(caught(() => cgSync(A, right))).toMatchObject({ name: 'KrylovError', code: 'ERR_TYPE' })
    await expect(cg(A, right)).rejects.toMatchObject({ name: 'KrylovError', code: 'ERR_TYPE' })
    expect(caught(() => cgSync(A, b, { x0: right }))).toBeInstanceOf(KrylovError)
    expect(caught(() => A.withValues(right))).toBeInstanceOf(KrylovError)
    expect(caught(() => spmv(A, b, right))).toBeInstanceOf(KrylovError)
    const empty = new Float64Array(0)
    giveAway(empty.buffer)
    expect(caught(() => cgSync(poisson2d(3), empty))).toBeInstanceOf(KrylovError)
  })
})

type Resizable = new (bytes: number, options: { maxByteLength: number }) => ArrayBuffer & { resize(n: number): void }
type Growable = new (bytes: number, options: { maxByteLength: number }) => SharedArrayBuffer & { grow(n: number): void }

describe('buffers of changing length', () => {
  const resizable = new (ArrayBuffer as unknown as Resizable)(8 * A.rows, { maxByteLength: 16 * A.rows })
  const growable = new (SharedArrayBuffer as unknown as Growable)(8 * A.rows, { maxByteLength: 16 * A.rows })

  it('are refused as vectors', async () => {
    for (const buffer of [resizable, growable]) {
      const right = new Float64Array(buffer)
      expect(caught(() => cgSync(A, right))).toMatchObject({ name: 'KrylovError', code: 'ERR_TYPE' })
      await expect(cg(A, right)).rejects.toMatchObject({ code: 'ERR_TYPE' })
      expect(caught(() => spmv(A, b, right))).toMatchObject({ code: 'ERR_TYPE' })
    }
  })

  it('are copied as indices, and may then shrink or grow', async () => {
    const { rowPointers, columnIndices } = A.pattern
    const bytes = columnIndices.byteLength
    const shrinks = new (ArrayBuffer as unknown as Resizable)(bytes, { maxByteLength: bytes })
    const grows = new (SharedArrayBuffer as unknown as Growable)(bytes, { maxByteLength: 2 * bytes })
    for (const buffer of [shrinks, grows]) {
      const indices = new Int32Array(buffer)
      indices.set(columnIndices)
      const matrix = Csr.fromArrays(A.rows, A.columns, rowPointers, indices, A.values)
      const solve = cg(matrix, b, options)
      if (buffer === shrinks) shrinks.resize(0)
      else grows.grow(2 * bytes)
      expect(digest((await solve).x)).toBe(wanted)
      expect(digest((await cg(matrix, b, options)).x)).toBe(wanted)
    }
  })
})

it('a script that replaced SharedArrayBuffer cannot make native code write elsewhere', async () => {
  const original = globalThis.SharedArrayBuffer
  for (const forged of [
    undefined,
    class {},
    ArrayBuffer,
    class Small extends original {
      constructor() {
        super(8)
      }
    },
  ]) {
    const fresh = poisson2d(31)
    try {
      globalThis.SharedArrayBuffer = forged as unknown as SharedArrayBufferConstructor
      caught(() => ic0.sync(fresh))
      await ic0(fresh).catch(() => {})
    } finally {
      globalThis.SharedArrayBuffer = original
    }
  }
  expect((await cg(A, b, options)).iterations).toBe(60)
})
