import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { sor, sorSync } from '../../src/relaxation/sor.ts'
import { binned } from '../../src/sequence/binned.ts'
import { fixed } from '../../src/sequence/direct.ts'
import type { Learner, LearnerState } from '../../src/sequence/learner.ts'
import type { SequenceOptions } from '../../src/sequence/options.ts'
import { restoreSequence, type Sequence, sequence } from '../../src/sequence/sequence.ts'
import { thompson } from '../../src/sequence/thompson.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { failure, type Loose } from '../support/misuse.ts'
import { diagonal, tridiagonal } from '../support/small.ts'

/* What the manual promises to refuse; and that nothing learnt is lost by it. */

const A = poisson2d(6)
const b = normal(1, A.rows)
const text = (s: Sequence): string => JSON.stringify(s.save())

describe('omega outside (0, 2)', () => {
  it.each([0, 2, -0.5, 2.5, Number.NaN, Number.POSITIVE_INFINITY, '1'])('is refused: %s', async omega => {
    const wrong = { code: 'ERR_OPTION', message: expect.stringMatching(/omega/) }
    expect(failure(() => (sorSync as Loose)(A, b, { omega }))).toMatchObject(wrong)
    await expect((sor as Loose)(A, b, { omega })).rejects.toMatchObject(wrong)
    for (const method of ['sor', 'ssor-cg'] as const) {
      const act = (tune: object) => failure(() => (sequence as Loose)({ method, tune }))
      expect(act({ omega: thompson(), grid: [1, omega] })).toMatchObject(wrong)
      if (typeof omega === 'number' && Number.isFinite(omega)) expect(act({ omega: fixed(omega) })).toMatchObject(wrong)
    }
  })
})

describe('a diagonal that is not positive', () => {
  it.each([0, -1])('is refused by SOR: %d', value => {
    const wrong = { code: 'ERR_SINGULAR', message: expect.stringMatching(/row 1/) }
    for (const ordering of ['natural', 'multicolour', 'simultaneous'] as const)
      expect(failure(() => sorSync(diagonal([1, value, 2]), [1, 1, 1], { ordering }))).toMatchObject(wrong)
    expect(failure(() => sequence({ method: 'sor' }).solveSync(diagonal([1, value, 2]), [1, 1, 1]))).toMatchObject(
      wrong,
    )
  })
})

describe('a matrix that is not positive definite', () => {
  it('is reported by SSOR-CG, with a reason, and charged', () => {
    const s = sequence({ method: 'ssor-cg' })
    const solution = s.solveSync(tridiagonal([1, 1, 1], [3, 3]), [1, 2, 3])
    expect(solution).toMatchObject({ converged: false, reason: 'indefinite-operator' })
    expect(s.report().solves).toBe(1)
  })
})

const options: SequenceOptions = {
  method: 'ssor-cg',
  tune: { omega: binned(thompson(), { bins: 2, range: [0, 1] }), grid: [1, 1.5] },
}

describe('a sequence', () => {
  const refused: readonly (readonly [what: string, code: string, ...args: unknown[]])[] = [
    ['another size', 'ERR_SHAPE', poisson2d(5), new Float64Array(25), { context: [0.5] }],
    ['no context', 'ERR_SHAPE', A, b],
    ['a longer context', 'ERR_SHAPE', A, b, { context: [0.5, 1] }],
    ['a context that is NaN', 'ERR_NOT_FINITE', A, b, { context: [Number.NaN] }],
    ['a context that is none', 'ERR_TYPE', A, b, { context: 3 }],
    ['options that are none', 'ERR_OPTION', A, b, null],
    ['options that are a list', 'ERR_OPTION', A, b, [1]],
    ['an unknown option', 'ERR_OPTION', A, b, { context: [0.5], omega: 1 }],
    ['a first guess of another length', 'ERR_SHAPE', A, b, { context: [0.5], x0: [1] }],
    ['NaN in b', 'ERR_NOT_FINITE', A, b.map(() => Number.NaN), { context: [0.5] }],
    ['no b', 'ERR_TYPE', A, undefined, { context: [0.5] }],
    ['no matrix', 'ERR_TYPE', null, b, { context: [0.5] }],
    ['threads that are none', 'ERR_OPTION', A, b, { context: [0.5], threads: 0 }],
  ]
  it.each(refused)('refuses %s and keeps what it has learnt', async (_, code, ...args) => {
    const s = sequence(options)
    for (let step = 0; step < 6; step++) s.solveSync(A, normal(step, A.rows), { context: [0.5] })
    const before = text(s)
    const loose = s as unknown as { solve: Loose; solveSync: Loose }
    expect(failure(() => loose.solveSync(...args))).toMatchObject({ code })
    await expect(loose.solve(...args)).rejects.toMatchObject({ code })
    expect(text(s)).toBe(before)
    expect(s.solveSync(A, b, { context: [0.5] }).converged).toBe(true)
  })

  it('refuses a choice or a loss of a learner that is none, and keeps what was learnt', () => {
    const own = (arm: number): Learner => ({
      name: 'own',
      options: {},
      start: (): LearnerState => ({ learner: 'own', arm }),
      choose: state => state.arm as number,
      update: state => state,
    })
    for (const arm of [-1, 2, 0.5, Number.NaN]) {
      const s = sequence({ method: 'sor', tune: { omega: own(arm), grid: [1, 1.5] } })
      expect(failure(() => s.solveSync(A, b))).toMatchObject({ code: 'ERR_INDEX', message: /own/ })
      expect(s.report().solves).toBe(0)
    }
    const state = thompson().start(2)
    for (const loss of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
      const before = JSON.stringify(state)
      expect(failure(() => thompson().update(state, 0, loss))).toMatchObject({ code: 'ERR_NOT_FINITE' })
      expect(failure(() => thompson().learn!(state, 0, loss))).toMatchObject({ code: 'ERR_NOT_FINITE' })
      expect(JSON.stringify(state)).toBe(before)
    }
  })
})

describe('restoreSequence', () => {
  const s = sequence(options)
  for (let step = 0; step < 6; step++) s.solveSync(A, normal(step, A.rows), { context: [0.5] })
  const saved = JSON.parse(text(s))
  const wrongs: readonly (readonly [string, unknown])[] = [
    ['nothing', undefined],
    ['a list', []],
    ['another version', { ...saved, version: 2 }],
    ['no state', { ...saved, state: null }],
    ['a state of another learner', { ...saved, state: thompson().start(2) }],
    ['a state of more bins', { ...saved, state: { ...saved.state, bins: [...saved.state.bins, saved.state.bins[0]] } }],
    [
      'a state of fewer arms',
      {
        ...saved,
        state: {
          ...saved.state,
          bins: saved.state.bins.map(() => ({ learner: 'thompson', data: { doubles: [0, 0, 0] } })),
        },
      },
    ],
    ['no options', { ...saved, options: 3 }],
    [
      'a learner that is none',
      { ...saved, options: { ...saved.options, tune: { tunes: 'omega', learner: { name: 'x', options: {} } } } },
    ],
    [
      'bins of nothing',
      {
        ...saved,
        options: {
          ...saved.options,
          tune: { tunes: 'omega', learner: { name: 'binned', options: { range: [0, 1] } } },
        },
      },
    ],
    ['no learner', { ...saved, options: { ...saved.options, tune: {} } }],
    ['no books', { ...saved, chosen: undefined }],
    ['books that do not fit', { ...saved, chosen: [1] }],
    ['no counts', { ...saved, counts: null }],
    ['garbage for x', { ...saved, x: 'x' }],
    ['NaN in x', { ...saved, x: [Number.NaN] }],
    ['no backstops', { ...saved, backstops: 1 }],
    ['a backstop that is none', { ...saved, backstops: { 1: {} } }],
    ['no context length', { ...saved, contextLength: 'one' }],
    ['a formula of text', { ...saved, direct: { gap: 'x' } }],
  ]
  it.each(wrongs)('refuses %s', (_, wrong) => {
    expect(failure(() => (restoreSequence as Loose)(wrong))).toMatchObject({ code: 'ERR_FORMAT' })
  })

  it('restores what was saved', () => {
    expect(text(restoreSequence(saved))).toBe(text(s))
  })
})
