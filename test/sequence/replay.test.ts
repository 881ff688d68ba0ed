import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { dense } from '../../src/dense/dense.ts'
import { binned } from '../../src/sequence/binned.ts'
import { chebCb } from '../../src/sequence/cheb-cb.ts'
import { fixed } from '../../src/sequence/direct.ts'
import { goldenSection } from '../../src/sequence/golden-section.ts'
import type { Learner } from '../../src/sequence/learner.ts'
import { replay, replaySync } from '../../src/sequence/replay.ts'
import { thompson } from '../../src/sequence/thompson.ts'
import { tsallisInf } from '../../src/sequence/tsallis-inf.ts'
import { failure, type Loose } from '../support/misuse.ts'

const [ROUNDS, ARMS] = [1500, 7]
const noise = normal(3, ROUNDS * ARMS)
const contexts = Float64Array.from({ length: ROUNDS }, (_, t) => 0.02 * 400 ** ((t % 97) / 97))
/** The best arm moves with the context; some losses are 0. */
const losses = dense(
  ROUNDS,
  ARMS,
  Array.from(noise, (z, at) => {
    const [t, a] = [Math.floor(at / ARMS), at % ARMS]
    return t % 50 === 49 ? 0 : Math.max(0, 5 + (a - 3 * contexts[t]! ** 0.3) ** 2 + 0.2 * z)
  }),
)

const range = [0.01, 10] as const
const learners: readonly (readonly [string, Learner])[] = [
  ['thompson', thompson()],
  ['thompson, drifting', thompson({ halfLife: 100 })],
  ['tsallisInf', tsallisInf()],
  ['tsallisInf, iw', tsallisInf({ estimator: 'iw' })],
  ['chebCb', chebCb({ range, scale: 'log' })],
  ['goldenSection', goldenSection()],
  ['binned thompson', binned(thompson(), { bins: 4, scale: 'log', range })],
  ['bins of bins', binned(binned(thompson(), { bins: 2, range }), { bins: 2, range })],
]

/** What `replay` promises, round by round through the public interface. */
function byHand(learner: Learner, seed: number): number[] {
  let state = learner.start(ARMS, seed)
  return Array.from(contexts, (c, t) => {
    const arm = learner.choose(state, [c])
    const loss = losses.values[t * ARMS + arm]!
    if (loss > 0) state = learner.update(state, arm, loss, [c])
    return arm
  })
}

describe.each(learners)('replay of %s', (_, learner) => {
  it('chooses what the learner does, round by round, in both forms', async () => {
    for (const seed of [0, 2 ** 52 + 1]) {
      const found = replaySync(learner, losses, { contexts, seed })
      const wanted = byHand(learner, seed)
      expect([...found.chosen]).toEqual(wanted)
      expect([...found.losses]).toEqual(wanted.map((arm, t) => losses.values[t * ARMS + arm]))
      expect(found.total).toBeCloseTo(
        found.losses.reduce((sum, loss) => sum + loss, 0),
        9,
      )
      expect(await replay(learner, losses, { contexts, seed })).toEqual(found)
    }
  })
})

describe('replay', () => {
  it("plays a learner of one's own, and refuses the arm that it has not", () => {
    const own = (arm: number): Learner => ({
      name: 'own',
      options: {},
      start: () => ({ learner: 'own' }),
      choose: () => arm,
      update: state => state,
    })
    expect(replaySync(own(2), losses).chosen.every(arm => arm === 2)).toBe(true)
    for (const arm of [-1, ARMS, 0.5, Number.NaN])
      expect(failure(() => replaySync(own(arm), losses))).toMatchObject({ code: 'ERR_INDEX' })
  })

  it.each([
    ['ERR_TYPE', 3, losses],
    ['ERR_TYPE', undefined, losses],
    ['ERR_TYPE', fixed(1), losses],
    ['ERR_TYPE', thompson(), [[1, 2]]],
    ['ERR_SHAPE', thompson(), { rows: 2, columns: 0, values: new Float64Array(0) }],
    ['ERR_SHAPE', thompson(), { rows: 2, columns: 2, values: new Float64Array(3) }],
    ['ERR_NOT_FINITE', thompson(), { rows: 1, columns: 2, values: new Float64Array([1, Number.NaN]) }],
    ['ERR_NOT_FINITE', thompson(), { rows: 1, columns: 2, values: new Float64Array([1, -1]) }],
    ['ERR_SHAPE', thompson(), losses, { contexts: [1] }],
    ['ERR_SHAPE', chebCb({ range }), losses],
    ['ERR_OPTION', thompson(), losses, { seed: -1 }],
    ['ERR_OPTION', thompson(), losses, { sed: 1 }],
  ])('refuses with %s', (code, ...args) => {
    expect(failure(() => (replaySync as Loose)(...args))).toMatchObject({ code })
  })
})
