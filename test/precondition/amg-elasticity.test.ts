import { expect, it } from 'vitest'

it('amg with rigid body modes is worth its memory in elasticity', async () => {
  const lines: string[] = []
  const { log } = console
  console.log = (line: string) => void lines.push(line)
  try {
    await import('../../examples/elasticity.ts')
  } finally {
    console.log = log
  }
  const [plain, modes] = lines.map(line => Number(/: (\d+) iterations, converged/.exec(line)?.[1]))
  expect(modes).toBeLessThanOrEqual(30)
  expect(modes).toBeLessThan(plain! / 2)
})
