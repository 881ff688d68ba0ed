import { float64, int32 } from '../../src/core/shared.ts'
import { type Kind, loopsOf } from '../../src/sequence/kinds.loops.ts'
import { SEED, STREAM } from '../../src/sequence/loops.ts'

/** Settings of every learner that has a native twin. */
export const kinds: readonly Kind[] = [
  { kind: 'thompson', keep: 1 },
  { kind: 'thompson', keep: 0.99 },
  { kind: 'tsallisInf', rate: 4, reduced: true },
  { kind: 'tsallisInf', rate: 2, reduced: false },
  { kind: 'chebCb', features: 6, greed: 8 },
  { kind: 'goldenSection', solves: 3 },
]

/** Arguments of `replay`: `rounds` rounds among five arms in three bins, the learner drawn too. */
export function gameOf(rounds: number, random: () => number, settings = kinds[rounds % kinds.length]!): unknown[] {
  const [arms, count] = [5, 3]
  const loops = loopsOf(settings)
  const size = loops.size(arms)
  const [losses, c, states] = [float64(rounds * arms), float64(rounds), float64(count * size)]
  const [bins, chosen] = [int32(rounds), int32(rounds)]
  for (let bin = 0; bin < count; bin++) {
    const data = states.subarray(bin * size, (bin + 1) * size)
    loops.begin(data, arms)
    data[SEED] = 2 ** 40 + 3
    data[STREAM] = bin
  }
  for (let t = 0; t < rounds; t++) {
    bins[t] = Math.floor(count * random())
    c[t] = 2 * random() - 1
    for (let a = 0; a < arms; a++)
      losses[t * arms + a] = random() < 0.05 ? 0 : 10 ** (3 * random()) * (1 + (a - 3) ** 2 + c[t]!)
  }
  return [settings, losses, bins, c, states, count, chosen]
}
