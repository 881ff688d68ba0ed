import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { checkChoice, isWanted, seen, untried } from '../../src/recycle/choice.ts'

interface Costs {
  /** Of system t with a space, and without. */
  readonly on: (t: number) => number
  readonly off: (t: number) => number
}

/** A sequence of systems whose costs are known; a space is there where the last system was told to leave one. */
function play(count: number, { on, off }: Costs) {
  let choice = untried
  let [spent, always, never, there] = [0, 0, 0, false]
  const used: boolean[] = []
  for (let t = 0; t < count; t++) {
    const withSpace = choice.next && there
    there = isWanted(choice)
    const bytes = withSpace ? on(t) : off(t)
    spent += bytes
    always += t === 0 ? off(t) : on(t)
    never += off(t)
    used.push(withSpace)
    choice = seen(choice, withSpace, 9, { bytes, ahead: 0 }, 0)
  }
  return { ratio: spent / Math.min(always, never), used, choice }
}

const noise = normal(3, 400).map(value => Math.exp(0.1 * value))

describe('the choice whether to recycle', () => {
  it.each([0.2, 0.5, 0.7, 0.9, 0.97, 1, 1.03, 1.2, 1.6, 2.5])(
    'costs hardly more than the better one: ratio %d',
    ratio => {
      const costs: Costs = { on: t => ratio * noise[t]!, off: t => noise[200 + t]! }
      expect(play(200, costs).ratio).toBeLessThanOrEqual(1.05)
      expect(play(20, costs).ratio).toBeLessThanOrEqual(1.2)
    },
  )

  it.each([0.6, 1.5])('is not misled by systems that become a thousand times harder: ratio %d', ratio => {
    const hardness = (t: number) => 1000 ** (t / 200)
    const { ratio: paid, choice } = play(200, { on: t => ratio * hardness(t), off: hardness })
    expect(paid).toBeLessThanOrEqual(1.05)
    expect(choice.recycling).toBe(ratio < 1)
  })

  it.each([0.5, 2])('changes its mind when the sequence does, from ratio %d', ratio => {
    const { used, choice } = play(200, { on: t => (t < 100 ? ratio : 1 / ratio), off: () => 1 })
    expect(choice.recycling).toBe(ratio > 1)
    expect(used.slice(0, 100).filter(Boolean).length > 50).toBe(ratio < 1)
    expect(used.slice(150).filter(Boolean).length > 25).toBe(ratio > 1)
  })

  it('asks again when a given history does not fit', () => {
    let choice = { ...untried, systems: 100, gain: 0.7, last: 1, spent: 1000 }
    for (let t = 0; t < 2; t++) choice = seen(choice, choice.next, 9, { bytes: 3, ahead: 0 }, 0)
    expect(choice).toMatchObject({ probe: 3, next: true })
  })

  it('learns nothing from a system that was solved by its first guess', () => {
    expect(seen(untried, false, 0, { bytes: 1, ahead: 1 }, 1)).toEqual(untried)
  })

  it('tries first guesses that foretell nothing after 1, 3, 7, 15, 15 systems', () => {
    let choice = untried
    const tries: number[] = []
    for (let t = 0; t < 60; t++) {
      const guessing = choice.pause === 0
      if (guessing) tries.push(t)
      choice = seen(choice, true, 9, { bytes: 1, ahead: 0 }, guessing ? 1 : 0)
    }
    expect(tries).toEqual([0, 2, 6, 14, 30, 46])
    expect(seen(choice, true, 9, { bytes: 1, ahead: 0 }, 2)).toMatchObject({
      failures: 0,
      pause: 0,
    })
  })

  it('is read back with its own fields alone', () => {
    expect(checkChoice('gcrodr', { ...untried, gain: 2, stray: 1 })).toEqual({ ...untried, gain: 2 })
    expect(checkChoice('gcrodr', undefined)).toBe(untried)
  })
})
