import type { cg } from '../krylov/cg.ts'

/** A method of `krylov solve`. */
export interface Solver {
  readonly title: string
  /** Preconditioner where none is asked for. */
  readonly preconditioner: string
  readonly load: () => Promise<typeof cg>
}

/** The methods of `krylov solve`: one line each. */
export const solvers: Readonly<Record<string, Solver>> = {
  cg: { title: 'conjugate gradients', preconditioner: 'ic0', load: async () => (await import('../krylov/cg.ts')).cg },
}
