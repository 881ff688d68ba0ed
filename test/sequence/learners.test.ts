import { describe, expect, it } from 'vitest'
import { normal, uniform } from '../../src/core/random.ts'
import { binned } from '../../src/sequence/binned.ts'
import { chebCb } from '../../src/sequence/cheb-cb.ts'
import { goldenSection } from '../../src/sequence/golden-section.ts'
import { type Learner, type LearnerState, plainState, restoredState } from '../../src/sequence/learner.ts'
import { thompson } from '../../src/sequence/thompson.ts'
import { tsallisInf } from '../../src/sequence/tsallis-inf.ts'
import { failure, type Loose } from '../support/misuse.ts'

const learners: readonly (readonly [string, Learner])[] = [
  ['thompson', thompson()],
  ['thompson, drifting', thompson({ halfLife: 200 })],
  ['tsallisInf', tsallisInf()],
  ['tsallisInf, iw', tsallisInf({ estimator: 'iw' })],
  ['chebCb', chebCb({ range: [0.01, 10], scale: 'log' })],
  ['binned thompson', binned(thompson(), { bins: 4, scale: 'log', range: [0.01, 10] })],
  ['goldenSection', goldenSection()],
]

const ARMS = 12

/** All of a state: JSON writes doubles so that they come back to the bit. */
const digest = (state: LearnerState): string => JSON.stringify(plainState(state))

/** Plays `rounds` rounds; returns the arms and the last state. */
function play(learner: Learner, rounds: number, cost: (arm: number, round: number) => number, seed = 1) {
  let state = learner.start(ARMS, seed)
  const arms: number[] = []
  for (let t = 0; t < rounds; t++) {
    const context = [0.02 * 400 ** ((t % 97) / 97)]
    const arm = learner.choose(state, context)
    state = learner.update(state, arm, cost(arm, t), context)
    arms.push(arm)
  }
  return { arms, state }
}

describe.each(learners)('%s', (_, learner) => {
  const noise = normal(5, 4000)
  const valley = (arm: number, t: number) => Math.max(0, 20 + 2 * (arm - 7) ** 2 + noise[t % 4000]!)

  it('finds the best arm among noisy losses', () => {
    const { arms } = play(learner, 4000, valley)
    const late = arms.slice(2000)
    const mean = late.reduce((sum, arm) => sum + 20 + 2 * (arm - 7) ** 2, 0) / late.length
    expect(mean).toBeLessThan(24) // 49 for all arms alike
  })

  it('learns the same from losses in other units', () => {
    const { arms } = play(learner, 300, valley)
    expect(play(learner, 300, (arm, t) => 1024 * valley(arm, t)).arms).toEqual(arms)
  })

  it('never changes a state, and chooses the same again', () => {
    const { state } = play(learner, 50, valley)
    const before = digest(state)
    const arm = learner.choose(state, [1])
    learner.update(state, arm, 3, [1])
    expect(learner.choose(state, [1])).toBe(arm)
    expect(digest(state)).toBe(before)
  })

  it('goes through JSON to the bit, and refuses another shape', () => {
    const { state } = play(learner, 100, valley)
    const saved = JSON.parse(JSON.stringify(plainState(state)))
    expect(digest(restoredState('test', saved, learner.start(ARMS, 1)))).toBe(digest(state))
    expect(failure(() => restoredState('test', saved, learner.start(ARMS + 1, 1)))).toMatchObject({
      code: 'ERR_FORMAT',
    })
    expect(failure(() => restoredState('test', null, learner.start(ARMS)))).toMatchObject({ code: 'ERR_FORMAT' })
  })

  it('refuses losses that are none, and arms that are not there', () => {
    const state = learner.start(3)
    for (const loss of [Number.NaN, -1, Number.POSITIVE_INFINITY])
      expect(failure(() => learner.update(state, 0, loss, [1]))).toMatchObject({ code: 'ERR_NOT_FINITE' })
    for (const arm of [-1, 3, 0.5, Number.NaN])
      expect(failure(() => learner.update(state, arm, 1, [1]))).toMatchObject({ code: 'ERR_INDEX' })
    for (const arms of [0, 1.5, Number.NaN])
      expect(failure(() => learner.start(arms))).toMatchObject({ code: 'ERR_OPTION' })
  })

  it('survives losses that are zero, equal, or of any size', () => {
    const sizes = uniform(3, 500)
    for (const cost of [() => 0, () => 1, (_: number, t: number) => 10 ** (40 * sizes[t]! - 20)]) {
      const { arms } = play(learner, 500, cost)
      expect(arms.every(arm => Number.isInteger(arm) && arm >= 0 && arm < ARMS)).toBe(true)
    }
    expect(learner.choose(learner.start(1), [1])).toBe(0)
  })
})

describe('contextual learners', () => {
  it.each([learners[4]!, learners[5]!])('%s: another arm for another context', (_, learner) => {
    const best = (c: number) => (c < 0.3 ? 2 : 9)
    let state = learner.start(ARMS, 3)
    let late = 0
    for (let t = 0; t < 6000; t++) {
      const c = 0.02 * 400 ** ((t % 101) / 101)
      const arm = learner.choose(state, [c])
      const loss = 10 + 3 * Math.abs(arm - best(c))
      state = learner.update(state, arm, loss, [c])
      if (t >= 4000) late += loss / 2000
    }
    expect(late).toBeLessThan(13.5) // 10 is the best; one arm for all contexts costs 20
  })

  it.each([learners[4]!, learners[5]!])('%s: clips, and wants a context', (_, learner) => {
    const { state } = play(learner, 200, arm => 1 + arm)
    expect(learner.choose(state, [1e9])).toBe(learner.choose(state, [10]))
    expect(learner.choose(state, [0])).toBe(learner.choose(state, [0.01]))
    expect(failure(() => learner.choose(state))).toMatchObject({ code: 'ERR_SHAPE' })
    expect(failure(() => learner.choose(state, [Number.NaN]))).toMatchObject({ code: 'ERR_NOT_FINITE' })
  })

  it('refuse options that are none', () => {
    const wrong: readonly (readonly [Loose, ...unknown[]])[] = [
      [binned as Loose, thompson(), { bins: 0, range: [0, 1] }],
      [binned as Loose, thompson(), { range: [1, 0] }],
      [binned as Loose, thompson(), { range: [0, 1], scale: 'log' }],
      [binned as Loose, 3, { range: [0, 1] }],
      [chebCb as Loose, { range: [0, 1], features: 0 }],
      [chebCb as Loose, {}],
      [thompson as Loose, { halflife: 2 }],
      [tsallisInf as Loose, { estimator: 'x' }],
      [goldenSection as Loose, { solves: 0 }],
    ]
    for (const [make, ...args] of wrong) expect(failure(() => make(...args))).toMatchObject({ code: 'ERR_OPTION' })
  })
})

describe('thompson', () => {
  it('follows costs that drift where it may forget', () => {
    const swap = (arm: number, t: number) => (arm === (Math.floor(t / 500) % 2) * 5 ? 1 : 2) + 0.01 * (t % 3)
    const { arms } = play(thompson({ halfLife: 100 }), 4000, swap)
    const right = arms.filter((arm, t) => arm === (Math.floor(t / 500) % 2) * 5).length
    expect(right).toBeGreaterThan(2800)
  })
})
