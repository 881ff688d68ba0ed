/*
 * Principal components of rows that never stand in memory together. The triangle R of [1, A] = Q R holds all that is wanted:
 * its first row is the mean, times the root of their number, and what is right and below of it is the triangle of the rows less
 * their mean. R of what came so far and the next rows, one above the other, gives the next R. Unlike sums of products, whose
 * errors are those of the squares, this is as accurate as one QR of everything.
 *
 * npx tsx examples/pca-million-rows.ts --rows 1000000
 */
import { parseArgs } from 'node:util'
import { type Dense, dense, gemmSync, normal, qr, svd } from 'krylov'

const { values: flags } = parseArgs({ strict: false, options: { rows: { type: 'string' } } })
const total = Number(flags.rows ?? 20_000)

const zeros = (rows: number, columns: number): Dense => dense(rows, columns, new Float64Array(rows * columns))

async function pca(blocks: AsyncIterable<Dense>) {
  let [m, R] = [0, zeros(0, 0)]
  for await (const block of blocks) {
    m += block.rows
    R = (await qr(below(R, block), { vectors: false })).r
  }
  const n = R.columns - 1
  const mean = Float64Array.from({ length: n }, (_, j) => R.values[j + 1]! / R.values[0]!)
  const centred = zeros(n, n)
  for (let i = 0; i < n; i++) centred.values.set(R.values.subarray((i + 1) * (n + 1) + 1, (i + 2) * (n + 1)), i * n)
  const { s, v } = await svd(centred)
  return { rows: m, mean, variances: s.map(x => x ** 2 / (m - 1)), axes: v }
}

/** [R; 1 A] */
function below(R: Dense, { rows, columns, values }: Dense): Dense {
  const stacked = zeros(R.rows + rows, columns + 1)
  stacked.values.set(R.values)
  for (let i = 0, at = R.values.length; i < rows; i++, at += columns + 1) {
    stacked.values[at] = 1
    stacked.values.set(values.subarray(i * columns, (i + 1) * columns), at + 1)
  }
  return stacked
}

// Curves at 64 points: a level, 8 waves of random heights, and noise. Their covariance has known eigenvalues and vectors.
const [n, noise, level] = [64, 0.1, 100]
const heights = Float64Array.from({ length: 8 }, (_, k) => 10 / 1.5 ** k)
const waves = zeros(8, n)
for (let k = 0; k < 8; k++)
  for (let i = 0; i < n; i++) waves.values[k * n + i] = Math.sqrt(2 / n) * Math.cos((Math.PI * (k + 1) * (i + 0.5)) / n)

async function* curves(): AsyncGenerator<Dense> {
  for (let first = 0, seed = 1; first < total; first += 10_000, seed++) {
    const rows = Math.min(10_000, total - first)
    const out = dense(
      rows,
      n,
      normal(seed, rows * n).map(x => level + noise * x),
    )
    const random = dense(
      rows,
      8,
      normal(seed, rows * 8, 1).map((x, at) => heights[at % 8]! * x),
    )
    yield gemmSync(random, waves, { beta: 1, out })
  }
}

const begun = performance.now()
const { rows, mean, variances, axes } = await pca(curves())
const seconds = (performance.now() - begun) / 1000
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
console.log(`${rows} rows, ${megabytes(rows * n * 8)}, in ${seconds.toFixed(1)} s`)
console.log(`memory at its peak ${megabytes(process.resourceUsage().maxRSS * 1024)}`)

// an eigenvalue w of a covariance from m rows has the standard error w sqrt(2 / m), the mean sqrt(trace / m)
const far = Math.max(...mean.map(x => Math.abs(x - level)))
if (far > 5 * Math.sqrt(heights.reduce((sum, h) => sum + h ** 2, 0) / rows)) throw new Error(`mean off by ${far}`)
const overlaps = gemmSync(waves, axes)
for (const [k, height] of heights.entries()) {
  const known = height ** 2 + noise ** 2
  const off = Math.abs(variances[k]! / known - 1) / Math.sqrt(2 / rows)
  const cosine = Math.abs(overlaps.values[k * n + k]!)
  console.log(
    `variance ${variances[k]!.toFixed(4)}, ${off.toFixed(1)} standard errors from ${known.toFixed(4)}; cosine ${cosine.toFixed(6)}`,
  )
  if (rows !== total || off > 5 || cosine < 0.99) throw new Error(`component ${k} is not the one that went in`)
}
