// npx tsx bench/learned/train.ts [--ship | --out PREFIX] [SEED...]: trains with each seed (1, 2, 3), ships the best by validation
import { writeFileSync } from 'node:fs'
import { uniform } from '../../src/core/random.ts'
import { families } from '../../src/learned/families.ts'
import { encodeWeights } from '../../src/learned/safetensors.ts'
import { trainPreconditionerSync } from '../../src/learned/train.ts'
import type { PreconditionerWeights } from '../../src/learned/weights.ts'
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

/** Members of sizes that they are used at: those that whole solves are tuned on, and of the validation set. */
const large = (first: number, count: number): Csr[] =>
  (
    [
      ['diff', 128, 2],
      ['fem', 128, 2],
      ['aniso', 100, 2],
      ['heat', 100, 2],
      ['diff3d', 22, 2],
      ['diff', 200, 1],
      ['fem', 200, 1],
    ] as const
  ).flatMap(([family, size, weight]) =>
    Array.from({ length: Math.ceil(weight * count) }, (_, s) => families[family](size, { seed: first + 1000 + s })),
  )

const [flag, ...rest] = process.argv.slice(2)
const out = flag === '--out' ? rest[0] : undefined
const seeds = (flag === '--out' ? rest.slice(1) : flag === '--ship' ? rest : process.argv.slice(2)).map(Number)
let best: { readonly weights: PreconditionerWeights; readonly relative: number } | undefined
for (const seed of seeds.length > 0 ? seeds : [1, 2, 3]) {
  const first = FIRST + APART * seed
  const { weights, report } = trainPreconditionerSync({
    model: 'prolongation',
    samples: [...matrices(96, first), ...large(first, 2)],
    validation: [...matrices(24, first + APART / 2), ...large(first + APART / 2, 0.5)],
    seed,
    trained: 'families diff, fem, heat, aniso and diff3d, 400 to 40 000 unknowns',
    threads: 1,
    onProgress: ({ step, iterations }) => step % 250 === 0 && console.log(step, iterations.toFixed(4)),
  })
  const { relative, milliseconds, iterations } = report
  console.log(`seed ${seed}: ${relative.toFixed(4)} of amg's iterations on ${iterations.length} validation systems,`)
  console.log(`  ${(milliseconds / 1000).toFixed(0)} s on one core, rate ${weights.rate.toFixed(3)}`)
  if (out !== undefined) writeFileSync(`${out}.${seed}.safetensors`, encodeWeights(weights))
  if (best === undefined || relative < best.relative) best = { weights, relative }
}
if (flag === '--ship' && best !== undefined) {
  const lines =
    Buffer.from(encodeWeights(best.weights))
      .toString('base64')
      .match(/.{1,110}/g) ?? []
  const text = lines.map(line => `  '${line}'`).join(' +\n')
  const head = '/** A safetensors file in base64, written by bench/learned/train.ts. */\n'
  const path = new URL('../../src/learned/shipped.weights.ts', import.meta.url)
  writeFileSync(path, `${head}export const shipped =\n${text}\n`)
}
