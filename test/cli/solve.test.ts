import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readMatrixMarket } from '../../src/io/matrix-market.ts'
import { coordinateFile, laplaceFile, useCli } from '../support/cli.ts'

const { krylov, file, folder } = useCli()
const backend = process.env.KRYLOV_BACKEND

describe('krylov solve', () => {
  it('solves, exits 0, and writes the solution', async () => {
    const { code, out, err } = await krylov('solve', file('a.mtx', laplaceFile(50)), '--out', 'x.mtx')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('b = A times ones')
    expect(out).toContain('solution: x.mtx')
    expect(out).toContain('converged')
    const x = await readMatrixMarket(join(folder, 'x.mtx'))
    expect([x.rows, x.columns]).toEqual([50, 1])
    for (const value of x.values) expect(Math.abs(value - 1)).toBeLessThan(1e-6)
  })

  it('prints one JSON document', async () => {
    const { code, out } = await krylov('solve', file('j.mtx', laplaceFile(30)), '--json', '--preconditioner', 'none')
    expect(code).toBe(0)
    const { matrix, rightHandSide, converged, runs, absent, files } = JSON.parse(out)
    expect({ matrix, rightHandSide, converged, absent, files }).toEqual({
      matrix: { file: 'j.mtx', rows: 30, columns: 30, nonZeros: 88 },
      rightHandSide: 'A times ones',
      converged: true,
      absent: [],
      files: { solution: null, report: null },
    })
    expect(runs).toHaveLength(1)
    expect(runs[0]).toMatchObject({ backend, method: 'cg', preconditioner: 'none', reason: 'converged' })
    expect(runs[0].relativeResidual).toBeLessThanOrEqual(1e-8)
    expect(runs[0].time.solve).toBeGreaterThan(0)
  })

  it('takes a right-hand side, refuses one that does not fit', async () => {
    const A = file('r.mtx', laplaceFile(3))
    const b = file('b.mtx', '%%MatrixMarket matrix array real general\n3 1\n1\n0\n1\n')
    const solved = await krylov('solve', A, b, '--json', '--out', 'xb.mtx')
    expect(solved.code).toBe(0)
    expect(JSON.parse(solved.out).rightHandSide).toBe('b.mtx')
    expect((await readMatrixMarket(join(folder, 'xb.mtx'))).values[0]).toBeCloseTo(1, 6)
    const short = file('short.mtx', '%%MatrixMarket matrix array real general\n2 1\n1\n0\n')
    const refused = await krylov('solve', A, short)
    expect(refused.code).toBe(3)
    expect(refused.err).toContain('short.mtx: a right-hand side must be 3 x 1')
  })

  it('shows both backends side by side', async () => {
    const { code, out } = await krylov('solve', file('both.mtx', laplaceFile(40)), '--backend', 'both', '--json')
    const { runs, absent } = JSON.parse(out)
    expect(code).toBe(0)
    const names = [...runs, ...absent].map(({ backend }: { backend: string }) => backend).sort()
    expect(names).toEqual(['native', 'ts'])
    if (backend === 'native') expect(absent).toEqual([])
  })

  it('tries each preconditioner asked for, with its options', async () => {
    const A = file('p.mtx', laplaceFile(64))
    const asked = ['none', 'jacobi', 'ssor:omega=1.5', 'ric0:omega=0.9,shift=0.01', 'chebyshev:degree=3']
    const flags = asked.flatMap(name => ['--preconditioner', name])
    const { code, out } = await krylov('solve', A, '--json', ...flags)
    expect(code).toBe(0)
    expect(JSON.parse(out).runs.map((run: { preconditioner: string }) => run.preconditioner)).toEqual(asked)
  })

  it('names the reason and exits 1 where it does not converge', async () => {
    const A = file('limit.mtx', laplaceFile(100))
    const few = await krylov('solve', A, '--preconditioner', 'none', '--max-iterations', '3')
    expect(few.code).toBe(1)
    expect(few.out).toMatch(/max-iterations: .*raise --max-iterations/)

    const entries = [
      [0, 0, 1],
      [1, 0, 0.1],
      [1, 1, -5],
      [2, 1, 0.1],
      [2, 2, 3],
    ] as const
    const matrix = file('indefinite.mtx', coordinateFile(3, entries))
    const indefinite = await krylov('solve', matrix, '--method', 'cg')
    expect(indefinite.code).toBe(1)
    expect(indefinite.out).toContain('indefinite-operator: A is not positive definite')
    const chosen = await krylov('solve', matrix)
    expect(chosen.code).toBe(0)
    expect(chosen.out).toMatch(/: symmetric, n = 3, .*1 diagonal entries not positive/)

    const b = file('ones.mtx', '%%MatrixMarket matrix array real general\n2 1\n1\n1\n')
    const singular = await krylov(
      'solve',
      file(
        'singular.mtx',
        coordinateFile(2, [
          [0, 0, 1],
          [1, 0, -1],
          [1, 1, 1],
        ]),
      ),
      b,
      '--json',
    )
    expect(singular.code).toBe(1)
    expect(JSON.parse(singular.out).runs[0].reason).not.toBe('converged')
  })

  it('leaves no file behind where the input is refused', async () => {
    const general = file(
      'general.mtx',
      coordinateFile(
        2,
        [
          [0, 0, 1],
          [0, 1, 5],
          [1, 1, 1],
        ],
        'general',
      ),
    )
    const { code, err } = await krylov('solve', general, '--method', 'cg', '--report', 'none.html', '--out', 'none.mtx')
    expect(code).toBe(3)
    expect(err).toContain('A must be symmetric')
    expect(existsSync(join(folder, 'none.html')) || existsSync(join(folder, 'none.mtx'))).toBe(false)
  })

  it('writes a report in which everything is escaped', async () => {
    const name = '<img src=x onerror=alert(1)>.mtx'
    const { code, out } = await krylov('solve', file(name, laplaceFile(20)), '--report', 'r.html')
    expect(code).toBe(0)
    expect(out).toContain('report: r.html')
    const page = readFileSync(join(folder, 'r.html'), 'utf8')
    expect(page).toContain('<h1>krylov: &lt;img src=x onerror=alert(1)&gt;.mtx</h1>')
    expect(page).not.toMatch(/<(img|script)/)
    expect(page).not.toMatch(/(src|href)="?https?:/)
    expect(page).toContain("default-src 'none'")
  })
})
