/*
 * Sketch and solve, coordinate by coordinate (Song, Ye, Yin and Zhang 2023). A = [I; 0], and b's residual is one spike in a row that
 * A does not touch: the solution is zero, and whatever the sketched problem finds is error. A dense operator spreads the spike over
 * all coordinates; a sparse one drops it onto those few whose rows it happens to meet, at full size.
 *
 * npx tsx examples/coordinates.ts [draws] [figure.svg]
 */
import { writeFileSync } from 'node:fs'
import { countSketch, gaussian, type SketchOperator, sketchAndSolveSync, sparseStack, srht } from 'krylov'

const draws = Number(process.argv[2]) || 3
const [m, n, rows] = [2048, 100, 800]
const A = { rows: m, columns: n, values: new Float64Array(m * n) }
for (let j = 0; j < n; j++) A.values[j * n + j] = 1
const b = new Float64Array(m)
b[m - 1] = 1

const operators: Readonly<Record<string, (seed: number) => SketchOperator>> = {
  countSketch: seed => countSketch({ rows, columns: m, seed }),
  'sparseStack, zeta 4': seed => sparseStack({ rows, columns: m, zeta: 4, seed }),
  'sparseStack, zeta 8': seed => sparseStack({ rows, columns: m, zeta: 8, seed }),
  srht: seed => srht({ rows, columns: m, seed }),
  gaussian: seed => gaussian({ rows, columns: m, seed }),
}

/** e with max |x_i| = e / sqrt n ||r|| ||A^+||, and what it is of the whole error: 1 where all coordinates share it, sqrt n where one has it. */
const measure = (S: SketchOperator) => {
  const x = sketchAndSolveSync(S, A, b)
  const largest = Math.sqrt(n) * Math.max(...x.map(Math.abs))
  return { largest, share: largest / Math.hypot(...x) }
}
const median = (values: readonly number[]) => [...values].sort((p, q) => p - q)[Math.floor(values.length / 2)]!

const found = Object.entries(operators).map(([name, make]) => {
  const all = Array.from({ length: draws }, (_, seed) => measure(make(seed)))
  const largest = all.map(draw => draw.largest)
  const shares = all.map(({ share }) => share).filter(Number.isFinite)
  const summary = `median ${median(largest).toFixed(2)}, most ${Math.max(...largest).toFixed(2)}`
  const share = shares.length > 0 ? `, concentrated ${median(shares).toFixed(1)} times` : ', no error at all'
  console.log(`${name.padEnd(20)} ${summary}${share}`)
  return { name, largest }
})
const most = (name: string) => Math.max(...found.find(row => row.name === name)!.largest)
if (!(most('srht') < 2 && most('gaussian') < 2)) throw new Error('a dense operator should spread the error')

/** A strip of dots for each operator. */
function figure(): string {
  const [left, width, strip, top] = [170, 560, 56, 64]
  const x = (value: number) => left + (width * value) / 12
  const text = (at: string, words: string) => `<text ${at} font-family="sans-serif" font-size="13">${words}</text>`
  const strips = found.map(({ name, largest }, k) => {
    const middle = top + strip * (k + 0.5)
    const dots = largest.map((value, at) => {
      const y = middle + ((at * 13) % 29) - 14
      return `<circle cx="${x(value).toFixed(1)}" cy="${y}" r="3" fill="#3366aa" fill-opacity="0.5"/>`
    })
    const mark = `<path d="M${x(median(largest)).toFixed(1)} ${middle - 20}v40" stroke="#cc3311" stroke-width="2"/>`
    return [text(`x="12" y="${middle + 4}"`, name), ...dots, mark].join('\n')
  })
  const bottom = top + strip * found.length
  const ticks = [0, 2, 4, 6, 8, 10, 12].map(
    value =>
      `<path d="M${x(value)} ${top}V${bottom}" stroke="#dddddd"/>${text(`x="${x(value) - 4}" y="${bottom + 18}"`, String(value))}`,
  )
  const title = `Largest error of a coordinate, times sqrt(n) / ||r||: ${draws} draws, ${rows} rows, n = ${n}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="760" height="${bottom + 36}">`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    text('x="12" y="28" font-weight="bold"', title),
    text(
      'x="12" y="48"',
      'dots: draws; red: their median. Dense operators share the error out, sparse ones give it to a few coordinates.',
    ),
    ...ticks,
    ...strips,
    '</svg>\n',
  ].join('\n')
}
const file = process.argv[3]
if (file?.endsWith('.svg')) writeFileSync(file, figure())
