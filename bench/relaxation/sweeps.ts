import type { Contender } from '../contender.ts'
import { asCase, enter, isSerial, type Name } from '../contenders.ts'
import { interleave, ratio, type Sample, typical } from '../interleave.ts'
import { type Options, rounds } from '../options.ts'
import { type Problem, problem } from '../problems.ts'
import { roofline } from '../roofline.ts'
import type { Row } from '../row.ts'

const FEW = 3 // sweeps of the short run, which is taken off the long one
const WORK = 1e9 // bytes of the long run of native code

const problems = ['poisson2d_256', 'poisson2d_1000', 'mesh_200000', 'graph_200000']

/** Who sweeps how. The first is whom the others are compared with. */
const players: readonly (readonly [Name, threads: number, ordering: string])[] = [
  ['krylov', 1, 'multicolour'],
  ['krylov', 2, 'multicolour'],
  ['krylov', 1, 'natural'],
  ['krylov ts', 1, 'multicolour'],
  ['petsc_sor', 1, 'natural'],
]

/** One sweep of SOR: right-hand side 1, zero start, 12 nnz + 28 n bytes, in turns with the read stream and PETSc. */
export async function sweeps(options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const name of options.quick ? problems.slice(0, 1) : problems)
    rows.push(...(await turns(problem(name), options)))
  return rows
}

async function turns(given: Problem, options: Options): Promise<readonly Row[]> {
  const bytes = 12 * given.nnz + 28 * given.n
  const many = Math.max(6, Math.min(300, Math.round(WORK / bytes)))
  const wanted = options.alone ? players.slice(0, 3) : players
  const entered: { contender: Contender | string; player: (typeof players)[number] }[] = []
  for (const player of wanted) entered.push({ player, contender: await enter(player[0], player[1], given.file, true) })
  const probe = await roofline(true)
  const present = entered.flatMap(({ contender, player }) =>
    typeof contender === 'string' ? [] : [{ contender, player }],
  )
  try {
    for (const { contender, player } of present) await contender.ask(`sor ${player[2]} 0 ${FEW}`)
    const outcome = await interleave(
      [
        probe.turn(1, bytes),
        probe.turn(2, bytes),
        ...present.map(({ contender, player: [name, , ordering] }) => ({
          name: contender.name,
          sample: () => sweep(contender, ordering, name === 'krylov ts' ? Math.ceil(many / 5) : many),
        })),
      ],
      { rounds: rounds(options), control: probe.control },
    )
    return entered.map(({ contender, player: [name, threads, ordering] }): Row => {
      const about = {
        subject: 'relaxation',
        problem: given.name,
        n: given.n,
        nnz: given.nnz,
        method: `sor sweep, ${ordering}`,
        ...asCase(name),
        threads: isSerial(name) ? 1 : threads,
      }
      if (typeof contender === 'string') return { ...about, absent: contender }
      const turn = 2 + present.findIndex(one => one.contender === contender)
      const { iteration } = typical(outcome, turn)
      return {
        ...about,
        iterations: 1,
        setup: 0,
        solve: iteration!,
        iteration: iteration!,
        bytes,
        gbps: bytes / iteration! / 1e6,
        ofStream: 1 / ratio(outcome, turn, threads - 1),
        ratio: ratio(outcome, turn, 2),
        against: 1,
        version: contender.version,
      }
    })
  } finally {
    probe.close()
    for (const { contender } of present) contender.close()
  }
}

async function sweep({ ask }: Contender, ordering: string, many: number): Promise<Sample> {
  const short = await ask(`sor ${ordering} 0 ${FEW}`)
  const long = await ask(`sor ${ordering} 0 ${FEW + many}`)
  return { ...long, iteration: (long.solve - short.solve) / many }
}
