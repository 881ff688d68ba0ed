// npx tsx bench/learned/gate.ts [FILE...]: fractional iterations relative to amg with a tuned damping, on systems that training never saw
import { readFileSync } from 'node:fs'
import { normal, uniform } from '../../src/core/random.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import { families } from '../../src/learned/families.ts'
import { learned } from '../../src/learned/learned.ts'
import { decodeWeights } from '../../src/learned/safetensors.ts'
import { shippedWeights } from '../../src/learned/shipped.ts'
import { amg } from '../../src/precondition/amg.ts'
import type { Recipe } from '../../src/precondition/recipe.ts'
import type { Csr } from '../../src/sparse/csr.ts'

const SEED = 1000
const TUNED = 1.45 // the best of 1, 1.2, 4/3, 1.45 and 1.6 on seeds 700 to 702
const TOLERANCE = 1e-8

const sets: readonly (readonly [keyof typeof families, size: number, count: number])[] = [
  ['diff', 128, 10],
  ['fem', 128, 10],
  ['diff', 256, 5],
  ['fem', 256, 5],
  ['heat', 128, 5],
  ['aniso', 128, 5],
  ['diff3d', 25, 5],
]

/** Iterations to the tolerance, between two of them by the logarithm of the residual. */
function iterations(A: Csr, b: Float64Array, preconditioner: Recipe): number {
  const { history: h = new Float64Array(0) } = cgSync(A, b, { preconditioner, history: true })
  const target = TOLERANCE * h[0]!
  const i = h.findIndex(norm => norm <= target)
  return i < 1 ? h.length - 1 : i - 1 + Math.log(h[i - 1]! / target) / Math.log(h[i - 1]! / h[i]!)
}

const geometric = (list: readonly number[]): number =>
  Math.exp(list.reduce((sum, value) => sum + Math.log(value), 0) / list.length)

/** The bound that 95% of resampled geometric means stay below. */
function bound(list: readonly number[]): number {
  const means = Array.from({ length: 2000 }, (_, round) => {
    const draws = uniform(round, list.length)
    return geometric(list.map((_, at) => list[Math.floor(draws[at]! * list.length)]!))
  })
  return means.sort((a, b) => a - b)[Math.floor(0.95 * means.length)]!
}

const files = process.argv.slice(2)
const weights = files.length === 0 ? [shippedWeights()] : files.map(file => decodeWeights(file, readFileSync(file)))
const all: number[][] = weights.map(() => [])
const text = (list: readonly number[]) => `${geometric(list).toFixed(3)} (worst ${Math.max(...list).toFixed(3)})`
for (const [family, size, count] of sets) {
  const ratios: number[][] = weights.map(() => [])
  const plain: number[] = []
  for (let s = 0; s < count; s++) {
    const A = families[family](size, { seed: SEED + s })
    const b = normal(31 + s, A.rows)
    const classical = iterations(A, b, amg({ damping: TUNED }))
    plain.push(classical / iterations(A, b, amg))
    for (const [at, one] of weights.entries()) ratios[at]!.push(iterations(A, b, learned(one)) / classical)
  }
  for (const [at, list] of ratios.entries()) all[at]!.push(...list)
  console.log(family, size, 'tuned / default', text(plain), '| learned / tuned', ratios.map(text).join('  '))
}
for (const list of all) console.log('all', text(list), '95% below', bound(list).toFixed(3))
