import { readMatrixMarket } from '../../src/io/matrix-market.ts'
import type { CgOptions } from '../../src/krylov/cg.ts'
import { ic0 } from '../../src/precondition/ic0.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { densely } from './problems.ts'
import { sharedPath } from './shared-data.ts'

/** A real symmetric positive (semi)definite matrix, by the name of its file in the shared data. */
export interface RealMatrix {
  readonly file: string
  /** File of a right-hand side that came with it; else b = A times ones, or A times a wave where A ones = 0. */
  readonly rhs?: string
  /** Constants span the null space. */
  readonly singular?: true
}

/** One rule solves them all: IC(0) with its default shifts, and the null space where there is one. */
export const optionsFor = ({ singular }: RealMatrix): CgOptions => ({
  preconditioner: ic0,
  ...(singular ? { nullspace: 'constant' } : {}),
})

export const optionsText = ({ singular }: RealMatrix): string =>
  singular ? "`preconditioner: ic0, nullspace: 'constant'`" : '`preconditioner: ic0`'

export const realMatrices: readonly RealMatrix[] = [
  { file: '1138_bus.mtx' },
  { file: '494_bus.mtx' },
  { file: '662_bus.mtx' },
  { file: 'C9840.mtx.gz' },
  { file: 'LFAT5.mtx' },
  { file: 'Trefethen_500.mtx' },
  { file: 'aneurysm_poisson.mtx.gz', rhs: 'aneurysm_poisson_b.mtx.gz' },
  { file: 'ani4.mtx.gz' },
  { file: 'bcsstk01.mtx' },
  { file: 'bcsstk03.mtx' },
  { file: 'bcsstk05.mtx' },
  { file: 'bcsstk06.mtx.gz' },
  { file: 'bcsstk09.mtx.gz' },
  { file: 'bcsstk16.mtx.gz' },
  { file: 'bcsstk20.mtx' },
  { file: 'bcsstk21.mtx.gz' },
  { file: 'bcsstk22.mtx' },
  { file: 'fv3.mtx.gz' },
  { file: 'gr_30_30.mtx' },
  { file: 'grid_ACTIVSg2000.mtx.gz', rhs: 'grid_ACTIVSg2000_b.mtx' },
  { file: 'lund_a.mtx' },
  { file: 'mesh1e1.mtx' },
  { file: 'mesh_bunny_L.mtx.gz', singular: true },
  { file: 'mesh_spot_L.mtx.gz', singular: true },
  { file: 'pts5ldd03.mtx' },
  { file: 'pyamg_airfoil.mtx' },
  { file: 'pyamg_bar.mtx.gz' },
  { file: 'pyamg_unit_cube.mtx' },
  { file: 'pyamg_unit_square.mtx', singular: true },
  { file: 'tomography.mtx.gz' },
]

/** The matrix and the right-hand side to solve with. */
export async function loadReal({ file, rhs, singular }: RealMatrix): Promise<{ A: Csr; b: Float64Array }> {
  const A = await readSparse(`spd/${file}`)
  if (rhs !== undefined) return { A, b: await readVector(`spd/${rhs}`) }
  const y = Float64Array.from({ length: A.rows }, (_, i) => (singular ? Math.sin(i + 1) : 1))
  return { A, b: densely(A, y) }
}

/** A sparse matrix of the shared data. */
export async function readSparse(name: string): Promise<Csr> {
  const read = await readMatrixMarket(sharedPath(name))
  if (read instanceof Csr) return read
  throw new Error(`${name} is not sparse`)
}

/** A vector that is stored as a matrix of one column. */
export async function readVector(name: string): Promise<Float64Array> {
  const read = await readMatrixMarket(sharedPath(name))
  return read instanceof Csr ? read.toDense().values : read.values
}
