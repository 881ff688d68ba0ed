import { normal } from '../src/core/random.ts'
import { Csr } from '../src/index.ts'
import { cgSync } from '../src/krylov/cg.ts'
import { families } from '../src/learned/families.ts'
import { identity } from '../src/precondition/identity.ts'
import { jacobi } from '../src/precondition/jacobi.ts'
import { trueRelativeResidual } from '../test/support/problems.ts'
import { enter } from './contenders.ts'
import { classical, learnedOnes, type Named, tuned } from './learned/contenders.ts'
import training from './learned/training.json' with { type: 'json' }
import { median } from './median.ts'
import type { Options } from './options.ts'
import { sequence } from './problems.ts'
import type { Row } from './row.ts'

const SEED = 1000 // training never saw seeds below ten million
const RHS = 31
const ROUNDS = 5
const THREADS = 1
const LONG = 4000 // ms of a solve that is not repeated
const HYPRE = 'cg hypre 1e-8 1000'

/** Solves that the time of training is spread over. */
export const AMORTISED = 1000

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
    ...tuned,
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
      const { x, iterations, time } = cgSync(fresh, b, { preconditioner, threads: THREADS, maxIterations: 50_000 })
      return { setup: time.setup, solve: time.solve, iterations, relativeResidual: trueRelativeResidual(A, x, b) }
    },
  ])
  if (typeof hypre !== 'string') turns.push(['hypre', () => hypre.ask(HYPRE)])
  const samples = turns.map((): Timed[] => [])
  for (let round = 0; round < (options.quick ? 3 : ROUNDS); round++)
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

/** Set-up and one or eight solves, relative to amg. */
function totals(rows: readonly Row[]): string {
  const times = new Map(rows.flatMap(row => ('absent' in row ? [] : [[row.method, row] as const])))
  const of = (name: string, solves: number) => {
    const { setup, solve } = times.get(`cg + ${name}`) ?? { setup: Number.NaN, solve: Number.NaN }
    return setup + solves * solve
  }
  return [...times.keys()]
    .map(method => method.slice('cg + '.length))
    .map(
      name =>
        `  ${name}: ${[1, 8].map(s => (of(name, s) / of('amg', s)).toFixed(3)).join(', ')} of amg's time for 1, 8`,
    )
    .concat(rows[0]?.problem ?? '')
    .reverse()
    .join('\n')
}
