import type { Contender } from './contender.ts'
import { asCase, enter, type Name } from './contenders.ts'
import { interleave, ratio, type Turn, typical } from './interleave.ts'
import { type Options, rounds } from './options.ts'
import { roofline } from './roofline.ts'
import type { Row } from './row.ts'
import { table } from './table.ts'

/** Who takes part, and what it is asked. */
export interface Side {
  readonly name: Name
  readonly threads: number
  readonly line: string
  /** As it stands in the rows; default that of the duel. */
  readonly method?: string
}

/** One piece of work, done by several in turns; ratios are to the first of them. */
export interface Duel {
  readonly subject: string
  readonly problem: string
  readonly n: number
  readonly nnz: number
  readonly method: string
  readonly sides: readonly Side[]
  /** Calls that one line asks for: times are of one. */
  readonly calls: number
  /** Bytes that a call has to move. */
  readonly bytes?: number
  readonly rounds?: number
  /** Answers that take more than a second do not run ahead of everything else. */
  readonly long?: boolean
}

/** Lets the sides take turns, after one that does not count, which makes the problem. */
export async function duel(given: Duel, options: Options): Promise<readonly Row[]> {
  const { subject, problem, n, nnz, sides, calls, bytes } = given
  console.error(`${problem}, ${given.method}`)
  const entered: (Contender | string)[] = []
  for (const { name, threads } of sides) {
    const rival = asCase(name).rival !== undefined
    entered.push(options.alone && rival ? 'left out' : await enter(name, threads, '', given.long !== true))
  }
  const probe = await roofline(true)
  try {
    const turns: Turn[] = []
    const turnOf = sides.map(({ line }, at) => {
      const contender = entered[at]!
      if (typeof contender === 'string') return -1
      const sample = async () => {
        const timing = await contender.ask(line)
        return calls === 1 ? timing : { ...timing, iteration: timing.solve / calls }
      }
      return turns.push({ name: `${contender.name} ${contender.threads}`, sample }) - 1
    })
    for (const { sample } of turns) await sample()
    const outcome = await interleave(turns, { rounds: given.rounds ?? rounds(options), control: probe.control })
    const first = turnOf.find(turn => turn >= 0)!
    const rows = sides.map(({ name, threads, method = given.method }, at): Row => {
      const row = { subject, problem, n, nnz, method, ...asCase(name), threads }
      const contender = entered[at]!
      if (typeof contender === 'string') return { ...row, absent: contender }
      const { relativeResidual, ...timing } = typical(outcome, turnOf[at]!)
      const per = timing.iteration ?? timing.solve
      return {
        ...row,
        ...timing,
        ...(bytes !== undefined && { bytes, gbps: bytes / per / 1e6 }),
        ...(relativeResidual > 0 && { relativeResidual }),
        ratio: ratio(outcome, turnOf[at]!, first),
        against: 1,
        version: contender.version,
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
