import type { Contender } from './contender.ts'
import { asCase, enter, isSerial, type Name } from './contenders.ts'
import { interleave, type Outcome, ratio, type Sample, typical } from './interleave.ts'
import { type Options, rounds } from './options.ts'
import type { Problem } from './problems.ts'
import { roofline } from './roofline.ts'
import type { Case, Measured, Row } from './row.ts'
import { table } from './table.ts'

/** One problem, one method, some threads: everybody who can takes turns at it. */
export interface Contest {
  readonly subject: string
  readonly problem: Problem
  readonly method: string
  readonly threads: number
  readonly names: readonly Name[]
  /** Bytes of one iteration, and so of the read stream beside it. */
  readonly bytes: number
  readonly sample: (contender: Contender) => Promise<Sample>
  /** Turns are short (under a second), so they may run ahead of everything else. */
  readonly realtime: boolean
  readonly rounds?: number
}

const LONG = 30_000 // ms of a turn that is not repeated

/** Holds the contest; rows come in the order of the names, the first name is the one the others are compared with. */
export async function contest(given: Contest, options: Options): Promise<readonly Row[]> {
  const { problem, threads, bytes, sample, realtime } = given
  console.error(`${problem.name}, ${given.method}, ${threads} thread${threads > 1 ? 's' : ''}`)
  const entered: { name: Name; contender: Contender | string }[] = []
  for (const name of given.names) entered.push({ name, contender: await enter(name, threads, problem.file, realtime) })
  const probe = await roofline(realtime)
  const present = entered.flatMap(({ contender }) => (typeof contender === 'string' ? [] : [contender]))
  try {
    const warm = given.rounds !== 1 // one long round has no need of it
    let longest = 0
    for (const contender of warm ? present : []) {
      const { setup, solve } = await sample(contender)
      longest = Math.max(longest, setup + solve)
    }
    const turns = present.map(contender => ({ name: contender.name, sample: () => sample(contender) }))
    const outcome = await interleave([probe.turn(threads, bytes), ...turns], {
      rounds: longest > LONG ? 1 : (given.rounds ?? rounds(options)),
      control: probe.control,
    })
    const rows = entered.map(({ name, contender }): Row => {
      const about = describe(given, name)
      if (typeof contender === 'string') return { ...about, absent: contender }
      const { ofStream, ...measured } = row(about, contender.version, outcome, 1 + present.indexOf(contender), bytes)
      const fair = ofStream !== undefined && about.threads === threads // the stream ran on as many threads
      return { ...measured, against: threads, ...(fair && { ofStream }) }
    })
    console.error(table(rows))
    options.keep(rows)
    return rows
  } finally {
    probe.close()
    for (const { close } of present) close()
  }
}

const describe = ({ subject, problem, method, threads }: Contest, name: Name): Case => ({
  subject,
  problem: problem.name,
  n: problem.n,
  nnz: problem.nnz,
  method,
  ...asCase(name),
  threads: isSerial(name) ? 1 : threads,
})

/** Turn 0 is the stream, turn 1 whom the others are compared with. */
function row(about: Case, version: string, outcome: Outcome, turn: number, bytes: number): Case & Measured {
  const { iteration, relativeResidual, ...timing } = typical(outcome, turn)
  const perIteration = iteration ?? timing.solve / timing.iterations
  return {
    ...about,
    ...timing,
    iteration: perIteration,
    bytes,
    gbps: bytes / perIteration / 1e6,
    ...(iteration !== undefined && { ofStream: 1 / ratio(outcome, turn, 0) }),
    ...(relativeResidual > 0 && { relativeResidual }),
    ratio: ratio(outcome, turn, 1),
    version,
  }
}

/** The time of one iteration from a short and a longer run: what is done once per solve drops out. */
export const perIteration =
  (preconditioner: string, few: number, many: number, method = 'cg') =>
  async ({ ask }: Contender): Promise<Sample> => {
    const short = await ask(`${method} ${preconditioner} 1e-30 ${few}`)
    const long = await ask(`${method} ${preconditioner} 1e-30 ${many}`)
    return { ...long, iteration: (long.solve - short.solve) / (long.iterations - short.iterations) }
  }

/** A method's name in a row, for instance `cg + ic0`. */
export const title = (method: string, preconditioner: string): string =>
  preconditioner === 'none' ? method : `${method} + ${preconditioner}`
