import { cgSync, jacobi, normal, type Preconditioner, type PreconditionerFunction, poisson2d } from '../../src/index.ts'
import { median } from '../median.ts'
import type { Figure, Measure } from './figure.ts'

/** A preconditioner given as a JavaScript function against the built-in one that computes the same. */
export const measure: Measure = quick => {
  const A = poisson2d(quick ? 300 : 1000)
  const b = normal(1, A.rows)
  const few = 5
  const many = quick ? 25 : 35
  const d = A.diagonal().map(a => 1 / a)
  const own: PreconditionerFunction = (r, z) => {
    for (let i = 0; i < z.length; i++) z[i] = d[i]! * r[i]!
  }
  const built = jacobi.sync(A)

  const iteration = (preconditioner: Preconditioner | PreconditionerFunction, threads: number): number => {
    const solve = (maxIterations: number) =>
      cgSync(A, b, { preconditioner, threads, rtol: 1e-30, maxIterations }).time.solve
    const short = solve(few)
    return (solve(many) - short) / (many - few)
  }
  return [1, 2].flatMap(threads => {
    const rounds = [0, 1, 2, 3, 4, 5, 6, 7].map(() => [iteration(built, threads), iteration(own, threads)] as const)
    const counted = rounds.slice(1) // the first compiles the function
    const about = { n: A.rows, nnz: A.nonZeros, threads, iterations: counted.length }
    const ratio = median(counted.map(([a, b]) => b / a))
    const figures: readonly Figure[] = [
      { ...about, method: 'built-in jacobi', solve: median(counted.map(([a]) => a)), ratio: 1 },
      { ...about, method: 'jacobi as a function', solve: median(counted.map(([, b]) => b)), ratio },
    ]
    return figures
  })
}

export const realtime = true
