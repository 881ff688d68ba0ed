import { describe, expect, it } from 'vitest'
import { normal, uniform } from '../../src/core/random.ts'
import { afterArm, afterReference, referenceIsDue, startBackstop } from '../../src/sequence/backstop.ts'
import type { Learner } from '../../src/sequence/learner.ts'
import { sequence } from '../../src/sequence/sequence.ts'
import { thompson } from '../../src/sequence/thompson.ts'
import { tsallisInf } from '../../src/sequence/tsallis-inf.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'

/* The cost model: cost(arm, step) is what an arm would need to the end; arm 0 is the reference. */

type Table = (arm: number, step: number) => number

/** What a self-tuning sequence pays for this table: the rules of `sequence`, without a solver. */
function total(table: Table, arms: number, steps: number, learner: Learner = thompson({ halfLife: 200 }), seed = 1) {
  let [state, backstop] = [learner.start(arms, seed), startBackstop()]
  let paid = 0
  let reference = 0
  for (let step = 0; step < steps; step++) {
    const due = referenceIsDue(backstop)
    const arm = due ? 0 : learner.choose(state)
    const limit = backstop.budget
    const given = table(arm, step)
    const finished = arm === 0 || given <= limit
    const cost = finished ? given : limit + table(0, step)
    if (!(due && learner.onPolicy)) state = learner.update(state, arm, cost)
    if (finished && arm !== 0) backstop = afterArm(backstop)
    else backstop = afterReference(backstop, table(0, step), finished ? 0 : limit)
    paid += cost
    reference += table(0, step)
  }
  return { paid, reference }
}

const SIZE = 600

/** Losses that nobody would call kind. */
function tables(seed: number): readonly (readonly [string, Table])[] {
  const noise = uniform(seed, 8 * SIZE)
  const waves = normal(seed, 8 * SIZE)
  const at = (arm: number, step: number) => (arm * SIZE + step) % (8 * SIZE)
  const arms = {
    never: () => Number.POSITIVE_INFINITY,
    justOver: () => 1e9,
    anything: (arm: number, step: number) => 10 ** (8 * noise[at(arm, step)]! - 4),
    traps: (arm: number, step: number) => ((step >> 5) % 7 === arm ? 0.01 : Number.POSITIVE_INFINITY),
    turns: (_: number, step: number) => (step < SIZE / 2 ? 0.5 : Number.POSITIVE_INFINITY),
  }
  const references: Record<string, (step: number) => number> = {
    steady: () => 1,
    noisy: step => Math.exp(0.3 * waves[at(0, step)]!),
    growing: step => 1 + step / SIZE,
  }
  return Object.entries(references).flatMap(([name, reference]) =>
    Object.entries(arms).map(([kind, losses]): readonly [string, Table] => [
      `${name} reference, ${kind}`,
      (arm, step) => (arm === 0 ? reference(step) : losses(arm, step)),
    ]),
  )
}

/** Each arm changes its ways at random; the reference wanders, and varies by a third around that. */
function drawn(seed: number): Table {
  const random = uniform(seed, 64 * 8 + 8 * SIZE)
  const waves = normal(seed, SIZE)
  const [drift, spread, epoch] = [2 * random[0]!, 0.33 * random[1]!, 10 + Math.floor(190 * random[2]!)]
  const reference = (step: number) => Math.exp((drift * step) / SIZE + spread * waves[step]!)
  return (arm, step) => {
    if (arm === 0) return reference(step)
    const way = Math.floor(6 * random[((Math.floor(step / epoch) * 8 + arm) % 512) + 3]!)
    const noise = random[512 + (arm % 8) * SIZE + (step % SIZE)] ?? 0.5
    const least = reference(step)
    const ways = [
      Number.POSITIVE_INFINITY,
      0.3,
      10 ** (8 * noise - 4),
      noise < 0.5 ? 0.01 : 1e9,
      0.9 + 0.6 * noise,
      1.3,
    ]
    return ways[way]! * least
  }
}

/** A learner that learns nothing: the promise is the backstop's, not the learner's. */
const unlearning = (name: string, choose: (round: number) => number): Learner => ({
  name,
  options: {},
  start: () => ({ learner: name, round: 0 }),
  choose: state => choose(state.round as number),
  update: state => ({ learner: name, round: (state.round as number) + 1 }),
})
const stubborn = unlearning('always arm 1', () => 1)
const erratic = unlearning('any arm', round => 1 + ((round * 7919) % 5))
const learners = [thompson(), thompson({ halfLife: 50 }), tsallisInf(), stubborn, erratic]

describe('the backstop', () => {
  it.each([1, 2, 3, 4, 5, 6])('keeps any sequence below 2.2 times the reference (seed %i)', seed => {
    for (const [name, table] of tables(seed))
      for (const learner of learners) {
        const { paid, reference } = total(table, 7, SIZE, learner, seed)
        expect(paid / reference, `${name}, ${learner.name}`).toBeLessThanOrEqual(2.2)
      }
  })

  it('keeps tables drawn at random below 2.2 times the reference, and comes near it where arms never end', () => {
    for (let seed = 1; seed <= 60; seed++)
      for (const learner of learners) {
        const { paid, reference } = total(drawn(seed), 6, SIZE, learner, seed)
        expect(paid / reference, `table ${seed}, ${learner.name}`).toBeLessThanOrEqual(2.2)
      }
    const waves = normal(1, SIZE)
    const never: Table = (arm, step) => (arm === 0 ? Math.exp(0.3 * waves[step]!) : Number.POSITIVE_INFINITY)
    const { paid, reference } = total(never, 6, SIZE, stubborn)
    expect(paid / reference).toBeGreaterThan(2.15)
    expect(paid / reference).toBeLessThanOrEqual(2.2)
  })

  it('costs at most 1.5 times the reference where the best arm is swapped every 250 steps', () => {
    for (const seed of [1, 2, 3]) {
      const best: Table = (arm, step) => (arm === 0 ? 1 : arm === 1 + (Math.floor(step / 250) % 5) ? 0.4 : 3)
      const { paid, reference } = total(best, 6, 2000, thompson({ halfLife: 100 }), seed)
      expect(paid / reference).toBeLessThanOrEqual(1.5)
    }
  })

  it('costs little where one arm is best', () => {
    const table: Table = (arm, step) => [1, 0.34, 0.5, 0.36, 0.6, 2, 1.1][arm]! * (1 + 0.1 * Math.sin(step))
    const { paid } = total(table, 7, 2000, thompson())
    let best = 0
    for (let step = 0; step < 2000; step++) best += table(1, step)
    expect(paid / best).toBeLessThanOrEqual(1.15)
  })

  it('switches an arm that is no good for the matrix, and answers all the same', () => {
    const A = diffusion2d(30, { contrast: 1e4, seed: 2 })
    const s = sequence({
      tune: { preconditioner: thompson(), arms: [['ic0'], ['identity'], ['ric0', { omega: 0.99 }]] },
    })
    for (let step = 0; step < 30; step++) {
      const solution = s.solveSync(A, normal(step, A.rows))
      expect(solution.converged).toBe(true)
      if (solution.choice.arm === 1) expect(solution.choice.takenOver).toBe(true)
    }
    const { arms, takenOver } = s.report()
    expect(takenOver).toBeGreaterThan(0)
    expect(arms[2]!.pulls).toBeGreaterThan(15)
  })
})
