import { expect, it } from 'vitest'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { callNative } from '../../src/core/native.ts'
import { int32 } from '../../src/core/shared.ts'
import type { LuArrays } from '../../src/direct/kinds.ts'
import { type LuSettings, luSteps } from '../../src/direct/lu.steps.ts'
import { reference } from '../../src/kernels/reference.ts'
import { ilu0Steps } from '../../src/precondition/ilu0.steps.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { generator, hollow, randomCsr } from '../support/random.ts'

/* Both halves choose the same pivots, put off the same rows and replace the same pivots where A makes them. */

const control = makeControl('test', {})
const rankOne = [1, 2, 3, 2, 4, 6, -1, -2, -3]
const matrices: Readonly<Record<string, Csr>> = {
  'no diagonal': hollow(150, 3),
  'no diagonal, another': hollow(61, 8),
  'singular, with rows and columns that are empty': randomCsr(generator(4), 80, 80, i => i % 5),
  'of rank one': Csr.fromTriplets(3, 3, [0, 0, 0, 1, 1, 1, 2, 2, 2], [0, 1, 2, 0, 1, 2, 0, 1, 2], rankOne),
  'two equal rows': Csr.fromTriplets(4, 4, [0, 0, 1, 1, 3], [0, 1, 0, 1, 3], [1, 2, 2, 4, 1]),
}

function expectAlike(found: LuArrays, wanted: LuArrays): void {
  expect(found.replaced).toBe(wanted.replaced)
  expect([...found.rows, ...found.columns]).toEqual([...wanted.rows, ...wanted.columns])
  for (const side of ['lower', 'upper'] as const) {
    expect([...found[side].pattern.columnIndices]).toEqual([...wanted[side].pattern.columnIndices])
    expectClose(found[side].values, wanted[side].values)
  }
  expectClose(found.inverseDiagonal, wanted.inverseDiagonal)
}

function expectClose(found: Float64Array, wanted: Float64Array): void {
  expect(found.length).toBe(wanted.length)
  for (let k = 0; k < wanted.length; k++)
    expect(Math.abs(found[k]! - wanted[k]!)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(wanted[k]!)))
}

for (const [what, A] of Object.entries(matrices)) {
  it(`ilu0: ${what}`, () => {
    expectAlike(callNative('ilu0', [A], control) as LuArrays, runSync(ilu0Steps(reference, A), control))
  })
  it(`lu: ${what}`, () => {
    const order = int32(A.rows).map((_, i) => i)
    const settings: LuSettings[] = [
      { dropTolerance: 0, maxFill: A.rows, pivotTolerance: 1 },
      { dropTolerance: 0, maxFill: A.rows, pivotTolerance: 0.01 },
      { dropTolerance: 0.05, maxFill: 3, pivotTolerance: 0.1 },
    ]
    for (const chosen of settings)
      expectAlike(
        callNative('lu', [A, order, chosen], control) as LuArrays,
        runSync(luSteps(reference, A, order, chosen), control),
      )
  })
}
