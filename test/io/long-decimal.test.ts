import { describe, expect, it } from 'vitest'
import { readNumber } from '../../src/io/number-token.ts'

const read = (text: string): number => readNumber({ bytes: Buffer.from(`${text}\n`), at: 0, overflowed: false })

/** The same integers on every run. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describe('decimals of 16 to 20 digits are rounded as the engine does', () => {
  const random = generator(7)
  const mantissa = () => BigInt(2 ** 52 + random(2 ** 31) * 2 ** 20 + random(2 ** 20))

  it('of any size', () => {
    for (let k = 0; k < 50_000; k++) {
      let text = ''
      for (let digits = 16 + random(5); digits > 0; digits--) text += random(10)
      const point = random(text.length)
      text = `${text.slice(0, point)}.${text.slice(point)}e${random(100) - 50}`
      if (!Object.is(read(text), Number(text))) expect(read(text), text).toBe(Number(text))
    }
  })

  it('halfway between two integers, or one off', () => {
    for (let k = 0; k < 50_000; k++) {
      const text = `${(2n * mantissa() + 1n) * 2n ** BigInt(random(10)) + BigInt(random(3) - 1)}`
      if (read(text) !== Number(text)) expect(read(text), text).toBe(Number(text))
    }
  })

  it('halfway between two fractions, or one digit off', () => {
    for (let k = 0; k < 50_000; k++) {
      const places = 1 + random(3)
      const text = `${(2n * mantissa() + 1n) * 5n ** BigInt(places) + BigInt(random(3) - 1)}e-${places}`
      if (read(text) !== Number(text)) expect(read(text), text).toBe(Number(text))
    }
  })
})
