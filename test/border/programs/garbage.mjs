// Solves systems one after the other that nobody keeps: argv: bundle, systems. Prints how many megabytes of arrays lay about
// at most, though nobody asks for a collection.
import { pathToFileURL } from 'node:url'

const [, , bundle, count] = process.argv
const { cgSync, poisson2d, ric0 } = await import(pathToFileURL(bundle).href)
const grid = poisson2d(128)
const b = new Float64Array(grid.rows).fill(1)

let most = 0
for (let i = 0; i < Number(count); i++) {
  const A = grid.withValues(grid.values.map(value => value * (1 + i / 1000)))
  cgSync(A, b, { preconditioner: ric0, maxIterations: 2 })
  most = Math.max(most, process.memoryUsage().arrayBuffers / 1e6)
}
console.log(JSON.stringify({ most }))
