import { describe, expect, it } from 'vitest'
import { factorRows } from '../../src/completion/factor-rows.ts'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { run } from '../../src/core/method.ts'
import { normal, uniform } from '../../src/core/random.ts'
import { float32, float64, int32 } from '../../src/core/shared.ts'

const [ROWS, COLUMNS] = [21, 30]

/** Observations of most entries, the last row but one has none, the last a single one. */
function problem(rank: number, noise: number) {
  const share = (stream: number, n: number) => Float64Array.from(normal(rank, n, stream))
  const [V, truth, drawn, errors] = [
    share(1, COLUMNS * rank),
    share(2, ROWS * rank),
    uniform(rank, ROWS * COLUMNS, 3),
    share(4, ROWS * COLUMNS),
  ]
  const rowPointers = int32(ROWS + 1)
  const [columns, values]: [number[], number[]] = [[], []]
  for (let i = 0; i < ROWS; i++) {
    for (let j = 0; j < COLUMNS; j++) {
      const at = i * COLUMNS + j
      if (i === ROWS - 2 || (i === ROWS - 1 ? j !== 7 : drawn[at]! > 0.9)) continue
      let value = noise * errors[at]!
      for (let c = 0; c < rank; c++) value += truth[i * rank + c]! * V[j * rank + c]!
      columns.push(j)
      values.push(value)
    }
    rowPointers[i + 1] = columns.length
  }
  const columnIndices = int32(columns.length)
  columnIndices.set(columns)
  const own = (list: ArrayLike<number>): Float64Array => {
    const array = float64(list.length)
    array.set(list)
    return array
  }
  const pattern = { rows: ROWS, columns: COLUMNS, rowPointers, columnIndices }
  return { A: { pattern, values: own(values) }, V: own(V), truth, own, count: columns.length }
}

const none = float64(0)
const kinds = ['plain', 'weights, offsets, ridge by count', 'a base', 'single precision'] as const

describe('a row of a factor, exactly', () => {
  it.each(kinds)('%s: the gradient is zero at every rank, and the squares are those of the errors', kind => {
    for (let rank = 1; rank <= 18; rank++) {
      const { A, V, own, count } = problem(rank, 0.3)
      const whole = kind === kinds[1]
      const weights = whole ? own(uniform(rank, count, 5).map(w => w + 0.1)) : none
      const offsets = whole ? own(normal(rank, COLUMNS, 6)) : none
      const base = kind === kinds[2] ? own(uniform(rank, rank, 7)) : none
      const features = kind === kinds[3] ? float32(V.length) : V
      if (features !== V) features.set(V)
      const X = own(normal(rank, ROWS * rank, 8))
      const settings = { rank, ridge: 0.2, scaled: whole, steps: 0, nonnegative: false }
      const call = run(factorRows, A, weights, offsets, features, X, none, base, settings)
      const square = runSync(call, makeControl('test', {}))
      let [errors, steepest] = [0, 0]
      for (let i = 0; i < ROWS; i++) {
        const [from, to] = [A.pattern.rowPointers[i]!, A.pattern.rowPointers[i + 1]!]
        const x = X.subarray(i * rank, (i + 1) * rank)
        const gradient = Float64Array.from(x, (value, c) => -((base[c] ?? 0) + 0.2 * (whole ? to - from : 1)) * value)
        for (let e = from; e < to; e++) {
          const j = A.pattern.columnIndices[e]!
          const v = features.subarray(j * rank, (j + 1) * rank)
          let error = A.values[e]! - (offsets[j] ?? 0)
          for (let c = 0; c < rank; c++) error -= v[c]! * x[c]!
          errors += (weights[e] ?? 1) * error ** 2
          for (let c = 0; c < rank; c++) gradient[c]! += (weights[e] ?? 1) * error * v[c]!
        }
        for (const g of gradient) steepest = Math.max(steepest, Math.abs(g))
      }
      expect(steepest).toBeLessThan(1e-11)
      expect(Math.abs(square / errors - 1)).toBeLessThan(1e-10)
      expect(Array.from(X.subarray((ROWS - 2) * rank, (ROWS - 1) * rank)).every(x => x === 0)).toBe(true)
    }
  })

  it('without noise finds what it was to rounding, and says that no error is left', () => {
    for (const rank of [1, 8, 10, 15, 16, 17]) {
      const { A, V, truth, own } = problem(rank, 0)
      const X = own(normal(rank, ROWS * rank, 8))
      const settings = { rank, ridge: 0, scaled: false, steps: 0, nonnegative: false }
      const square = runSync(run(factorRows, A, none, none, V, X, none, none, settings), makeControl('test', {}))
      for (let at = 0; at < (ROWS - 2) * rank; at++) expect(Math.abs(X[at]! - truth[at]!)).toBeLessThan(1e-11)
      expect(square).toBeLessThan(1e-22)
    }
  })

  it('of features that depend on each other is finite, and no worse than any', () => {
    const { A, V, own } = problem(10, 0.3)
    for (let j = 0; j < COLUMNS; j++) V[10 * j + 9] = V[10 * j]! + V[10 * j + 1]!
    const settings = { rank: 10, ridge: 0, scaled: false, steps: 0, nonnegative: false }
    const solve = (rank: number, features: Float64Array): number => {
      const X = own(normal(1, ROWS * rank, 8))
      const call = run(factorRows, A, none, none, features, X, none, none, { ...settings, rank })
      const square = runSync(call, makeControl('test', {}))
      expect(X.every(Number.isFinite)).toBe(true)
      return square
    }
    const nine = own(Float64Array.from({ length: 9 * COLUMNS }, (_, at) => V[10 * Math.floor(at / 9) + (at % 9)]!))
    expect(Math.abs(solve(10, V) / solve(9, nine) - 1)).toBeLessThan(1e-6)
  })
})
