import { parseArgs } from 'node:util'
import {
  backend,
  type Csr,
  cgSync,
  chebyshev,
  choleskySync,
  delaunayLaplacian,
  diffusion2d,
  diffusion3d,
  ic0,
  ict,
  identity,
  jacobi,
  ldltSync,
  normal,
  poisson2d,
  poisson3d,
  type Recipe,
  ric0,
  setThreads,
  solveSync,
  solveWithSync,
  ssor,
} from '../src/index.ts'
import { trueRelativeResidual } from '../test/support/problems.ts'
import { loadReal, type RealMatrix, realMatrices } from '../test/support/real-matrices.ts'

/*
 * `solve` without options beside the grid of what a user could ask for by hand, in turns, on the real matrices and on
 * generated families: node --import tsx bench/solve-grid.ts [--half tune|check] [--only NAME] [--rounds N] [--made] [--cpu]
 * [--warm N]: N calls of every way on small generated systems first, as in a program that has run for a while.
 */

interface Case {
  readonly name: string
  readonly load: () => Promise<{ A: Csr; b: Float64Array }>
  readonly singular?: true
}

interface Answer {
  readonly x: Float64Array
  readonly label?: string
}

type Way = (A: Csr, b: Float64Array, nullspace: { readonly nullspace?: 'constant' }) => Answer

const RTOL = 1e-8

const recipes: Readonly<Record<string, Recipe>> = {
  identity,
  jacobi,
  ssor,
  'ssor 1.5': ssor({ omega: 1.5 }),
  'ssor 1.8': ssor({ omega: 1.8 }),
  ic0,
  'ric0 .95': ric0({ omega: 0.95 }),
  'ric0 .99': ric0({ omega: 0.99 }),
  'ric0 .999': ric0({ omega: 0.999 }),
  chebyshev,
}

const ways: Readonly<Record<string, Way>> = {
  ...Object.fromEntries(
    Object.entries(recipes).map(([name, preconditioner]): [string, Way] => [
      name,
      (A, b, nullspace) => cgSync(A, b, { preconditioner, rtol: RTOL, ...nullspace }),
    ]),
  ),
  ict: (A, b, nullspace) => cgSync(A, b, { preconditioner: ict, rtol: RTOL, ...nullspace }),
  'ict .001': (A, b, nullspace) =>
    cgSync(A, b, { preconditioner: ict({ dropTolerance: 1e-3 }), rtol: RTOL, ...nullspace }),
  ldlt: (A, b, { nullspace }) => {
    if (nullspace) throw new Error('singular')
    return solveWithSync(ldltSync(A), b)
  },
  dense: (A, b, { nullspace }) => {
    if (A.rows > 2000 || nullspace) throw new Error('too large')
    return solveWithSync(choleskySync(A.toDense()), b)
  },
}

const half = (index: number): 'tune' | 'check' => (index % 2 === 0 ? 'tune' : 'check')

const real = realMatrices.map(
  (matrix: RealMatrix): Case => ({
    name: matrix.file.split('.')[0]!,
    load: () => loadReal(matrix),
    ...(matrix.singular && { singular: true }),
  }),
)

const made = (name: string, make: () => Csr): Case => ({
  name,
  load: async () => {
    const A = make()
    return { A, b: normal(1, A.rows) }
  },
})

const families: readonly Case[] = [
  made('poisson2d_50', () => poisson2d(50)),
  made('poisson2d_150', () => poisson2d(150)),
  made('poisson2d_400', () => poisson2d(400)),
  made('poisson3d_15', () => poisson3d(15)),
  made('poisson3d_40', () => poisson3d(40)),
  made('diffusion2d_100', () => diffusion2d(100, { contrast: 1e4, seed: 1 })),
  made('diffusion2d_512', () => diffusion2d(512, { contrast: 1e4, seed: 1 })),
  made('diffusion3d_20', () => diffusion3d(20, { contrast: 1e4, seed: 1 })),
  made('diffusion3d_64', () => diffusion3d(64, { contrast: 1e4, seed: 1 })),
  made('delaunay_5000', () => delaunayLaplacian(5000, { seed: 1 })),
  made('delaunay_200000', () => delaunayLaplacian(200_000, { seed: 1 })),
]

const { values } = parseArgs({
  options: {
    half: { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string' },
    made: { type: 'boolean', default: false },
    cpu: { type: 'boolean', default: false },
    warm: { type: 'string', default: '0' },
  },
})

const wanted = (values.made ? families : real).filter(
  ({ name }, index) =>
    (values.half === undefined || half(index) === values.half) &&
    (values.only === undefined || name.includes(values.only)),
)

/** Milliseconds: of this process on one thread with --cpu, which other work on the machine does not lengthen. */
const now = values.cpu ? () => (process.cpuUsage().user + process.cpuUsage().system) / 1e3 : () => performance.now()
if (values.cpu) setThreads(1)

/** A fresh matrix each time: what is kept per pattern or matrix would be free otherwise. */
const fresh = (A: Csr): Csr => {
  const { rows, columns, pattern, values: entries } = A
  return (A.constructor as typeof Csr).fromArrays(rows, columns, pattern.rowPointers, pattern.columnIndices, entries)
}

/** The quickest of some calls in a row: between other ways each one would find its code gone from the caches. */
function burst(A: Csr, run: (A: Csr) => Answer): Answer & { readonly time: number } {
  const timed = Array.from({ length: A.rows < 3000 ? BURST : 1 }, () => {
    const matrix = fresh(A)
    const begun = now()
    const answer = run(matrix)
    return { ...answer, time: now() - begun }
  })
  return timed.reduce((best, one) => (one.time < best.time ? one : best))
}

const BURST = 8

const solveAlone: Way = (matrix, rhs) => {
  const found = solveSync(matrix, rhs)
  return { x: found.x, label: `${found.method}: ${found.why}` }
}

const small = [poisson2d(7), diffusion2d(20, { contrast: 1e4, seed: 2 }), delaunayLaplacian(600, { seed: 2 })]
for (let call = 0; call < Number(values.warm); call++)
  for (const A of small) for (const way of [...Object.values(ways), solveAlone]) way(fresh(A), normal(2, A.rows), {})

console.log(`${backend().name} ${backend().simd}; rtol ${RTOL}; ms, best of the rounds, the pattern new each time`)
for (const { name, load, singular } of wanted) {
  const { A, b } = await load()
  const nullspace = singular ? ({ nullspace: 'constant' } as const) : {}
  const turns = new Map<string, Way>(Object.entries(ways))
  turns.set('solve', solveAlone)
  const times = new Map<string, number[]>()
  const residuals = new Map<string, number>()
  let said = ''
  const rounds = Number(values.rounds ?? (A.rows < 3000 ? 25 : A.rows < 50_000 ? 7 : 3))
  for (let round = 0; round < rounds; round++)
    for (const [way, run] of [...turns]) {
      try {
        const { x, label, time } = burst(A, matrix => run(matrix, b, nullspace))
        times.set(way, [...(times.get(way) ?? []), time])
        if (label !== undefined) said = label
        if (round === 0) {
          const residual = trueRelativeResidual(A, x, b)
          residuals.set(way, residual)
          const best = Math.min(...[...times].filter(([other]) => other !== 'solve').map(([, t]) => t[0]!))
          if (way !== 'solve' && (!(residual <= 1.01 * RTOL) || time > 4 * best + 5)) turns.delete(way)
        }
      } catch {
        turns.delete(way)
      }
    }
  const least = (way: string) => Math.min(...times.get(way)!.slice(times.get(way)!.length > 1 ? 1 : 0))
  const hand = [...turns.keys()].filter(way => way !== 'solve').sort((p, q) => least(p) - least(q))
  const ratio = least('solve') / least(hand[0]!)
  const top = hand.slice(0, 4).map(way => `${way} ${least(way).toFixed(2)}`)
  console.log(
    `${ratio > 1.5 ? '!' : ' '} ${name.padEnd(18)} n ${String(A.rows).padEnd(7)} nnz ${String(A.nonZeros).padEnd(8)} solve ${least('solve').toFixed(2).padStart(8)} x${ratio.toFixed(2)} res ${residuals.get('solve')!.toExponential(1)} | ${top.join(', ')} | ${said}`,
  )
}
