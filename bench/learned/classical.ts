// npx tsx bench/learned/classical.ts: what classical preconditioners reach; fails where they miss their limits
import { normal } from '../../src/core/random.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import { families } from '../../src/learned/families.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { classical } from './contenders.ts'
import { geometric } from './fractional.ts'

const SEED = 1000

const sets: readonly (readonly [keyof typeof families, size: number, count: number])[] = [
  ['diff', 64, 6],
  ['diff', 128, 4],
  ['diff', 256, 3],
  ['fem', 64, 6],
  ['fem', 128, 4],
  ['fem', 256, 3],
  ['heat', 128, 4],
  ['blocks', 128, 4],
  ['aniso', 128, 4],
  ['diff3d', 24, 5],
  ['diff3d', 32, 4],
]

/** Of IC(0)'s iterations, in the geometric mean; and iterations on diff with 65 536 unknowns, in the mean. */
const limits: Readonly<Record<string, readonly [share: number, iterations: number]>> = {
  'ric0, 1 - omega = 0.7 h': [0.55, 80],
  'ict + 2, 1 - omega = 0.7 h': [0.36, 46],
  amg: [0.16, 16],
}

const iterations = (A: Csr, seed: number, preconditioner: Parameters<typeof cgSync>[2] & object) =>
  cgSync(A, normal(seed, A.rows), { ...preconditioner, maxIterations: 20_000 }).iterations

const add = (lists: Record<string, number[]>, name: string, value: number): void => {
  lists[name] = [...(lists[name] ?? []), value]
}

const shares: Record<string, number[]> = {}
const largest: Record<string, number[]> = {}
for (const [family, size, count] of sets) {
  const found: Record<string, number[]> = {}
  for (let s = 0; s < count; s++) {
    const A = families[family](size, { seed: SEED + s })
    const h = family === 'diff3d' ? A.rows ** (-1 / 3) : A.rows ** -0.5
    const counts = Object.fromEntries(
      classical(h).map(([name, preconditioner]) => [name, iterations(A, SEED + s, { preconditioner })]),
    )
    for (const [name, count] of Object.entries(counts)) {
      add(found, name, count)
      add(shares, name, count / counts.ic0!)
      if (family === 'diff' && size === 256) add(largest, name, count)
    }
  }
  const mean = (list: readonly number[]) => (list.reduce((sum, value) => sum + value, 0) / list.length).toFixed(1)
  console.log(
    family,
    size,
    Object.entries(found)
      .map(([name, list]) => `${name}: ${mean(list)}`)
      .join(' | '),
  )
}
for (const [name, [share, most]] of Object.entries(limits)) {
  const list = largest[name]!
  const [reached, count] = [geometric(shares[name]!), list.reduce((sum, value) => sum + value, 0) / list.length]
  const met = reached <= share && count <= most
  console.log(
    met ? 'met   ' : 'MISSED',
    name,
    `${reached.toFixed(3)} of IC(0) <= ${share},`,
    `diff 65k ${count.toFixed(1)} <= ${most}`,
  )
  if (!met) process.exitCode = 1
}
