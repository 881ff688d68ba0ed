import { type SolverRow, solvers } from '../methods.ts'
import { checkName } from './arguments.ts'
import { preconditionerNames } from './preconditioners.ts'

export const solverNames = solvers.map(({ name }) => name)

/** The solver of this name, from the table of all methods. */
export const solverNamed = (name: string): SolverRow =>
  solvers[solverNames.indexOf(checkName('--method', name, ['auto', ...solverNames]))]!

/** What serves where nothing is asked for; a symmetric factorization suits definite matrices alone. */
export const usualPreconditioner = ({ accepts }: SolverRow): string =>
  accepts.includes('nonsymmetric') ? 'ilu0' : accepts.includes('indefinite') ? 'jacobi' : 'ic0'

/** The help on what there is. */
export const methodsHelp = (): string =>
  [
    'Methods (matrices they are for; usual preconditioner):',
    '  auto       chosen by what the matrix looks like; says which and why',
    ...solvers.map(row => `  ${row.name.padEnd(10)} ${row.accepts.join(', ')}; ${usualPreconditioner(row)}`),
    `Preconditioners: ${preconditionerNames.join(', ')}`,
  ].join('\n')
