/*
 * A data set for learning an operator: Darcy flow -div(a grad u) = 1 in the unit square, u = 0 on its boundary, for random
 * conductivities a = exp(g). Fields and solutions go to two NPY files, [count, grid, grid] each, as they are made: neither
 * all systems nor all solutions are ever in memory.
 *
 * npx tsx examples/darcy-dataset.ts --count 1000 --grid 64 --out darcy
 */
import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Csr, createNpy, jacobi, normal, poisson2d, readNpy, solveBatch } from 'krylov'

const { values: flags } = parseArgs({
  strict: false,
  options: { count: { type: 'string' }, grid: { type: 'string' }, out: { type: 'string' } },
})
const count = Number(flags.count ?? 20)
const s = Number(flags.grid ?? 16)
const out = String(flags.out ?? join(tmpdir(), `krylov-darcy-${process.pid}`))

const WAVES = 12
const wave = Array.from({ length: WAVES }, (_, k) =>
  Float64Array.from({ length: s }, (_, i) => Math.cos((Math.PI * k * (i + 0.5)) / s)),
)

/** g: cosines with normal coefficients, of standard deviation 20 / (pi^2 |k|^2 + 9) (Li et al. 2021). */
function field(index: number): Float64Array {
  const xi = normal(index, WAVES * WAVES)
  const half = new Float64Array(WAVES * s)
  for (let k = 0; k < WAVES; k++)
    for (let l = k === 0 ? 1 : 0; l < WAVES; l++) {
      const size = (20 * xi[k * WAVES + l]!) / (Math.PI ** 2 * (k * k + l * l) + 9)
      for (let x = 0; x < s; x++) half[k * s + x]! += size * wave[l]![x]!
    }
  const a = new Float64Array(s * s)
  for (let y = 0; y < s; y++)
    for (let x = 0; x < s; x++) {
      let g = 0
      for (let k = 0; k < WAVES; k++) g += wave[k]![y]! * half[k * s + x]!
      a[y * s + x] = Math.exp(g)
    }
  return a
}

const grid = poisson2d(s) // the pattern that all matrices share
const { rowPointers, columnIndices } = grid.pattern

/** -div(a grad u): an edge has the mean of its two conductivities, one to the boundary its only one. */
function darcy(a: Float64Array): Csr {
  const values = new Float64Array(grid.nonZeros)
  for (let i = 0; i < s * s; i++) {
    let [sum, diagonal] = [4 * a[i]!, 0]
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) {
      const j = columnIndices[k]!
      if (j === i) diagonal = k
      else {
        values[k] = -(a[i]! + a[j]!) / 2
        sum += -a[i]! - values[k]!
      }
    }
    values[diagonal] = sum
  }
  return grid.withValues(values)
}

const b = new Float64Array(s * s).fill(1 / (s + 1) ** 2)
await mkdir(out, { recursive: true })
const inputs = await createNpy(join(out, 'a.npy'), [s, s])
const outputs = await createNpy(join(out, 'u.npy'), [s, s])
const systems = {
  count,
  async system(index: number) {
    const a = field(index)
    await inputs.append(a)
    return { A: darcy(a), b, field: a }
  },
}

const begun = performance.now()
let products = 0
for await (const { index, solution } of solveBatch(systems, { preconditioner: jacobi, rtol: 1e-8 })) {
  if (!solution.converged) throw new Error(`system ${index}: ${solution.reason}`)
  products += solution.products
  await outputs.append(solution.x)
}
await inputs.close()
await outputs.close()
const each = (total: number) => (total / count).toFixed(1)
console.log(
  `${count} solutions on ${s} x ${s} points: ${each(products)} products, ${each(performance.now() - begun)} ms each`,
)

const { shape } = await readNpy(join(out, 'u.npy'))
if (shape.join() !== `${count},${s},${s}`) throw new Error(`u.npy has shape ${shape}`)
if (flags.out === undefined) await rm(out, { recursive: true })
else console.log(`${out}: a.npy, u.npy`)
