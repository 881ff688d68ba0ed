import { denseLuOf } from '../dense/lu.ts'
import { ilu0 } from '../precondition/ilu0.ts'
import { ilut } from '../precondition/ilut.ts'
import { lu } from '../precondition/lu.ts'
import { withBicgstab, withGmres } from './attempts.ts'
import { denseLuFactor, entriesOf, incompleteLu, luGuess, plainLu } from './costs.ts'
import { withDense } from './direct.ts'
import { guessed, known, type Rung } from './rung.ts'

const MOST = 23_000 // unknowns of a full matrix: 4 GB
const DOMINANT = 0.9 // share of the rows, from which pivots may stay where they are

/** The rungs of square systems that are not symmetric. */
export const generalRungs: readonly Rung[] = [
  {
    method: 'lu',
    suits: 'full matrices that are not symmetric',
    serves: ['nonsymmetric'],
    refuses: ({ dense, ordinary, n }) =>
      dense === undefined
        ? 'A is sparse'
        : !ordinary || n > MOST
          ? 'numbers are too large, too small or too many'
          : undefined,
    cost: ({ n }) => denseLuFactor(n),
    strength: 'direct',
    risk: known,
    attempt: (call, system, limits) => withDense(call, system, limits, denseLuOf),
  },
  {
    method: 'bicgstab + ilu0',
    suits: 'not symmetric, dominant diagonal: convection and diffusion',
    serves: ['nonsymmetric'],
    refuses: ({ structure }) => (structure.dominant >= DOMINANT ? undefined : 'the diagonal is not dominant'),
    cost: (system, digits) => plainLu(system.n, entriesOf(system), digits, system.s),
    strength: 2,
    risk: guessed(1.2),
    attempt: (call, system, limits) => withBicgstab(call, system, limits, ilu0),
  },
  {
    method: 'gmres + ilut',
    suits: 'not symmetric, where fill is not to be had',
    serves: ['nonsymmetric'],
    refuses: () => undefined,
    cost: (system, digits) => incompleteLu(system.n, entriesOf(system), digits, system.s),
    strength: 3,
    risk: guessed(1.1),
    attempt: (call, system, limits) => withGmres(call, system, limits, ilut),
  },
  {
    method: 'gmres + lu',
    suits: 'not symmetric: small systems, circuits and networks, ill-conditioned matrices',
    serves: ['nonsymmetric'],
    refuses: () => undefined,
    cost: system => luGuess(system, 1),
    strength: 'direct',
    risk: known,
    attempt: (call, system, limits) => withGmres(call, system, limits, lu),
  },
  {
    method: 'gmres + lu by rows',
    suits: 'the same with pivots wherever they are largest; the last resort',
    serves: ['nonsymmetric'],
    refuses: () => undefined,
    cost: system => luGuess(system, 3),
    strength: 'direct',
    risk: known,
    attempt: (call, system, limits) => withGmres(call, system, limits, lu({ ordering: 'rows', pivotTolerance: 1 })),
  },
]
