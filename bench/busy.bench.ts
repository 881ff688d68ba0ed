import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { enter } from './contenders.ts'
import { load } from './machine.ts'
import { median } from './median.ts'
import { type Options, rounds } from './options.ts'
import { problem } from './problems.ts'
import type { Row } from './row.ts'

const OTHERS = 4 // processes that only compute
const CASES = [
  ['none', 200],
  ['ic0', 60],
  ['ssor', 60],
] as const

/** Solves while others keep the machine busy: two threads against one, in turns, at ordinary priority. */
export async function bench(options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  const others = Array.from({ length: OTHERS }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))
  process.once('exit', () => stop(others))
  try {
    await sleep(1000)
    for (const name of options.quick ? ['poisson2d_256'] : ['poisson2d_256', 'poisson2d_1000'])
      for (const [preconditioner, iterations] of CASES)
        rows.push(...(await turns(name, preconditioner, iterations, options)))
  } finally {
    stop(others)
  }
  return rows
}

const stop = (children: readonly ChildProcess[]) => {
  for (const child of children) child.kill('SIGKILL')
}

async function turns(
  name: string,
  preconditioner: string,
  iterations: number,
  options: Options,
): Promise<readonly Row[]> {
  const given = problem(name)
  const contenders = [await enter('krylov', 1, given.file, false), await enter('krylov', 2, given.file, false)] as const
  const about = { subject: 'busy', problem: name, n: given.n, nnz: given.nnz, method: `cg + ${preconditioner}` }
  const [one, two] = contenders
  if (typeof one === 'string' || typeof two === 'string')
    return [{ ...about, backend: 'native', threads: 2, absent: String(contenders.find(c => typeof c === 'string')) }]
  try {
    const times: [number, number][] = []
    for (let round = 0; round <= 2 * rounds(options); round++) {
      const first = (await one.ask(`cg ${preconditioner} 1e-30 ${iterations}`)).solve
      const second = (await two.ask(`cg ${preconditioner} 1e-30 ${iterations}`)).solve
      if (round > 0) times.push([first, second])
    }
    console.error(`  ${name}, ${preconditioner}: ${times.length} rounds, load ${load()}`)
    const ratio = median(times.map(([first, second]) => second / first))
    return [1, 2].map(threads => ({
      ...about,
      backend: 'native' as const,
      threads,
      iterations,
      setup: 0,
      solve: median(times.map(pair => pair[threads - 1]!)),
      ratio: threads === 1 ? 1 : ratio,
      against: 1,
      version: two.version,
    }))
  } finally {
    one.close()
    two.close()
  }
}
