// npx tsx bench/learned/tune.ts: what amg reaches with other constants, which learned preconditioners are compared with
import { normal } from '../../src/core/random.ts'
import { families } from '../../src/learned/families.ts'
import { amg } from '../../src/precondition/amg.ts'
import { fractional, geometric, sets } from './fractional.ts'
import { PLAIN } from './tuned.ts'

const SEED = 700 // of the first system: training and the gate have others
const COUNT = 2 // systems of a set

const systems = sets.map(([family, size, weight]) => {
  const list = Array.from({ length: COUNT }, (_, s) => families[family](size, { seed: SEED + s }))
  return { weight, list: list.map((A, s) => ({ A, b: normal(SEED + s, A.rows) })) }
})

/** The geometric mean of iterations, each set counting as much as in the gate. */
function mean(options: { damping: number; ratio: number }): number {
  let [sum, weights] = [0, 0]
  for (const { weight, list } of systems) {
    sum += weight * Math.log(geometric(list.map(({ A, b }) => fractional(A, b, amg(options)))))
    weights += weight
  }
  return Math.exp(sum / weights)
}

const first = mean(PLAIN)
console.log('relative to damping 4/3 and ratio 5; rows: damping, columns: ratio')
const ratios = [4, 5, 6.5, 8.5]
console.log('damping', ...ratios.map(ratio => ratio.toFixed(1).padStart(6)))
for (const damping of [1.2, 4 / 3, 1.45, 1.5, 1.55, 1.6])
  console.log(
    damping.toFixed(2).padStart(7),
    ...ratios.map(ratio => (mean({ damping, ratio }) / first).toFixed(3).padStart(6)),
  )
