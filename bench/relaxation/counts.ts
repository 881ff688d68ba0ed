import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  backend,
  cgSync,
  heatEquation2d,
  ic0,
  identity,
  normal,
  poisson2d,
  type Recipe,
  ric0,
  sorSync,
  ssor,
  ssorOmega,
  youngOmega,
} from '../../src/index.ts'

/*
 * The two experiments of Khodak et al. (2024): for every system, the iterations that each setting takes. Learners are then
 * played against these counts, so that 20 seeds cost no more than one.
 */

/** One experiment: what each system is like and what it costs with each setting. */
export interface Experiment {
  readonly name: string
  readonly n: number
  readonly nnz: number
  /** What a contextual learner is given. */
  readonly contexts: Float64Array
  readonly settings: readonly string[]
  /** counts[setting][step] */
  readonly counts: readonly Float64Array[]
  /** The formula's omega by step. */
  readonly formula: Float64Array
}

/** 20 values from 1 to 1.95. */
export const grid = Array.from({ length: 20 }, (_, i) => (20 + i) / 20)

const folder = fileURLToPath(new URL('../../.cache/bench/', import.meta.url))

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** Counts of one version and backend are the same every time, so they are kept in .cache/bench. */
function kept(name: string, make: () => Experiment): Experiment {
  const file = `${folder}${name}-${backend().name}-${version}.json`
  if (existsSync(file)) {
    const { contexts, counts, formula, ...rest } = JSON.parse(readFileSync(file, 'utf8'))
    const doubles = (list: number[]) => Float64Array.from(list)
    return { ...rest, contexts: doubles(contexts), formula: doubles(formula), counts: counts.map(doubles) }
  }
  const made = make()
  const plain = {
    ...made,
    contexts: [...made.contexts],
    formula: [...made.formula],
    counts: made.counts.map(c => [...c]),
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, JSON.stringify(plain))
  return made
}

/** (b) The heat equation with SSOR-CG, and what it is measured by: CG, IC, RIC, the formula. */
export const heat = (nx: number, steps: number): Experiment =>
  kept(`heat-${nx}-${steps}`, () => {
    const others: readonly (readonly [string, Recipe])[] = [
      ['CG', identity],
      ['IC(0)', ic0],
      ['RIC(.9)', ric0({ omega: 0.9 })],
      ['RIC(.99)', ric0({ omega: 0.99 })],
      ['RIC(.999)', ric0({ omega: 0.999 })],
    ]
    const recipes = [...grid.map(omega => ssor({ omega })), ...others.map(([, recipe]) => recipe)]
    const counts = Array.from({ length: recipes.length + 1 }, () => new Float64Array(steps))
    const [contexts, formula] = [new Float64Array(steps), new Float64Array(steps)]
    let size = 0
    for (const { step, A, b, x0, advance, coefficient, jacobiGap } of heatEquation2d({ nx, steps })) {
      size = A.nonZeros
      contexts[step] = coefficient
      formula[step] = ssorOmega(jacobiGap)
      let answer = b
      ;[...recipes, ssor({ omega: formula[step]! })].forEach((preconditioner, at) => {
        const solution = cgSync(A, b, { preconditioner, threads: 1, ...(x0 && { x0 }) })
        if (!solution.converged) throw new Error(`step ${step}: ${solution.reason}`)
        counts[at]![step] = solution.iterations
        if (at === recipes.length - 2) answer = solution.x
      })
      advance(answer)
    }
    const settings = [...grid.map(String), ...others.map(([name]) => name), 'formula']
    return { name: `heat nx=${nx}`, n: (nx - 1) ** 2, nnz: size, contexts, settings, counts, formula }
  })

/** (a) The 10 x 10 Laplacian plus c I, c = -.15 + .6 Beta(a, b), a normal right-hand side of norm at most sqrt(n). */
export function* shiftedSystems(variance: 'high' | 'low', steps: number, seed = 1) {
  const laplacian = poisson2d(10)
  const diagonal = laplacian.values.map(value => (value === 4 ? 1 : 0))
  const [squares, all] = variance === 'high' ? [1, 4] : [4, 16] // Beta(k / 2, (m - k) / 2) of normals
  const sum = (list: Float64Array) => list.reduce((total, v) => total + v, 0)
  for (let step = 0, stream = 0; step < steps; step++) {
    const z = normal(seed, all, 2 ** 40 + step).map(v => v * v)
    const c = -0.15 + (0.6 * sum(z.subarray(0, squares))) / sum(z)
    let b = normal(seed, 100, stream++)
    while (sum(b.map(v => v * v)) > 100) b = normal(seed, 100, stream++)
    yield { step, c, A: laplacian.withValues(laplacian.values.map((value, k) => value + c * diagonal[k]!)), b }
  }
}

/** What SOR with each omega takes on them. */
export const shifted = (variance: 'high' | 'low', steps: number, seed = 1): Experiment =>
  kept(`sor-${variance}-${steps}-${seed}`, () => {
    const smallest = 8 * Math.sin(Math.PI / 22) ** 2
    const counts = Array.from({ length: grid.length + 4 }, () => new Float64Array(steps))
    const [contexts, formula] = [new Float64Array(steps), new Float64Array(steps)]
    for (const { step, c, A, b } of shiftedSystems(variance, steps, seed)) {
      contexts[step] = c
      formula[step] = youngOmega((smallest + c) / (4 + c))
      const options = { relativeTo: 'initial', maxIterations: 10_000 } as const
      ;[...grid, formula[step]!].forEach((omega, at) => {
        const row = at < grid.length ? at : grid.length + 3
        counts[row]![step] = sorSync(A, b, { ...options, omega }).iterations
      })
      ;[identity, ric0({ omega: 0.9 }), ric0({ omega: 0.99 })].forEach((preconditioner, at) => {
        counts[grid.length + at]![step] = cgSync(A, b, { preconditioner }).iterations
      })
    }
    const settings = [...grid.map(String), 'CG', 'RIC(.9)-CG', 'RIC(.99)-CG', 'formula']
    return {
      name: `SOR, ${variance} variance`,
      n: 100,
      nnz: poisson2d(10).nonZeros,
      contexts,
      settings,
      counts,
      formula,
    }
  })
