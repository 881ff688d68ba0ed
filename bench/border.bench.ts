import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Figure } from './border/figure.ts'
import { contest, perIteration } from './contest.ts'
import type { Options } from './options.ts'
import { planOfProblem } from './plan-bytes.ts'
import { problem } from './problems.ts'
import type { Row } from './row.ts'
import { cgBytes } from './traffic.ts'

type Backend = 'native' | 'ts'

const items: readonly (readonly [item: string, backends: readonly Backend[]])[] = [
  ['sync-call', ['native', 'ts']],
  ['jacobi-function', ['native']],
  ['event-loop', ['native', 'ts']],
  ['file-system', ['native', 'ts']],
  ['abort', ['native', 'ts']],
  ['memory', ['native', 'ts']],
  ['import', ['native']],
]

/** What lies between a script and the numbers: calls, functions, the event loop, memory; and native against TypeScript. */
export async function bench(options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const [item, backends] of items)
    for (const backend of backends) rows.push(...(await figures(item, backend, options)))
  for (const threads of [1, 2])
    for (const size of options.quick ? ['4', '20x10', '64'] : sizes)
      rows.push(...(await halves(size, threads, options)))
  return rows
}

const child = fileURLToPath(new URL('border/child.ts', import.meta.url))

async function figures(item: string, backend: Backend, { quick }: Options): Promise<readonly Row[]> {
  console.error(`${item}, ${backend}`)
  const about = { subject: 'border', problem: item, backend }
  const args = ['--expose-gc', '--import', 'tsx', child, item, ...(quick ? ['quick'] : [])]
  try {
    const env = { ...process.env, KRYLOV_BACKEND: backend }
    const { stdout } = await promisify(execFile)(process.execPath, args, { env })
    return (JSON.parse(stdout) as readonly Figure[]).map(figure => ({ ...about, ...figure, setup: 0 }))
  } catch (error) {
    const { stderr = '' } = error as { readonly stderr?: string }
    const absent = /Error: .*/.exec(stderr)?.[0] ?? String(error)
    return [{ ...about, n: 0, nnz: 0, method: item, threads: 1, absent }]
  }
}

const sizes = ['4', '10', '20x10', '20', '64', '256', '1000']
const WORK = 3e6 // unknowns times iterations of one turn: about 0.1 s in TypeScript

/** Both halves on the same 2D Poisson problem: whole solves while they are short, then single iterations. */
function halves(size: string, threads: number, options: Options): Promise<readonly Row[]> {
  const given = problem(`poisson2d_${size}`)
  const { n } = given
  const small = n < 10_000
  const solves = Math.ceil(WORK / (n * Math.min(n, 5 * Math.sqrt(n))))
  return contest(
    {
      subject: 'border',
      problem: given,
      method: small ? 'cg, called in a loop' : 'cg',
      threads,
      names: ['krylov', 'krylov ts'],
      bytes: cgBytes(n, planOfProblem(given).bytes),
      sample: small ? ({ ask }) => ask(`calls none 1e-8 ${solves}`) : perIteration('none', 5, n < 1e5 ? 105 : 25),
      realtime: true,
    },
    options,
  )
}
