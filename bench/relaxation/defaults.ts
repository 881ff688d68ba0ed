import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import {
  cgSync,
  fixed,
  heatEquation2d,
  type Recipe,
  ric0,
  type Sequence,
  type SequenceOptions,
  sequence,
} from '../../src/index.ts'
import { ssorBySize } from '../../src/sequence/arms.ts'
import { cgCost } from '../../src/sequence/cost.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { type Experiment, grid } from './counts.ts'

/** `sequence` without options beside the best policy that never changes, in hindsight. */
export interface Hindsight {
  readonly problem: string
  /** Counted cost of each fixed policy. */
  readonly fixed: readonly (readonly [policy: string, cost: number])[]
  readonly best: string
  /** Counted cost by default, over the best: mean and standard error over the seeds. */
  readonly ratio: number
  readonly standardError: number
  readonly seeds: number
  /** Milliseconds in solvers and learner: of the default (first seed), of the best policy, and the learner's part. */
  readonly time: { readonly byDefault: number; readonly best: number; readonly learning: number }
}

const rics = [0.9, 0.99, 0.999] as const

/** The heat equation: counts of the fixed policies are known, the sequences run. */
export function heatHindsight(experiment: Experiment, nx: number, steps: number, seeds: number): Hindsight {
  const [first] = heatEquation2d({ nx, steps: 1 })
  const costOf = (recipe: Recipe, label: string): number => {
    const { setup, iteration } = costWith(recipe, first!.A)
    return experiment.counts[experiment.settings.indexOf(label)]!.reduce((sum, its) => sum + setup + its * iteration, 0)
  }
  const policies = [
    ...grid.map(omega => [`SSOR(${omega})`, costOf(ssorBySize({ omega }), String(omega))] as const),
    ...rics.map(omega => [`RIC(${omega})`, costOf(ric0({ omega }), `RIC(${String(omega).slice(1)})`)] as const),
  ]
  const [best, least] = policies.reduce((a, b) => (b[1] < a[1] ? b : a))
  const omega = Number(/[\d.]+/.exec(best)![0])
  const tuned: SequenceOptions = best.startsWith('RIC')
    ? { tune: { omega: fixed(omega) } }
    : { method: 'ssor-cg', tune: { omega: fixed(omega) } }
  const players = [sequence(tuned), ...Array.from({ length: seeds }, (_, seed) => sequence({ seed }))]
  for (const { A, b, x0, advance } of heatEquation2d({ nx, steps })) {
    for (const s of players) s.solveSync(A, b, { threads: 1, ...(x0 && { x0 }) })
    advance(cgSync(A, b, { preconditioner: ric0({ omega: 0.99 }), threads: 1, ...(x0 && { x0 }) }).x)
  }
  return hindsight(`heat, nx = ${nx}`, policies, best, least, players)
}

function hindsight(
  problem: string,
  policies: Hindsight['fixed'],
  best: string,
  least: number,
  [alone, ...own]: readonly Sequence[],
): Hindsight {
  const reports = own.map(s => s.report())
  const ratios = reports.map(({ loss }) => loss / least)
  const ratio = ratios.reduce((sum, one) => sum + one, 0) / ratios.length
  const variance = ratios.reduce((sum, one) => sum + (one - ratio) ** 2, 0) / Math.max(1, ratios.length - 1)
  const wall = ({ solve, learn }: { solve: number; learn: number }) => solve + learn
  return {
    problem,
    fixed: policies,
    best,
    ratio,
    standardError: Math.sqrt(variance / ratios.length),
    seeds: own.length,
    time: {
      byDefault: wall(reports[0]!.time),
      best: wall(alone!.report().time),
      learning: reports[0]!.time.learn,
    },
  }
}

const costWith = (recipe: Recipe, A: Csr) => cgCost(A, runSync(recipe.build('bench', A), makeControl('bench', {})))

/** SOR: the default learns omega by dominance; the best of the grid is known from the counts. */
export function sorHindsight(
  experiment: Experiment,
  systems: () => Iterable<{ readonly A: Csr; readonly b: Float64Array }>,
  seeds: number,
): Hindsight {
  const options = { method: 'sor', relativeTo: 'initial', maxIterations: 10_000, warmStart: false } as const
  const unit = sorUnit(systems)
  const policies = grid.map((omega, at) => {
    const cost = experiment.counts[at]!.reduce((sum, its) => sum + its * unit, 0)
    return [`SOR(${omega})`, cost] as const
  })
  const [best, least] = policies.reduce((a, b) => (b[1] < a[1] ? b : a))
  const omega = Number(/[\d.]+/.exec(best)![0])
  const alone = sequence({ ...options, tune: { omega: fixed(omega) } })
  const players = [alone, ...Array.from({ length: seeds }, (_, seed) => sequence({ ...options, seed }))]
  for (const { A, b } of systems()) for (const s of players) s.solveSync(A, b)
  return hindsight(experiment.name, policies, best, least, players)
}

/** Cost of one sweep. */
function sorUnit(systems: () => Iterable<{ readonly A: Csr; readonly b: Float64Array }>): number {
  for (const { A, b } of systems()) {
    const s = sequence({ method: 'sor', tune: { omega: fixed(1) } })
    const { iterations } = s.solveSync(A, b)
    return s.report().loss / iterations
  }
  return 0
}
