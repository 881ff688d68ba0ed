import { amg, Csr, cg, dense } from 'krylov'

/* A thin elastic cantilever of Q1 elements: multigrid that knows the rigid body modes, and multigrid that does not. */

const [nx, ny] = [120, 24]
const poisson = 0.3

/** Plane stress stiffness of a square bilinear element, unknowns x, y per corner (0,0), (1,0), (1,1), (0,1). */
function element(): number[][] {
  const nu = poisson
  const k = [
    1 / 2 - nu / 6,
    1 / 8 + nu / 8,
    -1 / 4 - nu / 12,
    -1 / 8 + (3 * nu) / 8,
    -1 / 4 + nu / 12,
    -1 / 8 - nu / 8,
    nu / 6,
    1 / 8 - (3 * nu) / 8,
  ]
  const places = [
    [0, 1, 2, 3, 4, 5, 6, 7],
    [1, 0, 7, 6, 5, 4, 3, 2],
    [2, 7, 0, 5, 6, 3, 4, 1],
    [3, 6, 5, 0, 7, 2, 1, 4],
    [4, 5, 6, 7, 0, 1, 2, 3],
    [5, 4, 3, 2, 1, 0, 7, 6],
    [6, 3, 4, 1, 2, 7, 0, 5],
    [7, 2, 1, 4, 3, 6, 5, 0],
  ]
  return places.map(row => row.map(place => k[place]! / (1 - nu * nu)))
}

const stiffness = element()
/** The column x = 0 is held; unknowns are those right of it. */
const node = (x: number, y: number): number => (x === 0 ? -1 : (x - 1) * (ny + 1) + y)
const n = 2 * nx * (ny + 1)
const [i, j, a]: [number[], number[], number[]] = [[], [], []]
for (let x = 0; x < nx; x++)
  for (let y = 0; y < ny; y++) {
    const corners = [node(x, y), node(x + 1, y), node(x + 1, y + 1), node(x, y + 1)]
    stiffness.forEach((row, p) => {
      row.forEach((value, q) => {
        const [P, Q] = [corners[p >> 1]!, corners[q >> 1]!]
        if (P < 0 || Q < 0) return
        i.push(2 * P + (p & 1))
        j.push(2 * Q + (q & 1))
        a.push(value)
      })
    })
  }
const A = Csr.fromTriplets(n, n, i, j, a)

// two translations and the rotation, one row per unknown
const modes = new Float64Array(3 * n)
for (let x = 1; x <= nx; x++)
  for (let y = 0; y <= ny; y++) {
    const at = 6 * node(x, y)
    modes.set([1, 0, -y, 0, 1, x], at)
  }
const nearNullspace = dense(n, 3, modes)

// a load at the free end
const b = new Float64Array(n)
for (let y = 0; y <= ny; y++) b[2 * node(nx, y) + 1] = -1

for (const [name, preconditioner] of [
  ['constants', amg],
  ['rigid body modes', amg({ nearNullspace, blockSize: 2 })],
] as const) {
  const { iterations, converged } = await cg(A, b, { preconditioner })
  console.log(`${name}: ${iterations} iterations, ${converged ? 'converged' : 'not converged'}`)
}
