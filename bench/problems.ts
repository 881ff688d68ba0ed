import { closeSync, existsSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  type Csr,
  convectionDiffusion2d,
  delaunayLaplacian,
  diffusion2d,
  diffusion3d,
  normal,
  poisson2d,
  poisson3d,
  randomGraphLaplacian,
  reverseCuthillMckee,
} from '../src/index.ts'

/** A system A x = b that every contender reads from the same file. */
export interface Problem {
  readonly name: string
  readonly n: number
  readonly nnz: number
  readonly file: string
}

const makers: Readonly<Record<string, (nx: number, ny?: number) => Csr>> = {
  poisson2d,
  poisson3d: nx => poisson3d(nx),
  delaunay: points => delaunayLaplacian(points, { seed: 1 }),
  // linear elements on an irregular mesh, numbered along it
  mesh: points => ordered(delaunayLaplacian(points, { seed: 1 })),
  // a few vertices with thousands of edges, most with three
  graph: vertices => randomGraphLaplacian(vertices, { degree: 8, powerLaw: 2.5, seed: 1 }),
  convection: nx => convectionDiffusion2d(nx, { angle: 0.5 }),
  diffusion2d: nx => diffusion2d(nx, { contrast: 1e4, seed: 1 }),
  diffusion3d: nx => diffusion3d(nx, { contrast: 1e4, seed: 1 }),
}

const ordered = (A: Csr): Csr => A.permute(reverseCuthillMckee(A))

const folder = fileURLToPath(new URL('../.cache/bench/', import.meta.url))

/** The problem `family_size`, for instance `poisson2d_1000` or `poisson2d_20x10`, with a normal right-hand side. */
export function problem(name: string): Problem {
  const [family = '', size = ''] = name.split('_')
  const make = makers[family]
  if (make === undefined) throw new Error(`no problem ${name}`)
  const [nx = 0, ny] = size.split('x').map(Number)
  const A = make(nx, ny)
  const file = `${folder}${name}.csr`
  if (!existsSync(file)) write(file, [{ A, b: normal(1, A.rows) }])
  return { name, n: A.rows, nnz: A.nonZeros, file }
}

/** Systems that are solved one after the other, in one file: written anew, since it is made of the code as it stands. */
export function sequence(name: string, systems: readonly { readonly A: Csr; readonly b: Float64Array }[]): Problem {
  const file = `${folder}${name}.csrs`
  write(file, systems)
  const { A } = systems[0]!
  return { name, n: A.rows, nnz: A.nonZeros, file }
}

/** Of each, little-endian: int32 n, nnz; double values[nnz], b[n]; int32 rowPointers[n + 1], columnIndices[nnz]. */
function write(file: string, systems: readonly { readonly A: Csr; readonly b: Float64Array }[]): void {
  mkdirSync(folder, { recursive: true })
  const descriptor = openSync(file, 'w')
  for (const { A, b } of systems)
    for (const part of [
      Int32Array.of(A.rows, A.nonZeros),
      A.values,
      b,
      A.pattern.rowPointers,
      A.pattern.columnIndices,
    ]) {
      const bytes = Buffer.from(new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
    }
  closeSync(descriptor)
}
