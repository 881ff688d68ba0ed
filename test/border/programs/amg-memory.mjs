// How much memory multigrid's set-up takes beyond its matrix, in matrices. argv: bundle, family, size. Linux counts it:
// writing 5 to clear_refs begins a new maximum. The matrix is made by another process, whose garbage would be reused.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

const [, , bundle, family, size, file] = process.argv
const { amg, cgSync, Csr, normal, ...gallery } = await import(pathToFileURL(bundle).href)
const bytes = key =>
  1024 * Number(new RegExp(`${key}:\\s+(\\d+) kB`).exec(readFileSync('/proc/self/status', 'utf8'))[1])

if (file !== undefined) {
  const { rows, values, pattern } = gallery[family](
    Number(size),
    family === 'delaunayLaplacian' ? { seed: 1 } : undefined,
  )
  const parts = [Int32Array.of(rows, values.length), values, pattern.rowPointers, pattern.columnIndices]
  writeFileSync(file, Buffer.concat(parts.map(part => Buffer.from(part.buffer, part.byteOffset, part.byteLength))))
} else {
  const target = `${bundle}.${process.pid}.csr`
  spawnSync(process.execPath, [fileURLToPath(import.meta.url), bundle, family, size, target])
  const shared = new SharedArrayBuffer(readFileSync(target).length)
  new Uint8Array(shared).set(readFileSync(target))
  rmSync(target)
  const [n, nnz] = new Int32Array(shared, 0, 2)
  const A = Csr.fromArrays(
    n,
    n,
    new Int32Array(shared, 8 + 8 * nnz, n + 1),
    new Int32Array(shared, 12 + 8 * nnz + 4 * n, nnz),
    new Float64Array(shared, 8, nnz),
  )
  const small = gallery.poisson2d(60)
  cgSync(small, normal(1, small.rows), { preconditioner: amg })
  globalThis.gc()
  const matrix = 12 * nnz + 4 * n
  const begin = () => {
    writeFileSync('/proc/self/clear_refs', '5')
    return bytes('VmRSS')
  }
  const before = begin()
  const M = amg.sync(A)
  const peak = (bytes('VmHWM') - before) / matrix
  const kept = (bytes('VmRSS') - before) / matrix
  const later = begin()
  const { iterations } = cgSync(A, normal(1, n), { preconditioner: M })
  const solve = (bytes('VmHWM') - later) / matrix
  console.log(JSON.stringify({ peak, kept, solve, iterations }))
}
