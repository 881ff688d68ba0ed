import { expect, it } from 'vitest'
import { coordinateFile, laplaceFile, useCli } from '../support/cli.ts'

const { krylov, file } = useCli()

it('knows the second difference', async () => {
  const { code, out } = await krylov('info', file('laplace.mtx', laplaceFile(20)), '--json')
  expect(code).toBe(0)
  const matrix = JSON.parse(out)
  expect(matrix).toMatchObject({
    ...{ rows: 20, columns: 20, nonZeros: 58, symmetric: true, asymmetry: 0, finite: true, largest: 2 },
    perRow: { fewest: 2, mean: 2.9, most: 3 },
    dominance: { strict: 0.1, weak: 1 },
    diagonal: { positive: 20, zero: 0, negative: 0 },
    bandwidth: { lower: 1, upper: 1, profile: 19 },
    reordered: { lower: 1, upper: 1, profile: 19 },
  })
  const eigenvalue = (k: number) => 4 * Math.sin((k * Math.PI) / 42) ** 2
  expect(matrix.spectrum.smallest).toBeCloseTo(eigenvalue(1), 6)
  expect(matrix.spectrum.largest).toBeCloseTo(eigenvalue(20), 6)
})

it('prints a pattern of at most 40 columns', async () => {
  const { out } = await krylov('info', file('wide.mtx', laplaceFile(300)))
  const drawn = out.split('\n').filter(line => /^[\u2800-\u28ff]+$/.test(line))
  expect(drawn).toHaveLength(20)
  for (const line of drawn) expect(line).toHaveLength(40)
})

it.each([
  ['not square', '%%MatrixMarket matrix coordinate real general\n2 3 1\n1 3 1\n'],
  [
    'not symmetric',
    coordinateFile(
      2,
      [
        [0, 0, 1],
        [0, 1, 2],
      ],
      'general',
    ),
  ],
  ['not finite', coordinateFile(2, [[0, 0, Number.NaN]])],
  ['no entries', coordinateFile(2, [])],
  ['no rows', coordinateFile(0, [])],
])('answers for a matrix with %s', async (name, text) => {
  const { code, out } = await krylov('info', file(`${name}.mtx`, text), '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out).spectrum === null).toBe(name !== 'no entries')
})

it('says that an indefinite matrix is one', async () => {
  const { out } = await krylov(
    'info',
    file(
      'indefinite.mtx',
      coordinateFile(2, [
        [0, 0, 1],
        [1, 1, -1],
      ]),
    ),
  )
  expect(out).toContain('A is indefinite')
})
