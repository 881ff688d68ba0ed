import { describe, expect, it } from 'vitest'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { callNative } from '../../src/core/native.ts'
import { float64, int32 } from '../../src/core/shared.ts'
import { reference } from '../../src/kernels/reference.ts'
import { replaySteps } from '../../src/sequence/replay.steps.ts'
import { gameOf, kinds } from '../support/games.ts'
import { failure } from '../support/misuse.ts'
import { generator } from '../support/random.ts'

const control = () => makeControl('test', {})

describe('a learner', () => {
  it.each(kinds)('has the same bits in C++ and TypeScript: $kind', settings => {
    for (const seed of [1, 2, 3]) {
      const [here, there] = [0, 1].map(() => gameOf(4000, generator(seed), settings))
      const before = (here![4] as Float64Array).slice()
      callNative('replay', here!, control())
      runSync(replaySteps(reference, ...(there as Parameters<Play>)), control())
      expect(here).toEqual(there) // choices and states: toEqual compares doubles by Object.is
      expect(here![4]).not.toEqual(before)
    }
  })

  it('refuses states and tables that do not fit', () => {
    const fits = gameOf(10, generator(1), kinds[0])
    const wrong: readonly (readonly [at: number, value: unknown])[] = [
      [1, float64(49)],
      [2, int32(9)],
      [3, float64(11)],
      [4, float64(7)],
      [4, float64(0)],
      [5, 0],
      [5, -3],
    ]
    for (const [at, value] of wrong) {
      const args = fits.with(at, value)
      expect(failure(() => callNative('replay', args, control()))).toMatchObject({ code: 'ERR_SHAPE' })
    }
    const features = gameOf(10, generator(1), { kind: 'chebCb', features: 6, greed: 8 })
    features[0] = { kind: 'chebCb', features: 51, greed: 8 }
    expect(failure(() => callNative('replay', features, control()))).toMatchObject({ code: 'ERR_OPTION' })
  })

  it('stays inside a state that somebody wrote garbage to', () => {
    for (const settings of kinds)
      for (const garbage of [Number.NaN, -1, 1e300, Number.POSITIVE_INFINITY]) {
        const args = gameOf(50, generator(1), settings)
        ;(args[4] as Float64Array).fill(garbage)
        callNative('replay', args, control())
        expect((args[6] as Int32Array).every(arm => arm >= 0 && arm < 5)).toBe(true)
      }
  })
})

type Play = (...args: Parameters<typeof replaySteps> extends [unknown, ...infer Args] ? Args : never) => void
