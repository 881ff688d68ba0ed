import type { Contender, Timing } from '../contender.ts'
import { enter } from '../contenders.ts'
import { interleave, ratio, type Turn, typical } from '../interleave.ts'
import type { Options } from '../options.ts'
import { roofline } from '../roofline.ts'
import type { Row } from '../row.ts'
import { table } from '../table.ts'

/* How much of a second core a batch can use. */

const ROUNDS = 7
const FLOPS = 2e10 // of a turn: a few tenths of a second, over which single interrupts do not count

/** The method of the row of two processes. */
export const HALVES = 'eigh, half the batch in each of two processes'

/**
 * Roots and gradients of a batch on two threads and on one, in turns with two processes that have half of it each at the same
 * time: these share nothing but the machine, so what they reach is its own limit.
 */
export async function scaling(n: number, count: number, kappa: number, options: Options): Promise<readonly Row[]> {
  const problem = `spd_${n} x ${count}, scaling`
  console.error(problem)
  const calls = Math.max(1, Math.round(FLOPS / (count * 20 * n ** 3)))
  const line = (matrices: number) => `eigh ${n},${matrices},${kappa} 0 ${calls}`
  const entered = await Promise.all([2, 1, 1, 1].map(threads => enter('krylov matfun', threads, '', true)))
  const probe = await roofline(true)
  try {
    const [two, one, left, right] = entered.map(contender => {
      if (typeof contender === 'string') throw new Error(contender)
      return contender
    }) as [Contender, Contender, Contender, Contender]
    // the time of a matrix of the whole batch: both halves are done when the later one is
    const halves = async (): Promise<Timing> => {
      const parts = await Promise.all([left, right].map(contender => contender.ask(line(count / 2))))
      const later = parts[0]!.solve > parts[1]!.solve ? parts[0]! : parts[1]!
      return { ...later, setup: later.setup / 2, solve: later.solve / 2 }
    }
    const turns: Turn[] = [
      { name: '2 threads', sample: () => two.ask(line(count)) },
      { name: '1 thread', sample: () => one.ask(line(count)) },
      { name: '2 processes', sample: halves },
    ]
    for (const { sample } of turns) await sample()
    const outcome = await interleave(turns, { rounds: options.quick ? 3 : ROUNDS, control: probe.control })
    const rows = turns.map((_, turn): Row => {
      const { setup, solve, iterations } = typical(outcome, turn)
      return {
        subject: 'matfun',
        problem,
        n,
        nnz: n * n,
        method: turn === 2 ? HALVES : 'eigh',
        backend: 'native',
        threads: turn === 0 ? 2 : 1,
        setup,
        solve,
        iterations,
        ratio: ratio(outcome, turn, 1),
        against: 1,
        version: one.version,
      }
    })
    console.error(table(rows))
    options.keep(rows)
    return rows
  } finally {
    probe.close()
    for (const contender of entered) if (typeof contender !== 'string') contender.close()
  }
}
