import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { setThreads } from '../../src/core/backend.ts'
import { float64, int32 } from '../../src/core/shared.ts'
import type { CsrData, Dense } from '../../src/core/types.ts'
import { randomizedSvdSync } from '../../src/lowrank/randomized-svd.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { serve } from './serve.ts'

/* krylov as a contender on low rank: answers `method FILE 0 rank` lines; the triplets of the last one go to FILE.krylov. */

setThreads(Number(process.env.KRYLOV_THREADS ?? 1))

/** See lowrank_problem.py. */
function read(file: string): Dense | CsrData {
  const descriptor = openSync(file, 'r')
  const fill = <T extends Int32Array | Float64Array>(part: T): T => {
    const bytes = new Uint8Array(part.buffer, part.byteOffset, part.byteLength)
    for (let at = 0; at < bytes.length; )
      at += readSync(descriptor, bytes, at, Math.min(bytes.length - at, 2 ** 30), null)
    return part
  }
  const [kind = 0, rows = 0, columns = 0, entries = 0] = fill(int32(4))
  try {
    if (kind === 0) return { rows, columns, values: fill(float64(rows * columns)) }
    const rowPointers = fill(int32(rows + 1))
    const columnIndices = fill(int32(entries))
    return Csr.fromArrays(rows, columns, rowPointers, columnIndices, fill(float64(entries)))
  } finally {
    closeSync(descriptor)
  }
}

let made: { readonly file: string; readonly A: Dense | CsrData } | undefined

await serve('krylov', ({ preconditioner: file, count: rank }) => {
  if (made?.file !== file) made = { file, A: read(file) }
  const begun = performance.now()
  const { u, s, v, products } = randomizedSvdSync(made.A, { rank, seed: 1 })
  const solve = performance.now() - begun
  const out = openSync(`${file}.krylov`, 'w')
  for (const part of [u.values, s, v.values])
    writeSync(out, new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
  closeSync(out)
  return { setup: 0, solve, iterations: products, relativeResidual: 0 }
})
