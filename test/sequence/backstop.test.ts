import { describe, expect, it } from 'vitest'
import { normal, uniform } from '../../src/core/random.ts'
import { afterArm, afterReference, referenceIsDue, startBackstop } from '../../src/sequence/backstop.ts'
import { sequence } from '../../src/sequence/sequence.ts'
import { thompson } from '../../src/sequence/thompson.ts'
import { tsallisInf } from '../../src/sequence/tsallis-inf.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'

/* The cost model: cost(arm, step) is what an arm would need to the end; arm 0 is the reference. */

type Table = (arm: number, step: number) => number

/** What a self-tuning sequence pays for this table: the rules of `sequence`, without a solver. */
function total(table: Table, arms: number, steps: number, learner = thompson({ halfLife: 200 }), seed = 1) {
  let [state, backstop] = [learner.start(arms, seed), startBackstop()]
  let paid = 0
  let reference = 0
  for (let step = 0; step < steps; step++) {
    const arm = referenceIsDue(backstop) ? 0 : learner.choose(state)
    const limit = backstop.budget
    const given = table(arm, step)
    const finished = arm === 0 || given <= limit
    const cost = finished ? given : limit + table(0, step)
    state = learner.update(state, arm, cost)
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

describe('the backstop', () => {
  it.each([1, 2, 3, 4, 5, 6])('keeps any sequence below 2.2 times the reference (seed %i)', seed => {
    for (const [name, table] of tables(seed))
      for (const learner of [thompson(), thompson({ halfLife: 50 }), tsallisInf()]) {
        const { paid, reference } = total(table, 7, SIZE, learner, seed)
        expect(paid / reference, `${name}, ${learner.name}`).toBeLessThanOrEqual(2.2)
      }
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
