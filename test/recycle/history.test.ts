import { expect, it } from 'vitest'
import { affordable, checkHistory, noted, strangeness } from '../../src/recycle/history.ts'

const unknown = checkHistory('gcrodr', undefined)

it('a space may cost a fifth of what a system takes without it', () => {
  expect(affordable(unknown)).toBe(Number.POSITIVE_INFINITY)
  expect([0, 4, 5, 100].map(cold => affordable({ ...unknown, cold }))).toEqual([0, 0, 1, 20])
})

it('a space is strange whose images moved much further than usual', () => {
  const [first, second] = [noted(unknown, true, 30, 0.1), noted(noted(unknown, true, 30, 0.1), false, 40, 0.5)]
  expect([unknown, first, second].map(strangeness)).toEqual([0.43, expect.closeTo(0.35), expect.closeTo(0.65)])
  expect([first.cold, second.cold]).toEqual([-1, 40])
  expect(noted(second, true, 9, Number.NaN)).toEqual(second)
})

it('refuses what is no history', () => {
  expect(() => checkHistory('gcrodr', { cold: 1 })).toThrow(/space\.history\.drift must be a finite number/)
  expect(() => checkHistory('gcrodr', 3)).toThrow(/space\.history must be an object/)
})
