// npx tsx bench/learned/gate-factors.ts: iterations with learned factors relative to what they start from; fails where a limit is missed
import { readFileSync } from 'node:fs'
import { normal } from '../../src/core/random.ts'
import { families } from '../../src/learned/families.ts'
import { learned } from '../../src/learned/learned.ts'
import { decodeWeights } from '../../src/learned/safetensors.ts'
import type { Recipe } from '../../src/precondition/recipe.ts'
import { classical, weightFile } from './contenders.ts'
import { fractional, geometric } from './fractional.ts'

const SEED = 1000
const GAIN = 1.3 // from IC(0), in every family that was trained on
const BEHIND = 1.03 // of RIC, on any system

const [fromIc0, fromRic, omega] = ['ic0', 'ric', 'relaxation'].map(name =>
  learned(decodeWeights(name, readFileSync(weightFile(name)))),
) as [Recipe, Recipe, Recipe]

let worst = 0
for (const family of ['diff', 'fem', 'heat', 'aniso', 'blocks'] as const) {
  const trained = ['diff', 'fem', 'heat'].includes(family)
  const gains: number[] = []
  for (const [size, count] of [
    [64, 4],
    [128, 3],
    [256, 2],
  ] as const) {
    const ratios: Record<string, number[]> = {}
    for (let s = 0; s < count; s++) {
      const A = families[family](size, { seed: SEED + s })
      const b = normal(SEED + s, A.rows)
      const [ic0, ric, ict] = classical(A.rows ** -0.5).map(([, recipe]) => fractional(A, b, recipe)) as [
        number,
        number,
        number,
      ]
      const [own, relaxed, chosen] = [fromIc0, fromRic, omega].map(recipe => fractional(A, b, recipe)) as [
        number,
        number,
        number,
      ]
      const found = {
        'IC(0) / from ic0': ic0 / own,
        'from ic0 / RIC': own / ric,
        'from ic0 / ICT+2': own / ict,
        'from ric / RIC': relaxed / ric,
        'omega / RIC': chosen / ric,
      }
      for (const [name, ratio] of Object.entries(found)) ratios[name] = [...(ratios[name] ?? []), ratio]
      if (trained) {
        gains.push(ic0 / own)
        worst = Math.max(worst, relaxed / ric)
      }
    }
    console.log(
      family,
      size,
      Object.entries(ratios)
        .map(([name, list]) => `${name} ${geometric(list).toFixed(3)}`)
        .join(', '),
    )
  }
  if (!trained) continue
  const gain = geometric(gains)
  console.log(
    gain >= GAIN ? 'met   ' : 'MISSED',
    `${family}: ${gain.toFixed(2)} times fewer iterations than IC(0) >= ${GAIN}`,
  )
  if (gain < GAIN) process.exitCode = 1
}
console.log(worst <= BEHIND ? 'met   ' : 'MISSED', `from ric at most ${worst.toFixed(3)} of RIC's <= ${BEHIND}`)
if (worst > BEHIND) process.exitCode = 1
