import { exp, log } from '../core/elementary.ts'
import { refuse } from '../core/errors.ts'
import { checkSeed, fillUniform } from '../core/random.ts'
import type { Csr } from '../sparse/csr.ts'
import { triangulate } from '../sparse/gallery/delaunay.ts'
import { checkKeys, checkNumber } from '../sparse/gallery/options.ts'
import { assemble, type Elements } from '../sparse/gallery/p1.ts'
import { checkSize } from '../sparse/pattern.ts'
import { reverseCuthillMckee } from '../sparse/reverse-cuthill-mckee.ts'
import { cellCentred } from './cell-centred.ts'
import { drawn, type FamilyOptions, fieldCoefficients } from './field.ts'

/** Makes the member of a family that a seed names; h = 1 / N. */
export type Family = (N: number, options?: FamilyOptions) => Csr

const JITTER = 0.585
const BLOCKS = 8
const BLOCK_CONTRAST = 1e4
const EPSILON = 0.01

/** Checks the arguments of a family. */
function check(name: string, N: number, options: FamilyOptions, least: number): number {
  const method = `families.${name}`
  checkKeys(method, options, ['seed', 'contrast', 'length'])
  const { seed = 0, contrast, length } = options
  if (checkSize(method, 'N', N) < least) throw refuse('ERR_SHAPE', method, 'N', `at least ${least}`, N)
  checkSeed(method, 'option seed', seed)
  if (contrast !== undefined) checkNumber(method, 'contrast', contrast, { least: 1, most: 1e12 })
  if (length !== undefined) checkNumber(method, 'length', length, { above: 0, most: 1000 })
  return seed
}

const diff: Family = (N, options = {}) => {
  const seed = check('diff', N, options, 1)
  return cellCentred('families.diff', 2, N, fieldCoefficients(2, N, seed, options))
}

const diff3d: Family = (N, options = {}) => {
  const seed = check('diff3d', N, options, 1)
  return cellCentred('families.diff3d', 3, N, fieldCoefficients(3, N, seed, options))
}

const aniso: Family = (N, options = {}) => {
  const seed = check('aniso', N, options, 1)
  return cellCentred('families.aniso', 2, N, fieldCoefficients(2, N, seed, options), EPSILON)
}

const blocks: Family = (N, options = {}) => {
  const seed = check('blocks', N, options, 1)
  const { contrast = BLOCK_CONTRAST } = options
  const block = (cell: number): number => Math.floor((cell * BLOCKS) / N)
  const k = Float64Array.from({ length: N * N }, (_, i) =>
    drawn(seed, 2 + block(Math.floor(i / N)) * BLOCKS + block(i % N)) < 0.5 ? 1 : contrast,
  )
  return cellCentred('families.blocks', 2, N, k)
}

const fem: Family = (N, options = {}) => {
  const seed = check('fem', N, options, 2)
  return jittered('families.fem', N, seed, fieldCoefficients(2, N, seed, options))
}

const heat: Family = (N, options = {}) => {
  const seed = check('heat', N, options, 2)
  const k = fieldCoefficients(2, N, seed, options)
  let logs = 0
  for (const value of k) logs += log(value)
  const q = exp(log(10) * 3 * drawn(seed, 2))
  const size = q / exp(logs / k.length)
  for (let c = 0; c < k.length; c++) k[c]! *= size
  return jittered('families.heat', N, seed, k, N * N)
}

/** Linear elements on a jittered grid of (N + 1)^2 points with the coefficient of each triangle's cell; in RCM order. */
function jittered(method: string, N: number, seed: number, k: Float64Array, mass = 0): Csr {
  const shift = new Float64Array(2 * (N - 1) ** 2)
  fillUniform(shift, seed, 1)
  const points = new Float64Array(2 * (N + 1) ** 2)
  const unknowns = new Int32Array((N - 1) ** 2)
  let inside = 0
  for (let y = 0, i = 0; y <= N; y++)
    for (let x = 0; x <= N; x++, i++) {
      const interior = x > 0 && x < N && y > 0 && y < N
      const move = (axis: number): number => (interior ? JITTER * (2 * shift[2 * inside + axis]! - 1) : 0)
      points[2 * i] = (x + move(0)) / N
      points[2 * i + 1] = (y + move(1)) / N
      if (interior) unknowns[inside++] = i
    }
  const mesh = triangulate(points)
  const cell = (coordinate: number): number => Math.min(N - 1, Math.floor(coordinate * N))
  const { triangles } = mesh
  const elements: Elements = {
    stiffness: t => {
      const centre = (axis: number): number =>
        (points[2 * triangles[t]! + axis]! +
          points[2 * triangles[t + 1]! + axis]! +
          points[2 * triangles[t + 2]! + axis]!) /
        3
      return k[cell(centre(1)) * N + cell(centre(0))]!
    },
    mass,
  }
  const A = assemble(method, mesh, unknowns, elements)
  return A.permute(reverseCuthillMckee(A))
}

/**
 * Random systems on which preconditioners are trained and compared, each named by a seed; h = 1 / N. The coefficient of
 * `diff`, `fem`, `heat`, `aniso` and `diff3d` is contrast^g with a Gaussian field g in [0, 1].
 *
 * - `diff`: N^2 cell-centred unknowns, harmonic means on faces, half cells at the boundary
 * - `fem`: (N - 1)^2 unknowns, linear elements on a Delaunay triangulation of a jittered grid, in RCM order
 * - `heat`: on such a mesh M / h^2 + q K, the coefficient's geometric mean 1 and q = 10^U(0, 3)
 * - `blocks`: as `diff`, 8 x 8 random blocks of 1 or 10^4
 * - `aniso`: as `diff`, faces across y count one hundredth
 * - `diff3d`: as `diff`, N^3 unknowns
 *
 * @throws KrylovError ERR_SHAPE for a bad N, ERR_OPTION for a bad option
 */
export const families: Readonly<Record<'diff' | 'fem' | 'heat' | 'blocks' | 'aniso' | 'diff3d', Family>> = {
  diff,
  fem,
  heat,
  blocks,
  aniso,
  diff3d,
}
