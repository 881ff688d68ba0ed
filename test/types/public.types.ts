import {
  type BlockSolution,
  Csr,
  type CsrData,
  cg,
  cgSync,
  type Dense,
  ic0,
  type Preconditioner,
  type Reason,
  type Recipe,
  type Solution,
} from '../../src/index.ts'
import type { Equal, Expect } from './expect.ts'

/* What a user's program may rely on at compile time. */

declare const A: Csr
declare const b: Float64Array
declare const B: Dense
declare const solution: Solution

type Narrowed = typeof solution extends infer S
  ? [Extract<S, { converged: true }>, Extract<S, { converged: false }>]
  : never
const one = () => cgSync(A, b)
const block = () => cgSync(A, B)
const promised = () => cg(A, b)
const built = () => ic0.sync(A)
const building = () => ic0(A)
const recipe = () => ic0({ shift: 0.1 })

export type Checks = [
  Expect<Equal<Narrowed[0]['reason'], 'converged'>>,
  Expect<Equal<Narrowed[1]['reason'], Exclude<Reason, 'converged'>>>,
  Expect<Equal<ReturnType<typeof one>, Solution>>,
  Expect<Equal<ReturnType<typeof block>, BlockSolution>>,
  Expect<Equal<ReturnType<typeof promised>, Promise<Solution>>>,
  Expect<Equal<ReturnType<typeof built>, Preconditioner>>,
  Expect<Equal<ReturnType<typeof building>, Promise<Preconditioner>>>,
  Expect<Equal<ReturnType<typeof recipe>, Recipe>>,
  Expect<Csr extends CsrData ? true : false>,
]

export const misuse = () => {
  // @ts-expect-error an option that does not exist
  cgSync(A, b, { tolerance: 1e-8 })
  // @ts-expect-error an option of the wrong type
  cgSync(A, b, { rtol: '1e-8' })
  // @ts-expect-error the answer is a promise
  cg(A, b).x
  // @ts-expect-error an option of another recipe
  ic0({ omega: 1 })
  // @ts-expect-error results are not to be written to
  one().iterations = 3
  if (solution.converged) {
    // @ts-expect-error it has converged
    solution.reason === 'stagnated'
  }
  // @ts-expect-error matrices are made by the functions of Csr
  new Csr(A.pattern, A.values, 'yes')
}
