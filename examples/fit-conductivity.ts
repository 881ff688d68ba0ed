import { writeFileSync } from 'node:fs'
import { Csr, ic0, solveVjp } from 'krylov'

/*
 * Heat conduction -div(k grad u) = 1 on a square: a conductivity field k is recovered from temperatures that were measured in every
 * cell, by gradient descent (Barzilai and Borwein's steps) through the sparse solve. A file that is named gets the course of it.
 */

const cells = 24
const n = cells * cells
const at = (x: number, y: number) => x * cells + y

/** The pattern: each cell and its neighbours; and for every entry the two cells between which its heat flows. */
const [i, j, from, to]: [number[], number[], number[], number[]] = [[], [], [], []]
for (let x = 0; x < cells; x++)
  for (let y = 0; y < cells; y++)
    for (const [dx, dy] of [
      [0, 1],
      [1, 0],
      [0, -1],
      [-1, 0],
    ] as const) {
      const inside = x + dx >= 0 && x + dx < cells && y + dy >= 0 && y + dy < cells
      const [here, there] = [at(x, y), inside ? at(x + dx, y + dy) : at(x, y)]
      i.push(here)
      j.push(here)
      from.push(here)
      to.push(there)
      if (!inside) continue // outside is cold, through the cell's own conductivity
      i.push(here)
      j.push(there)
      from.push(here)
      to.push(there)
    }
const signs = i.map((row, e) => (row === j[e] ? 1 : -1))
const empty = Csr.fromTriplets(n, n, i, j, signs)
const { rowPointers, columnIndices } = empty.pattern
const place = i.map((row, e) => {
  const end = rowPointers[row + 1]!
  return columnIndices.subarray(rowPointers[row]!, end).indexOf(j[e]!) + rowPointers[row]!
})

/** The matrix of a field k = e^m: faces conduct as the mean of their cells does. */
function matrix(m: Float64Array): Csr {
  const values = new Float64Array(empty.values.length)
  for (const [e, p] of place.entries()) values[p]! += (signs[e]! * (Math.exp(m[from[e]!]!) + Math.exp(m[to[e]!]!))) / 2
  return empty.withValues(values)
}

const b = new Float64Array(n).fill(1 / cells ** 2)
const truth = Float64Array.from({ length: n }, (_, c) => {
  const [x, y] = [Math.floor(c / cells) / cells - 0.5, (c % cells) / cells - 0.5]
  return Math.hypot(x - 0.1, y + 0.1) < 0.25 ? 1 : 0
})
const measured = (await solveVjp(matrix(truth), b, { preconditioner: ic0, rtol: 1e-12 })).value

let solves = 0
let [forth, back] = [0, 0] // milliseconds of solves, and of their adjoint ones
/** Half the squared distance from the measurements, relative to them, and its gradient with respect to m. */
async function misfit(m: Float64Array, wanted = true): Promise<{ loss: number; gradient: Float64Array }> {
  const begun = performance.now()
  const { value, pullback, accurate } = await solveVjp(matrix(m), b, { preconditioner: ic0, rtol: 1e-12 })
  const between = performance.now()
  solves++
  const size = measured.reduce((sum, u) => sum + u * u, 0)
  const residual = value.map((u, c) => (u - measured[c]!) / size)
  const loss = 0.5 * size * residual.reduce((sum, r) => sum + r * r, 0)
  const gradient = new Float64Array(n)
  if (!accurate) throw new Error('the solve missed its tolerance')
  if (!wanted) return { loss, gradient }
  const found = await pullback(residual)
  if (!found.accurate) throw new Error('the adjoint solve missed its tolerance')
  for (const [e, p] of place.entries()) {
    const slope = (found.A[p]! * signs[e]!) / 2
    gradient[from[e]!]! += slope * Math.exp(m[from[e]!]!)
    gradient[to[e]!]! += slope * Math.exp(m[to[e]!]!)
  }
  forth += between - begun
  back += performance.now() - between
  return { loss, gradient }
}

// the gradient against central differences, along one direction
const m0 = new Float64Array(n)
const direction = Float64Array.from({ length: n }, (_, c) => Math.sin(c))
const step = 1e-5
const along = (t: number) =>
  misfit(
    m0.map((m, c) => m + t * direction[c]!),
    false,
  )
const difference = ((await along(step)).loss - (await along(-step)).loss) / (2 * step)
const start = await misfit(m0)
const slope = start.gradient.reduce((sum, g, c) => sum + g * direction[c]!, 0)
if (!(Math.abs(slope / difference - 1) < 1e-6)) throw new Error(`gradient ${slope} against differences ${difference}`)

let [m, now] = [m0, start]
let length = 0.3 / Math.max(...start.gradient.map(Math.abs))
const history = [now.loss]
const errors = [error(m0)]
for (let iteration = 0; iteration < 120; iteration++) {
  const next = m.map((x, c) => x - length * now.gradient[c]!)
  const there = await misfit(next)
  const [ds, dg] = [next.map((x, c) => x - m[c]!), there.gradient.map((g, c) => g - now.gradient[c]!)]
  const curvature = ds.reduce((sum, d, c) => sum + d * dg[c]!, 0)
  length = curvature > 0 ? ds.reduce((sum, d) => sum + d * d, 0) / curvature : 2 * length
  ;[m, now] = [next, there]
  history.push(now.loss)
  errors.push(error(m))
}
if (process.argv[2] !== undefined) writeFileSync(process.argv[2], JSON.stringify({ cells, history, errors }))
console.log(
  `${cells} x ${cells} cells, ${solves} solves and as many adjoint ones of ${((100 * back) / forth).toFixed(0)}% of their time`,
)
console.log(
  `misfit ${history[0]!.toExponential(1)} -> ${now.loss.toExponential(1)}, error of the field 1 -> ${error(m).toFixed(2)}`,
)
for (let x = 0; x < cells; x += 2)
  console.log(
    Array.from({ length: cells }, (_, y) => ' .:-=+*#%@'[Math.max(0, Math.min(9, Math.round(9 * m[at(x, y)]!)))]).join(
      '',
    ),
  )
if (!(now.loss < 1e-3 * history[0]!) || !(error(m) < 0.7)) throw new Error('the field was not recovered')

/** Of a field, relative to the one that is looked for. */
function error(field: Float64Array): number {
  return Math.hypot(...field.map((x, c) => x - truth[c]!)) / Math.hypot(...truth)
}
