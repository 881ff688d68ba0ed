// npx tsx bench/learned/gate.ts [FILE...]: fractional iterations relative to amg with tuned constants, on systems that training never saw
import { readFileSync } from 'node:fs'
import { normal, uniform } from '../../src/core/random.ts'
import { families } from '../../src/learned/families.ts'
import { learned } from '../../src/learned/learned.ts'
import { decodeWeights } from '../../src/learned/safetensors.ts'
import { shippedWeights } from '../../src/learned/shipped.ts'
import { amg } from '../../src/precondition/amg.ts'
import { fractional, geometric, sets } from './fractional.ts'
import { PLAIN, TUNED } from './tuned.ts'

const SEED = 1000

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
const baselines = {
  'damping tuned': amg(TUNED),
  'damping and ratio tuned': amg(),
  'tuned, W-cycle': amg({ cycle: 'w' }),
}
const names = Object.keys(baselines) as (keyof typeof baselines)[]
const all = names.map(() => weights.map((): number[] => []))
const text = (list: readonly number[]) => `${geometric(list).toFixed(3)} (worst ${Math.max(...list).toFixed(3)})`
for (const [family, size, count] of sets) {
  const ratios = names.map(() => weights.map((): number[] => []))
  const tuned = names.map((): number[] => [])
  for (let s = 0; s < count; s++) {
    const A = families[family](size, { seed: SEED + s })
    const b = normal(31 + s, A.rows)
    const plain = fractional(A, b, amg(PLAIN))
    const ours = weights.map(one => fractional(A, b, learned(one)))
    for (const [at, name] of names.entries()) {
      const classical = fractional(A, b, baselines[name])
      tuned[at]!.push(classical / plain)
      for (const [w, own] of ours.entries()) ratios[at]![w]!.push(own / classical)
    }
  }
  for (const [at, name] of names.entries()) {
    for (const [w, list] of ratios[at]!.entries()) all[at]![w]!.push(...list)
    console.log(
      family,
      size,
      `amg, ${name}:`,
      text(tuned[at]!),
      '| learned relative to it',
      ratios[at]!.map(text).join('  '),
    )
  }
}
for (const [at, name] of names.entries())
  for (const list of [...all[at]!, ...(weights.length > 1 ? [all[at]!.flat()] : [])])
    console.log('all, relative to amg,', name, text(list), '95% below', bound(list).toFixed(3))
