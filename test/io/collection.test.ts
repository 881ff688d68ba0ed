import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Dense } from '../../src/core/types.ts'
import { readMatrixMarket } from '../../src/io/matrix-market.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { hasShared, sharedOrSkip, sharedPath } from '../support/shared-data.ts'

/** One matrix of the manifest; `nnz` was counted by SciPy after expansion. */
interface Row {
  readonly file: string
  readonly rows: number
  readonly cols: number
  readonly nnz: number
  readonly symmetry?: string
}

const manifest: { readonly matrices: readonly Row[] } = hasShared('manifest.json')
  ? JSON.parse(readFileSync(sharedPath('manifest.json'), 'utf8'))
  : { matrices: [] }

describe('real files', () => {
  it('has the manifest', context => {
    sharedOrSkip(context, 'manifest.json')
    expect(manifest.matrices.length).toBeGreaterThan(100)
  })

  it.each(manifest.matrices.filter(({ file }) => /\.mtx(\.gz)?$/.test(file)))('$file', async row => {
    const A = await readMatrixMarket<Csr | Dense>(sharedPath(row.file))
    expect([A.rows, A.columns]).toEqual([row.rows, row.cols])
    if (A instanceof Csr) {
      expect(A.nonZeros).toBe(row.nnz)
      if (row.symmetry !== undefined) expect(A.symmetric).toBe(row.symmetry === 'symmetric' ? 'yes' : 'unknown')
    } else expect(A.values).toHaveLength(row.rows * row.cols)
  })
})
