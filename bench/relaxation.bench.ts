import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Options } from './options.ts'
import { type Experiment, heat, shifted } from './relaxation/counts.ts'
import { arms, tuned } from './relaxation/diffusion.ts'
import { constant, play, policies, type Run } from './relaxation/policies.ts'
import { sweeps } from './relaxation/sweeps.ts'
import type { Row } from './row.ts'

const SEEDS = 20
const KEPT = 100 // points of a curve in the figures

/**
 * The experiments of Khodak et al. (2024) with every policy, the ones that beat the paper's among them, as total iterations:
 * means of 20 seeds. The curves go to bench/results/relaxation.json, from which `node scripts/relaxation-charts.mjs` draws the
 * figures of docs/relaxation.md. With `--full` also nx = 100, and the self-tuning preconditioner.
 */
export async function bench({ quick, full }: Options): Promise<readonly Row[]> {
  const steps = quick ? 500 : 5000
  const heats = quick ? [25] : full ? [25, 50, 100] : [25, 50]
  const seeds = quick ? 3 : SEEDS
  const played = [
    ...(['high', 'low'] as const).map(variance =>
      run(shifted(variance, steps), policies(-0.15, 0.45, 0.01, 0.16), seeds),
    ),
    ...heats.map(nx => run(heat(nx, steps), policies(0, 10, 1e-2, 0), seeds)),
  ]
  for (const { experiment, runs } of played)
    for (const { policy, total, standardError } of runs)
      console.error(`${experiment.name}  ${policy.padEnd(24)} ${total.toFixed(0)} +- ${standardError.toFixed(0)}`)
  const figures = played.map(({ experiment, runs }) => ({ name: experiment.name, steps, runs: runs.map(thinned) }))
  const file = fileURLToPath(new URL('results/relaxation.json', import.meta.url))
  if (!quick) writeFileSync(file, `${JSON.stringify(figures)}\n`)
  if (full) selfTuning()
  return [...sweeps(), ...played.flatMap(({ experiment, runs }) => runs.map(run => row(experiment, run)))]
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

function selfTuning(): void {
  const [learned, alone] = tuned(128, 200, arms)
  const best = Math.min(...alone.map(({ loss }) => loss))
  console.error(`diffusion 128^2, 200 systems: ${(learned.loss / best).toFixed(3)} of the best fixed arm's cost`)
  alone.forEach(({ loss }, at) => {
    console.error(`  ${JSON.stringify(arms[at])} ${loss.toFixed(0)}`)
  })
}
