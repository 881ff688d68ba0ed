import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { enter, python } from './contenders.ts'
import { duel } from './duel.ts'
import type { Options } from './options.ts'
import type { Row } from './row.ts'

const RANK = 50
const MOST = 12 // powers that scikit-learn is given a chance with

interface Problem {
  readonly name: 'harmonic' | 'decaying' | 'sparse'
  readonly m: number
  readonly n: number
}

const whole: readonly Problem[] = [
  { name: 'harmonic', m: 20_000, n: 5000 },
  { name: 'decaying', m: 20_000, n: 5000 },
  { name: 'sparse', m: 200_000, n: 200_000 },
]
const quick: readonly Problem[] = [
  { name: 'harmonic', m: 2000, n: 500 },
  { name: 'sparse', m: 40_000, n: 40_000 },
]

const rival = (script: string): string => fileURLToPath(new URL(`rivals/${script}.py`, import.meta.url))
const run = (script: string, ...args: readonly (string | number)[]): string => {
  const { status, stdout, stderr } = spawnSync(python(), [rival(script), ...args.map(String)], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${script}: ${stderr.trim().split('\n').at(-1)}`)
  return stdout
}

interface Verdict {
  /** ||A - u diag(s) v^T||_2 / sigma_51 */
  readonly error: number
  /** max |s_j / sigma_j - 1| */
  readonly values: number
}

const judge = (file: string, by: string): Verdict => {
  const verdict = JSON.parse(run('lowrank_referee', file, by, RANK)) as Verdict
  console.error(`  ${by}: error ${verdict.error.toFixed(4)} of the best, values to ${verdict.values.toExponential(1)}`)
  return verdict
}
const good = ({ error, values }: Verdict): boolean => error <= 1.05 && values <= 0.01

function fileOf({ name, m, n }: Problem): string {
  const folder = fileURLToPath(new URL('../.cache/bench/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const file = `${folder}${name}_${m}x${n}.bin`
  if (!existsSync(file)) run('lowrank_problem', name, m, n, file)
  return file
}

/** The fewest powers with which scikit-learn is as good as is wanted. */
async function fewest(file: string): Promise<number | undefined> {
  const contender = await enter('sklearn', 2, '', false)
  if (typeof contender === 'string') return undefined
  try {
    for (let powers = 1; powers <= MOST; powers++) {
      await contender.ask(`${powers} ${file} 0 ${RANK}`)
      console.error(`  n_iter ${powers}`)
      if (good(judge(file, 'sklearn'))) return powers
    }
    return MOST
  } finally {
    contender.close()
  }
}

/**
 * `randomizedSvd` of rank 50 against scikit-learn with its default and with the fewest powers that bring
 * ||A - u s v^T||_2 to 1.05 of the best and each singular value to 1%; a row's residual is that error less 1.
 */
export async function bench(options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const problem of options.quick ? quick : whole) {
    const { name, m, n } = problem
    const file = fileOf(problem)
    const powers = options.alone ? undefined : await fewest(file)
    const line = (method: string | number) => `${method} ${file} 0 ${RANK}`
    const given = { subject: 'lowrank', problem: `${name}_${m}x${n}`, n, nnz: m * n, method: 'randomizedSvd', calls: 1 }
    const sides = [
      { name: 'krylov lowrank', threads: 1, line: line('svd') },
      { name: 'krylov lowrank', threads: 2, line: line('svd') },
      { name: 'sklearn', threads: 1, line: line(powers ?? 'auto'), method: `n_iter ${powers ?? 'auto'}` },
      { name: 'sklearn', threads: 1, line: line('auto'), method: 'n_iter auto' },
    ] as const
    const rounds = name === 'sparse' ? 1 : 3 // scikit-learn takes minutes there
    const timed = await duel({ ...given, sides, rounds, long: true }, { ...options, keep: () => {} })
    const verdict = judge(file, 'krylov')
    const judged = timed.map(row => (row.backend ? { ...row, relativeResidual: Math.max(0, verdict.error - 1) } : row))
    if (!good(verdict)) console.error('  MISSED: not as good as is wanted')
    options.keep(judged)
    rows.push(...judged)
  }
  return rows
}
