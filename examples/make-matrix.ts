/*
 * Writes examples/diffusion.mtx.gz, the system that `npm start` solves: diffusion through a random medium whose
 * conductivity spans three decades. The same bits on every machine.
 *
 * npx tsx examples/make-matrix.ts
 */
import { fileURLToPath } from 'node:url'
import { writeMatrixMarket } from '../src/io/matrix-market.writer.ts'
import { diffusion2d } from '../src/sparse/gallery/diffusion.ts'

const A = diffusion2d(80, { contrast: 1000, length: 0.1, seed: 1 })
await writeMatrixMarket(fileURLToPath(new URL('diffusion.mtx.gz', import.meta.url)), A)
