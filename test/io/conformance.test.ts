import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { KrylovError } from '../../src/core/errors.ts'
import type { Dense } from '../../src/core/types.ts'
import { isDense } from '../../src/dense/dense.ts'
import { parseMatrixMarket, readMatrixMarket } from '../../src/io/matrix-market.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { hasShared, sharedOrSkip, sharedPath } from '../support/shared-data.ts'

/** One row of expected.json. */
interface Case {
  readonly group: string
  readonly expect: string
  readonly content?: Content
}

interface Content {
  readonly object: 'matrix' | 'vector'
  readonly format: 'coordinate' | 'array'
  readonly field: string
  readonly symmetry?: string
  readonly rows?: number
  readonly cols?: number
  readonly length?: number
  readonly stored_entries_0based?: readonly (readonly number[])[]
  readonly stored_column_major?: readonly number[]
  readonly entries?: readonly (readonly number[])[]
  readonly values?: readonly number[]
}

const folder = 'conformance/matrix-market/'
const read = (name: string): string => readFileSync(sharedPath(folder + name), 'utf8')
// Python writes infinities without quotes
const cases: Readonly<Record<string, Case>> = hasShared(`${folder}expected.json`)
  ? JSON.parse(read('expected.json').replace(/\bInfinity\b/g, '1e999'))
  : {}

/** Files that readers disagree about, and what this one answers. */
const decided: Readonly<Record<string, readonly [expected: RegExp | 'accepted', why: string]>> = {
  'suitesparse/LAGraph_data_mangled1.mtx': [/object 'matrix' or 'vector'/, 'the object is misspelt'],
  'suitesparse/LAGraph_data_mangled2.mtx': [/format 'coordinate' or 'array'/, 'the format is misspelt'],
  'suitesparse/LAGraph_data_mangled3.mtx': [/field real/, 'SciPy takes any field for real'],
  'suitesparse/LAGraph_data_mangled4.mtx': [/symmetry general/, 'SciPy takes any symmetry for general'],
  'suitesparse/LAGraph_data_mangled5.mtx': [/a pattern to be 'general' or 'symmetric'/, 'patterns are not hermitian'],
  'suitesparse/LAGraph_data_mangled6.mtx': [/:5: expected the end of the line/, 'two values in a real file'],
  'suitesparse/LAGraph_data_mangled7.mtx': [/:5: expected a number, got the end of the line/, 'values are missing'],
  'suitesparse/LAGraph_data_mangled9.mtx': [/to be square/, 'symmetric, 3 x 4'],
  'suitesparse/LAGraph_data_mangled10.mtx': [/expected 3 entries, got the end of the text after 2/, 'cut short'],
  'suitesparse/LAGraph_data_mangled12.mtx': [/:5: expected a number, got the end of the line/, 'a value is missing'],
  'suitesparse/LAGraph_data_mangled13.mtx': [/:7: expected a column index from 1 to 4, got "9999"/, 'out of range'],
  'suitesparse/LAGraph_data_mangled15.mtx': [
    /:5: expected the end of the line, got "\.959"/,
    'complex values in a real file',
  ],
  'suitesparse/LAGraph_data_full_noheader.mtx': [/:1: expected a banner/, 'without a banner the format is a guess'],
  'suitesparse/LAGraph_data_west0067_noheader.mtx': [/:1: expected a banner/, 'without a banner the format is a guess'],
  'suitesparse/CHOLMOD_Demo_Matrix_mangle1.mtx': [/object 'matrix' or 'vector'/, 'the object is misspelt'],
  'suitesparse/CHOLMOD_Demo_Matrix_mangle2.mtx': [/format 'coordinate' or 'array'/, 'the format is misspelt'],
  'suitesparse/Mongoose_Tests_Matrix_bad_dimensions.mtx': [/expected a size line, got the end of the text/, 'no sizes'],
  'overflow/overflow_value_gt_float64.mtx': [
    /:4: expected a value within the doubles.*got "1E310"/,
    'see option overflow',
  ],
  'overflow/overflow_value_gt_float128.mtx': [
    /:4: expected a value within the doubles.*got "1E9999"/,
    'see option overflow',
  ],
  'overflow/overflow_value_gt_int32.mtx': ['accepted', 'below 2^53 integers are exact'],
  'overflow/overflow_value_gt_int64.mtx': ['accepted', 'integers beyond 2^53 are rounded to the nearest double'],
  'permissive/permissive_banner_leading_spaces_eye3.mtx': ['accepted', 'leading spaces are harmless'],
  'permissive/permissive_lines_indented.mtx': ['accepted', 'leading spaces are harmless'],
}

type Outcome = 'accepted' | { readonly code: KrylovError['code']; readonly text: RegExp }

function outcome(name: string, { group, expect: expected }: Case): Outcome {
  const isComplex = /%%matrixmarket\s+\w+\s+\w+\s+complex/i.test(read(name))
  const ruling = decided[name]?.[0]
  if (ruling !== undefined) return ruling === 'accepted' ? ruling : { code: 'ERR_FORMAT', text: ruling }
  if (isComplex) return { code: 'ERR_UNSUPPORTED', text: /:1: expected a real, integer or pattern field, got complex/ }
  if (expected === 'ok') return 'accepted'
  expect(['invalid', 'overflow'], `${name} needs a decision`).toContain(group)
  return { code: 'ERR_FORMAT', text: /:\d+: expected .+, got .+/ }
}

/** The matrix as rows of numbers, by arithmetic that shares nothing with the reader. */
function expand(content: Content): number[][] {
  const rows = content.rows ?? content.length!
  const columns = content.cols ?? 1
  const A = Array.from({ length: rows }, () => new Array<number>(columns).fill(0))
  const sign = content.symmetry === 'skew-symmetric' ? -1 : 1
  const isGeneral = content.symmetry === undefined || content.symmetry === 'general'
  const add = (i: number, j: number, value: number) => {
    A[i]![j]! += value
    if (!isGeneral && i !== j) A[j]![i]! += sign * value
  }
  for (const [i, j, value] of content.stored_entries_0based ?? []) add(i!, j!, value!)
  for (const [i, value] of content.entries ?? []) add(i!, 0, value!)
  const column = content.stored_column_major ?? content.values ?? []
  let k = 0
  for (let j = 0; k < column.length; j++)
    for (let i = isGeneral ? 0 : sign < 0 ? j + 1 : j; i < rows; i++) add(i, j, column[k++]!)
  return A
}

const nested = (A: Csr | Dense): number[][] => {
  const { rows, columns, values } = A instanceof Csr ? A.toDense() : A
  return Array.from({ length: rows }, (_, i) => [...values.subarray(i * columns, (i + 1) * columns)])
}

describe('Matrix Market conformance', () => {
  it('has its 91 files', context => {
    sharedOrSkip(context, folder)
    expect(Object.keys(cases)).toHaveLength(91)
  })

  it.each(Object.entries(cases))('%s', async (name, row) => {
    const path = sharedPath(folder + name)
    const expected = outcome(name, row)
    if (expected !== 'accepted') {
      const error = await readMatrixMarket(path).catch((error: unknown) => error)
      expect(error).toBeInstanceOf(KrylovError)
      expect(error).toMatchObject({ code: expected.code, message: expect.stringMatching(expected.text) })
      expect((error as KrylovError).message).toContain(`${name}:`)
      return
    }
    const A = await readMatrixMarket(path)
    expect(parseMatrixMarket(read(name))).toEqual(A)
    const { content } = row
    if (content === undefined) return
    expect(isDense(A)).toBe(content.format === 'array' || content.object === 'vector')
    expect(nested(A)).toEqual(expand(content))
    const isSymmetric = content.symmetry === 'symmetric' || content.symmetry === 'hermitian'
    if (A instanceof Csr) expect(A.symmetric).toBe(isSymmetric ? 'yes' : 'unknown')
  })

  const special = (name: string) => parseMatrixMarket(read(`suitesparse/${name}`))

  it('files without listed content', context => {
    sharedOrSkip(context, folder)
    expect(special('LAGraph_data_empty.mtx')).toMatchObject({ rows: 3, columns: 4, nonZeros: 0 })
    const skew = nested(special('LAGraph_data_skew_fp64.mtx'))
    expect([skew[4]![0], skew[0]![4]]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    expect([skew[5]![4], skew[4]![5], skew[3]![3]]).toEqual([-0.18161721472946568, 0.18161721472946568, 0])
    expect(special('LAGraph_data_structure.mtx')).toMatchObject({ rows: 7, columns: 7, nonZeros: 12 })
    expect(nested(special('CHOLMOD_Tcov_Matrix_fullrsa.mtx'))).toEqual([
      [1.3, 3.4],
      [3.4, 7.7],
    ])
    const big = nested(parseMatrixMarket(read('overflow/overflow_value_gt_int64.mtx')))
    expect([big[1]![1], big[2]![2]]).toEqual([2 ** 31, Number('19223372036854775808')])
  })

  for (const type of ['float64', 'float128'])
    it(`a value beyond ${type} with option overflow`, context => {
      const name = `overflow/overflow_value_gt_${type}.mtx`
      sharedOrSkip(context, folder + name)
      expect(nested(parseMatrixMarket(read(name), { overflow: 'infinity' }))).toEqual(expand(cases[name]!.content!))
    })
})
