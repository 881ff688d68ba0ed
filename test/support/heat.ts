import type { CgOptions } from '../../src/krylov/cg.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { spmv } from '../../src/sparse/spmv.ts'

/*
 * The heat equation of Khodak, Chow, Balcan and Talwalkar (2024) on the unit square, zero on its boundary:
 * Crank-Nicolson, coefficient and forcing at the middle of each step.
 */

const STEP = 1e-3

const coefficient = (t: number): number => Math.max(0.1 * Math.sin(2 * Math.PI * t), -10 * Math.sin(2 * Math.PI * t))

function bump(dx: number, dy: number, radius: number): number {
  const distance = Math.min(1, (dx * dx + dy * dy) / (radius * radius))
  return Math.exp(1 - 1 / (1 - distance))
}

/**
 * Iterations that each of `steps` solves takes, on nx x nx cells: zero start at the first, from the last answer after
 * that, to a relative residual of 1e-8.
 */
export function heatIterations(nx: number, steps: number, options: CgOptions): number[] {
  const laplacian = poisson2d(nx - 1)
  const identity = diagonalPositions(laplacian)
  const n = laplacian.rows
  const grid = Array.from({ length: n }, (_, i) => [((i % (nx - 1)) + 1) / nx, (Math.floor(i / (nx - 1)) + 1) / nx])
  const u = Float64Array.from(grid, ([x, y]) => bump(x! - 0.5, y! - 0.5, 0.25))
  const Lu = new Float64Array(n)
  return Array.from({ length: steps }, (_, m) => {
    const t = m * STEP + STEP / 2
    const scale = (coefficient(t) * STEP * nx * nx) / 2
    const values = laplacian.values.map(value => scale * value)
    for (const at of identity) values[at]! += 1
    const [cx, cy] = [0.5 + Math.cos(16 * Math.PI * t) / 4, 0.5 + Math.sin(16 * Math.PI * t) / 4]
    spmv(laplacian, u, Lu)
    const b = Float64Array.from(grid, ([x, y], i) => u[i]! - scale * Lu[i]! + STEP * 32 * bump(x! - cx, y! - cy, 0.125))
    const solution = cgSync(laplacian.withValues(values), b, { ...options, ...(m > 0 ? { x0: u } : {}) })
    if (!solution.converged) throw new Error(`step ${m}: ${solution.reason}`)
    u.set(solution.x)
    return solution.iterations
  })
}

function diagonalPositions({ pattern, rows }: Csr): number[] {
  const { rowPointers, columnIndices } = pattern
  return Array.from({ length: rows }, (_, i) => columnIndices.indexOf(i, rowPointers[i]!))
}
