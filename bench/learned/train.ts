// npx tsx bench/learned/train.ts [seed] [--ship | --out FILE]
import { writeFileSync } from 'node:fs'
import { uniform } from '../../src/core/random.ts'
import { families } from '../../src/learned/families.ts'
import { encodeWeights } from '../../src/learned/safetensors.ts'
import { trainPreconditionerSync } from '../../src/learned/train.ts'
import type { Csr } from '../../src/sparse/csr.ts'

/* Trains the weights that come with krylov. Seeds of the families stay clear of those that anything is measured on. */

const FAMILIES = ['diff', 'fem', 'heat', 'aniso', 'fem', 'diff3d'] as const
const FIRST = 10_000_000 // seed of the first matrix of training seed 0
const APART = 100_000

/** Members of the families: three of four of a few hundred unknowns, the others of thousands, for their coarse levels. */
const matrices = (count: number, first: number): Csr[] =>
  Array.from({ length: count }, (_, at) => {
    const seed = first + at
    const [u] = uniform(seed, 1, 9)
    const family = FAMILIES[at % FAMILIES.length]!
    const small = at % 24 < 18
    if (family === 'diff3d') return families.diff3d((small ? 8 : 14) + Math.floor(6 * u!), { seed })
    return families[family](small ? 20 + Math.floor(18 * u!) : 56 + Math.floor(30 * u!), { seed })
  })

/** One of each family at a size that it is used at, which the rate is taken from. */
const large = (first: number): Csr[] => [families.diff(128, { seed: first }), families.fem(128, { seed: first })]

const [given = '1', flag, file] = process.argv.slice(2)
const seed = Number(given)
const first = FIRST + APART * seed
const { weights, report } = trainPreconditionerSync({
  model: 'prolongation',
  samples: matrices(96, first),
  validation: [...matrices(24, first + APART / 2), ...large(first + APART / 2)],
  seed,
  trained: 'families diff, fem, heat, aniso and diff3d, 400 to 7000 unknowns',
  threads: 1,
  onProgress: ({ step, iterations }) => console.log(step, iterations.toFixed(4)),
})
console.log(report, weights.smoother, weights.rate)
const bytes = encodeWeights(weights)
if (flag === '--out' && file !== undefined) writeFileSync(file, bytes)
if (flag === '--ship') {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,110}/g) ?? []
  const text = lines.map(line => `  '${line}'`).join(' +\n')
  const head = '/** A safetensors file in base64, written by bench/learned/train.ts. */\n'
  writeFileSync(
    new URL('../../src/learned/shipped.weights.ts', import.meta.url),
    `${head}export const shipped =\n${text}\n`,
  )
}
