import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { load, machine } from './machine.ts'
import type { Options } from './options.ts'
import { type Experiment, heat, shifted, shiftedSystems } from './relaxation/counts.ts'
import { heatHindsight, sorHindsight } from './relaxation/defaults.ts'
import { selfTuning } from './relaxation/diffusion.ts'
import { overheads, paces } from './relaxation/learners.ts'
import { constant, play, policies, type Run } from './relaxation/policies.ts'
import { solvers } from './relaxation/solvers.ts'
import { sweeps } from './relaxation/sweeps.ts'
import type { Row } from './row.ts'

const SEEDS = 20
const FEWER = 5 // for sequences of 100^2 unknowns, which take minutes each
const KEPT = 100 // points of a curve in the figures

/**
 * The experiments of Khodak et al. (2024) with every policy, the ones that beat the paper's among them, as total iterations:
 * means of 20 seeds; sequences by default beside the best policy in hindsight; what learners cost; sweeps of SOR, and the
 * solvers to take instead. With `--full` also nx = 100, and the self-tuning preconditioner. All of it goes to
 * bench/results/relaxation.json, from which `node scripts/relaxation-charts.mjs` draws the figures of docs/relaxation.md.
 */
export async function bench(options: Options): Promise<readonly Row[]> {
  const { quick, full } = options
  const steps = quick ? 500 : 5000
  const heats = quick ? [25] : full ? [25, 50, 100] : [25, 50]
  const seeds = quick ? 3 : SEEDS
  const sors = (['high', 'low'] as const).map(variance => [variance, shifted(variance, steps)] as const)
  const grids = heats.map(nx => [nx, heat(nx, steps)] as const)
  const played = [
    ...sors.map(([, experiment]) => run(experiment, policies(-0.15, 0.45, 0.01, 0.16), seeds)),
    ...grids.map(([, experiment]) => run(experiment, policies(0, 10, 1e-2, 0), seeds)),
  ]
  for (const { experiment, runs } of played)
    for (const { policy, total, standardError } of runs)
      say(`${experiment.name}  ${policy.padEnd(24)} ${total.toFixed(0)} +- ${standardError.toFixed(0)}`)
  const experiments = played.map(({ experiment, runs }) => ({ name: experiment.name, steps, runs: runs.map(thinned) }))
  keep(quick, { machine: machine(), experiments })

  keep(quick, { paces: told([...(await paces(7)), ...(await paces(20))]) })
  const large = quick ? [] : await overheads(100, 500)
  keep(quick, { overheads: told([...(await overheads(25, steps)), ...large]) })
  const hindsights = [
    ...sors.map(([variance, experiment]) => sorHindsight(experiment, () => shiftedSystems(variance, steps), seeds)),
    ...grids.map(([nx, experiment]) => heatHindsight(experiment, nx, steps, nx < 100 ? seeds : Math.min(seeds, FEWER))),
  ]
  keep(quick, { hindsights: told(hindsights) })
  if (full) keep(quick, { selfTuning: told(selfTuning(128, 2000)) })
  const [swept, solved] = [await sweeps(options), await solvers(options)]
  keep(quick, { sweeps: swept })
  keep(quick, { solvers: solved })
  return [...swept, ...solved, ...played.flatMap(({ experiment, runs }) => runs.map(one => row(experiment, one)))]
}

const say = (text: string): void => console.error(text)

function told<T extends object>(list: readonly T[]): readonly T[] {
  for (const entry of list) say(JSON.stringify(entry, (_, v) => (typeof v === 'number' ? Number(v.toPrecision(4)) : v)))
  say(`load ${load()}`)
  return list
}

/** Each part as soon as it is known, and the load of the machine at its end. */
function keep(quick: boolean, part: object): void {
  if (quick) return
  const file = fileURLToPath(new URL('results/relaxation.json', import.meta.url))
  mkdirSync(dirname(file), { recursive: true })
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly loads?: object }) : {}
  const loads = { ...before.loads, ...Object.fromEntries(Object.keys(part).map(name => [name, load()])) }
  writeFileSync(file, `${JSON.stringify({ ...before, ...part, loads })}\n`)
}

function run(experiment: Experiment, learners: ReturnType<typeof policies>, seeds: number) {
  const fixed = experiment.settings.map(setting => constant(experiment, setting))
  return { experiment, runs: [...fixed, ...learners.map(learner => play(experiment, learner, seeds))] }
}

function thinned({ path, omegas, ...rest }: Run) {
  const every = Math.max(1, Math.floor(path.length / KEPT))
  const some = (list: readonly number[]) => (list.length > 1 ? list.filter((_, at) => at % every === every - 1) : list)
  return { ...rest, path: some(path), omegas: some(omegas) }
}

const row = ({ name, n, nnz }: Experiment, { policy, total }: Run): Row => ({
  subject: 'relaxation',
  problem: name,
  n,
  nnz,
  method: policy,
  backend: 'native',
  threads: 1,
  iterations: Math.round(total),
  setup: 0,
  solve: 0,
})
