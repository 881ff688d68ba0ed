import { normal } from '../src/core/random.ts'
import { Csr } from '../src/index.ts'
import { cgSync } from '../src/krylov/cg.ts'
import { families } from '../src/learned/families.ts'
import { identity } from '../src/precondition/identity.ts'
import { jacobi } from '../src/precondition/jacobi.ts'
import { trueRelativeResidual } from '../test/support/problems.ts'
import { enter } from './contenders.ts'
import { classical, learnedOnes, multigrids, type Named } from './learned/contenders.ts'
import training from './learned/training.json' with { type: 'json' }
import { median } from './median.ts'
import type { Options } from './options.ts'
import { sequence } from './problems.ts'
import { isMeasured, type Row } from './row.ts'
import { short } from './table.ts'

const SEED = 1000 // training never saw seeds below ten million
const RHS = 31
const ROUNDS = 5
const THREADS = 1
const LONG = 4000 // ms of a solve that is not repeated
const LARGE = 100_000 // unknowns, from which on rounds are few, and what needs thousands of iterations is cut short
const CUT = 1000
const HYPRE = 'cg hypre 1e-8 1000'

/** Solves that the time of training is spread over. */
export const AMORTISED = 1000

const hopeless = ['none', 'jacobi']

interface Timed {
  readonly setup: number
  readonly solve: number
  readonly iterations: number
  readonly relativeResidual: number
}

/**
 * Every preconditioner on one system of each family and size, to a true relative residual of 1e-8, one after the other in
 * each round, on one thread. A pattern of its own for every call, so that symbolic work is part of the set-up.
 */
export async function bench(options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const N of options.quick ? [64, 128] : [64, 128, 256, 1000])
    for (const family of ['diff', 'fem'] as const) rows.push(...(await system(family, N, options)))
  return rows
}

async function system(family: 'diff' | 'fem', N: number, options: Options): Promise<readonly Row[]> {
  const A = families[family](N, { seed: SEED })
  const b = normal(RHS, A.rows)
  const ours: readonly Named[] = [
    ['none', identity],
    ['jacobi', jacobi],
    ...classical(A.rows ** -0.5),
    ...multigrids,
    ...learnedOnes(),
  ]
  const about = { subject: 'learned', problem: `${family} ${N}`, n: A.rows, nnz: A.nonZeros, threads: THREADS }
  const file = sequence(`learned_${family}_${N}`, [{ A, b }]).file
  const hypre = options.alone ? 'not asked for' : await enter('petsc', THREADS, file, false)
  const turns: (readonly [string, () => Timed | Promise<Timed>])[] = ours.map(([name, preconditioner]) => [
    name,
    () => {
      const { rowPointers, columnIndices } = A.pattern
      const fresh = Csr.fromArrays(A.rows, A.rows, rowPointers.slice(), columnIndices.slice(), A.values)
      const maxIterations = A.rows > LARGE && hopeless.includes(name) ? CUT : 50_000
      const { x, iterations, time } = cgSync(fresh, b, { preconditioner, threads: THREADS, maxIterations })
      return { setup: time.setup, solve: time.solve, iterations, relativeResidual: trueRelativeResidual(A, x, b) }
    },
  ])
  if (typeof hypre !== 'string') turns.push(['hypre', () => hypre.ask(HYPRE)])
  const samples = turns.map((): Timed[] => [])
  for (let round = 0; round < (options.quick || A.rows > LARGE ? 3 : ROUNDS); round++)
    for (const [at, [, turn]] of turns.entries())
      if (!((samples[at]![0]?.solve ?? 0) > LONG)) samples[at]!.push(await turn())
  const middle = (at: number, what: keyof Timed) => median(samples[at]!.map(sample => sample[what]))
  const amg = turns.findIndex(([name]) => name === 'amg')
  const rows = turns.map(([name], at): Row => {
    const seconds = (training as Readonly<Record<string, number>>)[name]
    return {
      ...about,
      method: `cg + ${name}`,
      ...(name === 'hypre' ? { rival: 'petsc' } : { backend: 'native' as const }),
      iterations: samples[at]![0]!.iterations,
      setup: middle(at, 'setup'),
      solve: middle(at, 'solve'),
      relativeResidual: samples[at]![0]!.relativeResidual,
      ...(name === 'learned prolongation' && { inference: middle(at, 'setup') - middle(amg, 'setup') }),
      ...(seconds !== undefined && { training: (1000 * seconds) / AMORTISED }),
    }
  })
  if (typeof hypre === 'string') rows.push({ ...about, method: 'cg + hypre', rival: 'petsc', absent: hypre })
  else hypre.close()
  options.keep(rows)
  console.error(totals(rows))
  return rows
}

const columns = ['it', 'set-up', 'inference', 'training', 'solve', '1 total', '8 total', '1 / amg', '8 / amg'] as const

/** All that a right-hand side costs, and one and eight of them together, also relative to amg. */
function totals(rows: readonly Row[]): string {
  const measured = rows.filter(isMeasured)
  const plain = measured.find(({ method }) => method === 'cg + amg')!
  const of = ({ setup, solve }: { setup: number; solve: number }, solves: number) => setup + solves * solve
  const lines = measured.map(row => {
    const { method, iterations, setup, inference, training: spread, solve } = row
    const [one, eight] = [of(row, 1), of(row, 8)]
    const times = [setup, inference, spread, solve, one, eight, one / of(plain, 1), eight / of(plain, 8)].map(short)
    return [method, String(iterations), ...times]
  })
  const head = [`${rows[0]?.problem}, n = ${rows[0]?.n}`, ...columns]
  return [head, ...lines]
    .map(cells => cells.map((c, j) => (j === 0 ? c.padEnd(34) : c.padStart(10))).join(''))
    .join('\n')
}
